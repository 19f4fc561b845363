//! Examples at the foot of each command's help.

pub(super) const ALL: &str = "\
Examples:
  rotation check --demo                 a verdict on synthetic data, no network needed
  rotation check                        fetch what is due, print the verdict
  rotation check --format json | jq .verdict.stage
  rotation check --offline --as-of 2020-06-30
  rotation check --explain credit       how one row came about
  rotation history --from 2024-01-01    stage, score and votes, a line a session
  rotation evidence                     what followed such verdicts
  rotation import ~/prices ~/rates      take your own CSV files

Exit codes: 0 good, 1 failed, 2 usage or configuration, 3 stale, partial or withheld,
75 locked by another run, 130 interrupted. The result goes to stdout, everything else to stderr.";

pub(super) const CHECK: &str = "\
Examples:
  rotation check                                    fetch what is due, print the verdict
  rotation check --demo                             the same on synthetic data, no network needed
  rotation check --offline --as-of 2020-06-30       as it was known at that close
  rotation check --explain regional-banks           formula, figures and threshold of one row
  rotation check --format line                      one line, for a notification
  rotation check --format json | jq .verdict.stage  the contract for scripts: `rotation schema check`
  rotation check --format html --output verdict.html
  rotation check --quiet --only-changes             for cron: silent while nothing changes
  rotation check --quiet --exit-code && echo early or confirmed";

pub(super) const HISTORY: &str = "\
Examples:
  rotation history --from 2024-01-01 > votes.csv              stage, score and votes, a line a session
  rotation history --format ndjson | jq -r 'select(.stage == \"confirmed\") | .date'
  rotation history --spells                                   every spell of a stage, and what followed";

pub(super) const EVIDENCE: &str = "\
Examples:
  rotation evidence                          what followed every stage, vote and third of the score
  rotation evidence --only stage             the stages alone
  rotation evidence --format json | jq .comparisons";

pub(super) const FETCH: &str = "\
Examples:
  rotation fetch                 all that is due
  rotation fetch IWM two-year    two inputs alone
  rotation fetch --full KRE      the whole series anew, from its source";

pub(super) const IMPORT: &str = "\
Examples:
  rotation import ~/prices                        every CSV file of a folder
  rotation import IWM.csv SPY.csv DGS2.csv        told apart by their header, named by the file
  rotation import --kind valuation forward.csv    where the header does not say it
  rotation import --replace IWM.csv               in place of what is stored";

pub(super) const JOURNAL: &str = "\
Examples:
  rotation journal                                  every verdict given, and what changed
  rotation journal --from 2025-01-01 --format ndjson | jq .stage
  rotation journal --diff 2025-06-30 2025-09-30     what changed between two days";

pub(super) const STORE: &str = "\
Examples:
  rotation store status                  every series: source, span, rows, age
  rotation store verify                  every hash, and all that speaks against a series
  rotation store export --output copy    CSV files that `rotation import` reads";

pub(super) const SCHEMA: &str = "\
Examples:
  rotation schema                        of `rotation check --format json`
  rotation schema journal > line.json    of a line of `rotation journal --format ndjson`";

pub(super) const COMPLETIONS: &str = "\
Examples:
  rotation completions bash > ~/.local/share/bash-completion/completions/rotation
  rotation completions zsh > ~/.zfunc/_rotation
  rotation completions fish > ~/.config/fish/completions/rotation.fish";

pub(super) const MAN: &str = "\
Examples:
  rotation man > ~/.local/share/man/man1/rotation.1
  rotation man | man -l -";
