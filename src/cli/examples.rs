//! Examples at the foot of each command's help, in lines of 80 columns at most.

pub(super) const ALL: &str = "\
Examples:
  rotation check --demo                 on synthetic data, no network needed
  rotation check                        fetch what is due, print the verdict
  rotation check --format json | jq .verdict.stage
  rotation check --offline --as-of 2020-06-30
  rotation check --explain credit       how one row came about
  rotation history --from 2024-01-01    stage, score and votes by session
  rotation evidence                     what followed such verdicts
  rotation import ~/prices ~/rates      take your own CSV files

Exit codes: 0 good, 1 failed, 2 usage or configuration, 3 stale, partial or
withheld, 75 locked by another run, 130 interrupted. The result goes to stdout,
everything else to stderr.";

pub(super) const CHECK: &str = "\
Examples:
  rotation check                               fetch, print the verdict
  rotation check --demo                        on synthetic data, no network
  rotation check --offline --as-of 2020-06-30  as it was known at that close
  rotation check --explain regional-banks      how one row came about
  rotation check --format line                 one line, for a notification
  rotation check --format json                 for scripts: `rotation schema`
  rotation check --format html --output verdict.html
  rotation check --quiet --only-changes        for cron: silent without a change
  rotation check --quiet --exit-code && echo early or confirmed";

pub(super) const HISTORY: &str = "\
Examples:
  rotation history --from 2024-01-01 > votes.csv    a line a session
  rotation history --spells                         a line a spell of a stage
  rotation history --format ndjson | jq -r '[.date, .stage, .score] | @tsv'";

pub(super) const EVIDENCE: &str = "\
Examples:
  rotation evidence                   by stage, vote and third of the score
  rotation evidence --only stage      the stages alone
  rotation evidence --format json | jq .comparisons";

pub(super) const FETCH: &str = "\
Examples:
  rotation fetch                 all that is due
  rotation fetch IWM two-year    two inputs alone
  rotation fetch --full KRE      the whole series anew, from its source";

pub(super) const IMPORT: &str = "\
Examples:
  rotation import ~/prices                        every CSV file of a folder
  rotation import IWM.csv SPY.csv DGS2.csv        told apart by their header
  rotation import --kind valuation forward.csv    where the header is silent
  rotation import --replace IWM.csv               in place of what is stored";

pub(super) const JOURNAL: &str = "\
Examples:
  rotation journal                                 every verdict given
  rotation journal --from 2025-01-01 --format ndjson | jq .stage
  rotation journal --diff 2025-06-30 2025-09-30    what changed between";

pub(super) const STORE: &str = "\
Examples:
  rotation store status                  every series: source, span, rows, age
  rotation store verify                  hashes, and what is wrong with a series
  rotation store export --output copy    CSV that `rotation import` reads";

pub(super) const SCHEMA: &str = "\
Examples:
  rotation schema                        of `rotation check --format json`
  rotation schema journal > line.json    of a line of `rotation journal`";

pub(super) const COMPLETIONS: &str = "\
Examples:
  rotation completions bash \\
    > ~/.local/share/bash-completion/completions/rotation
  rotation completions zsh > ~/.zfunc/_rotation
  rotation completions fish > ~/.config/fish/completions/rotation.fish";

pub(super) const MAN: &str = "\
Examples:
  rotation man > ~/.local/share/man/man1/rotation.1
  rotation man | man -l -";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_example_is_wider_than_a_terminal() {
        for text in [ALL, CHECK, HISTORY, EVIDENCE, FETCH, IMPORT, JOURNAL, STORE, SCHEMA, COMPLETIONS, MAN] {
            assert_eq!(text.lines().find(|line| line.chars().count() > 80), None);
        }
    }
}
