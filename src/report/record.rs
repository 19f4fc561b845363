//! The track record for people: what followed, how sure one can be, and how often one looked.

use super::Told;
use super::figures::{NO_FIGURE, percent, signed, whole};
use super::ink::Ink;
use super::page::{Page, Text};
use super::words::SYNTHETIC;
use crate::evidence::{
    Extreme, FEWEST_WINDOWS, Followed, Kind, PROBABILITY_SESSIONS, Probability, RESAMPLES, Record, Row, Rows, Size,
};

/// Pages from this width on show what the differences are made of.
const WHOLE_FROM: usize = 118;
/// Pages narrower than this show no more than the difference, its interval and its t.
const BOTH_FROM: usize = 80;
/// Pages narrower than this show no interval.
const INTERVAL_FROM: usize = 60;

/// Writes the record; no line is wider than the page.
pub fn record(told: &Told<Record>, page: &Page) -> String {
    let record = told.what;
    let mut out = String::new();
    if told.synthetic {
        out += &page.paragraph(Text::new(SYNTHETIC, Ink::Bold));
    }
    let scorecard = &record.scorecard;
    let title = format!("TRACK RECORD as of {}: what followed, IWM less SPY", told.as_of);
    out += &page.paragraph(Text::new(title, Ink::Bold));
    let span = format!(
        "Sessions from {} on, each followed over 21, 63, 126 and 252 more. Log returns with dividends, in percent.",
        scorecard.first
    );
    out += &page.paragraph(span.into());
    for kind in Kind::ALL {
        let groups: Vec<&Rows> = scorecard.groups.iter().filter(|group| group.kind == kind).collect();
        if !groups.is_empty() {
            out += "\n";
            out += &table(&groups, page);
        }
    }
    out + "\n" + &page.list(notes(record))
}

/// The rows of groups of one kind.
fn table(groups: &[&Rows], page: &Page) -> String {
    let signals = groups.iter().any(|group| group.kind == Kind::Signal);
    let columns: Vec<&Column> =
        COLUMNS.iter().filter(|column| column.of.includes(signals) && page.columns() >= column.from).collect();
    let widths: Vec<usize> = columns.iter().map(|column| column.width).collect();
    let header: Vec<Text> = columns.iter().map(|column| column.place(column.name, Ink::Dim)).collect();
    let mut rows = Vec::new();
    for group in groups {
        if signals {
            let flips = format!("{:.1}", group.flips_a_year);
            let head = [Text::new(group.id, Ink::Bold), Text::from(flips).right()];
            rows.push(head.into_iter().take(1 + usize::from(page.columns() >= INTERVAL_FROM)).collect());
        }
        for row in &group.rows {
            for (i, followed) in shown(group.kind, row).enumerate() {
                rows.push(columns.iter().map(|column| column.cell(row, followed, i == 0)).collect());
            }
        }
    }
    let title = page.paragraph(Text::new(title(groups, rows.is_empty()), Ink::Bold));
    if rows.is_empty() { title } else { title + &page.lay_below(&header, &widths, &rows) }
}

/// The horizons of a row that are shown: of a signal's vote the declared one alone.
fn shown(kind: Kind, row: &Row) -> impl Iterator<Item = &Followed> {
    row.horizons.iter().filter(move |one| kind != Kind::Signal || one.sessions == PROBABILITY_SESSIONS)
}

/// What stands above the rows of groups of one kind, or in their place where there are none.
fn title(groups: &[&Rows], empty: bool) -> String {
    let flips = groups.first().map_or(f64::NAN, |group| group.flips_a_year);
    let changes = if empty { "none with an outcome yet".into() } else { format!("{flips:.1} changes a year") };
    match groups.first().map(|group| group.kind) {
        Some(Kind::Stage) => format!("stages: {changes}"),
        Some(Kind::Score) => format!("thirds of the score, cut with hindsight: {changes}"),
        _ => format!("votes of the signals, after {PROBABILITY_SESSIONS} sessions (`--format json` has the others)"),
    }
}

/// Which tables a column stands in.
#[derive(Clone, Copy)]
enum Of {
    Both,
    Signals,
    Others,
}

impl Of {
    fn includes(self, signals: bool) -> bool {
        match self {
            Self::Both => true,
            Self::Signals => signals,
            Self::Others => !signals,
        }
    }
}

/// A column: where it stands, its name, its width, the page from which on it is shown, and what stands in it.
struct Column {
    of: Of,
    name: &'static str,
    width: usize,
    from: usize,
    text: fn(&Row, &Followed) -> String,
}

const fn column(of: Of, name: &'static str, width: usize, from: usize, text: fn(&Row, &Followed) -> String) -> Column {
    Column { of, name, width, from, text }
}

#[rustfmt::skip]
const COLUMNS: &[Column] = &[
    column(Of::Others,  "",          13, 0,          |row, _| row.value.into()),
    column(Of::Signals, "",          20, 0,          |row, _| format!(" {}", value(row.value))),
    column(Of::Signals, "flips",      5, INTERVAL_FROM,          |_, _| String::new()),
    column(Of::Others,  "after",      5, 0,          |_, followed| followed.sessions.to_string()),
    column(Of::Others,  "spell",      5, BOTH_FROM,  |row, _| format!("{:.0}", row.mean_spell_sessions)),
    column(Of::Signals, "spell",      5, WHOLE_FROM, |row, _| format!("{:.0}", row.mean_spell_sessions)),
    column(Of::Both,    "n/h",        5, 0,          |_, followed| format!("{:.1}", followed.n_effective)),
    column(Of::Both,    "mean",       5, WHOLE_FROM, |_, followed| points(followed.mean)),
    column(Of::Others,  "all",        5, WHOLE_FROM, |_, followed| points(followed.base_mean)),
    column(Of::Both,    "diff",       5, 0,          |_, followed| points(followed.difference)),
    column(Of::Both,    "interval",  11, INTERVAL_FROM,          |_, followed| interval(followed.interval)),
    column(Of::Both,    "bootstrap", 11, BOTH_FROM,  |_, followed| interval(followed.bootstrap_interval)),
    column(Of::Both,    "t",          4, 0,          |_, followed| followed.newey_west_t.map_or("few".into(), t_value)),
    column(Of::Both,    "ahead",      5, BOTH_FROM,  |_, followed| percent(followed.hit_rate)),
    column(Of::Both,    "apart",      9, WHOLE_FROM, |_, Followed { apart, .. }| format!("{}: {}", apart.n, points(apart.mean))),
    column(Of::Both,    "halves",    11, WHOLE_FROM, |_, followed| followed.halves.map(points).join("/")),
];

impl Column {
    fn place(&self, text: impl Into<String>, ink: Ink) -> Text {
        let text = Text::new(text, ink);
        if self.name.is_empty() { text } else { text.right() }
    }

    /// One cell; the class and its spells stand in the first line of its row alone.
    fn cell(&self, row: &Row, followed: &Followed, first: bool) -> Text {
        let once = ["", "spell"].contains(&self.name);
        self.place(if once && !first { String::new() } else { (self.text)(row, followed) }, Ink::Plain)
    }
}

/// A class for people.
fn value(value: &'static str) -> &'static str {
    match value {
        "+1" => "for",
        "0" => "neutral",
        "-1" => "against",
        other => other,
    }
}

/// A return as percent, one decimal.
fn points(fraction: f64) -> String {
    if fraction.is_nan() { NO_FIGURE.into() } else { signed(100.0 * fraction, 1) }
}

/// A t: one decimal, none from 10 on.
fn t_value(t: f64) -> String {
    signed(t, usize::from(t.abs() < 9.95))
}

/// Both ends of an interval.
fn interval(interval: Option<[f64; 2]>) -> String {
    interval.map_or(NO_FIGURE.into(), |ends| ends.map(points).join(".."))
}

/// What the rows are worth.
fn notes(record: &Record) -> Vec<[Text; 2]> {
    let worth = format!(
        "n/h is what the sessions of a row are worth in windows that share none; below {FEWEST_WINDOWS} they are too \
         few for a t or an interval. diff is their mean less that of all sessions; its 95 % intervals are by Newey and \
         West with lag h, and by {} resamples of a stationary bootstrap in blocks of {} sessions on average. ahead: \
         how often IWM did better; apart: number and mean of windows that share no session; halves: diff in the first \
         and the second half.",
        whole(RESAMPLES),
        record.scorecard.blocks.map(block).join(", "),
    );
    let mut notes = vec![["worth".into(), worth.into()], ["alarms".into(), alarms(record).into()]];
    notes.push(["looked".into(), looked(record).into()]);
    let tried = &record.tried;
    let text = format!(
        "{} rules and sets of parameters were ever tried for all of this (`--format json` lists them): luck alone would \
         show a largest |t| of {:.1} of so many.",
        tried.count, tried.largest_t_by_luck
    );
    notes.push(["tried".into(), text.into()]);
    notes.push(["chance".into(), chance(record.probability.as_ref()).into()]);
    notes
}

/// A mean length of blocks; none where no outcome is known.
fn block(sessions: f64) -> String {
    if sessions.is_nan() { NO_FIGURE.into() } else { format!("{sessions:.0}") }
}

/// The measured sizes.
fn alarms(record: &Record) -> String {
    let listed = |sizes: &[Size], of: fn(&Size) -> f64| {
        sizes.iter().map(|size| format!("{:.0}", 100.0 * of(size))).collect::<Vec<_>>().join(", ")
    };
    let of = |sizes: &[Size]| {
        format!(
            "|t| exceeded 1.96 in {} % of them after 21, 63, 126, 252 sessions, the interval left out 0 in {} %, the \
             bootstrap's in {} %",
            listed(sizes, |size| size.newey_west),
            listed(sizes, |size| size.interval),
            listed(sizes, |size| size.bootstrap)
        )
    };
    format!(
        "5 % are meant. On made-up markets without an edge {}; for classes in long spells, of 200 sessions and not 40, \
         {}.",
        of(&record.sizes.short_spells),
        of(&record.sizes.long_spells)
    )
}

/// How often one looked, and the largest t.
fn looked(record: &Record) -> String {
    let comparisons = &record.comparisons;
    if comparisons.count == 0 {
        return "no row has a t: there are too few windows at every horizon".into();
    }
    let found = comparisons.largest_t.as_ref().map_or(String::new(), |largest| {
        let Extreme { id, value: class, sessions, newey_west_t } = largest;
        format!(" The largest here is {} ({id}, {}, after {sessions}).", signed(*newey_west_t, 1), value(class))
    });
    let have = if comparisons.count == 1 { "row and horizon has" } else { "rows and horizons have" };
    format!(
        "{} {have} a t. Of so many, luck alone would show a largest |t| of {:.1}, and of {:.1} as these are too \
         eager.{found}",
        comparisons.count, comparisons.largest_t_by_luck, comparisons.largest_t_as_measured
    )
}

/// The probability, or why none is given.
fn chance(probability: Option<&Probability>) -> String {
    let Some(found) = probability else { return "no outcome to forecast from".into() };
    let base =
        format!("IWM was ahead after {} sessions in {} of all past sessions", found.sessions, percent(found.base_rate));
    let Some([first, last]) = found.span else {
        return format!(
            "{base}; with less than ten years of outcomes no forecast is scored, and no probability given."
        );
    };
    let skill = found
        .interval
        .map_or(String::new(), |[low, high]| format!(", 95 % interval {} to {}", signed(low, 3), signed(high, 3)));
    let parts = found.brier.map_or(String::new(), |brier| {
        format!(
            " Brier score {:.4} (reliability {:.4}, resolution {:.4}, uncertainty {:.4}) against {:.4}.",
            brier.score, brier.reliability, brier.resolution, brier.uncertainty, found.base_brier
        )
    });
    let told = found.probability.map_or_else(
        || "the stage has not been shown to tell more, so no probability is given".to_owned(),
        |probability| format!("from the stage of today {} are to be expected", percent(probability)),
    );
    format!(
        "{base}; {told}: {} forecasts from {first} to {last}, skill {}{skill}.{parts}",
        whole(found.scored),
        signed(found.skill, 3)
    )
}
