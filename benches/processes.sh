#!/bin/sh
# Whole processes on a generated store, of so many symbols and sessions: time (hyperfine), peak memory (GNU time), and
# with `-v` instructions and allocations (valgrind). Run from the top of the repository.
set -eu
details=${1-}
store=$(mktemp -d)
trap 'rm -rf "$store"' EXIT
cargo build --release --locked --quiet
program=target/release/rotation
measure() {
    # a command that fails does not do what is to be timed
    "$@" >/dev/null
    hyperfine --shell=none --warmup 3 --min-runs 20 "$*"
    /usr/bin/time -f 'peak %M KiB' "$@" 2>&1 >/dev/null | tail -n 1
    if [ "$details" = -v ]; then
        valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null | grep refs
        valgrind --tool=memcheck "$@" 2>&1 >/dev/null | grep 'heap usage'
    fi
}
measure "$program" --version
for size in '30 6300' '30 12600' '30 25200'; do
    # commands are split at spaces
    rm -rf "$store/funds"
    # shellcheck disable=SC2086
    last=$(cargo bench --locked --quiet --bench store -- "$store/funds" $size)
    now=${last}T18:00:00-05:00
    for flips in '--no-flips' '--quiet'; do
        echo "check $flips on $size"
        measure "$program" check --offline --format json --as-of "$last" --now "$now" "$flips" --store "$store/funds"
    done
    echo "history and evidence on $size"
    measure "$program" history --to "$last" --now "$now" --store "$store/funds"
    measure "$program" evidence --format json --as-of "$last" --now "$now" --only stage --store "$store/funds"
    measure "$program" evidence --format json --as-of "$last" --now "$now" --store "$store/funds"
done

# breadth of every symbol of a store, and of the same in CSV files
for size in '2000 6300' '4000 6300' '8000 6300' '2000 12600' '2000 25200'; do
    rm -rf "$store/bars" "$store/csv"
    # shellcheck disable=SC2086
    last=$(cargo bench --locked --quiet --bench store -- "$store/bars" $size)
    now=${last}T18:00:00-05:00
    "$program" store export --quiet --store "$store/bars" --output "$store/csv" >"$store/log"
    ls "$store/csv/bars" | sed 's/.csv$//' >"$store/members"
    echo "breadth of $size"
    measure "$program" breadth --quiet --now "$now" --store "$store/bars" --universe "$store/members"
    measure "$program" breadth --quiet --now "$now" --bars "$store/csv/bars"
done
