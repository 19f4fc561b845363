//! Members, one at a time, into counts per session.

use std::borrow::Cow;
use std::ops::Range;

use fearless_simd::{Level, Simd, dispatch};

use super::windows::{Windows, count_moves};
use super::{Breadth, MEANS, YEAR};
use crate::bars::Closes;
use crate::day::Day;
use crate::series::observations::widest;

/// Counts under way: what was found of the members so far.
pub struct Counter<'a> {
    sessions: &'a [Day],
    /// Counts that stand over spans of sessions, as the change at each session: members, those compared with
    /// their close before, those with a year, those with the closes of each mean.
    spans: [Vec<i32>; 3 + MEANS.len()],
    /// Counts of each session: highs, lows, advances, declines, closes above each mean.
    hits: [Vec<u32>; 4 + MEANS.len()],
    windows: Box<Windows>,
    /// What this processor offers.
    level: Level,
    /// What is to be compared of the member at hand, and at which of its closes.
    tasks: Vec<(Task, Window)>,
}

/// What closes are compared with.
#[derive(Clone, Copy)]
enum Task {
    /// One of [`MEANS`].
    Above(usize),
    /// The close before.
    Moves,
    /// The extremes of a year.
    Extremes,
}

const MEMBERS: usize = 0;
const COMPARED: usize = 1;
const FULL_YEAR: usize = 2;
const FULL: usize = 3;

const HIGHS: usize = 0;
const LOWS: usize = 1;
const ADVANCES: usize = 2;
const DECLINES: usize = 3;
const ABOVE: usize = 4;

impl<'a> Counter<'a> {
    /// Nothing counted yet, on sessions that ascend.
    pub fn new(sessions: &'a [Day]) -> Self {
        Self {
            sessions,
            spans: std::array::from_fn(|_| vec![0; sessions.len() + 1]),
            hits: std::array::from_fn(|_| vec![0; sessions.len()]),
            windows: Box::new(Windows::new()),
            level: Level::new(),
            tasks: Vec::new(),
        }
    }

    /// Counts a member by its closes, at the sessions within the spans in which it is `listed`: from their
    /// first day on, their last not included.
    pub fn add(&mut self, closes: &Closes, listed: &[Range<Day>]) {
        let sessions = self.sessions;
        let (close, runs) =
            dispatch!(self.level, simd => simd.vectorize(#[inline(always)] || observe(sessions, closes)));
        self.tasks.clear();
        for listed in listed {
            let [from, until] = [listed.start, listed.end].map(|day| self.sessions.partition_point(|&one| one < day));
            for at in 0..runs.len() {
                self.plan(&runs[..=at], &(from..until));
            }
        }
        self.tasks.sort_unstable_by_key(|(_, window)| window.close);
        // several closes at a time, as many as this processor takes
        dispatch!(self.level, simd => simd.vectorize(#[inline(always)] || self.compare(&close)));
    }

    /// Does the tasks of a member with these closes, block by block.
    #[expect(clippy::inline_always, reason = "it is compiled for what the processor offers where it is called")]
    #[inline(always)]
    fn compare(&mut self, close: &[f64]) {
        let mut over = 0;
        for (start, block) in (0..).step_by(YEAR).zip(close.chunks(YEAR)) {
            self.windows.take(start, block);
            let end = start + block.len();
            over += self.tasks[over..].iter().take_while(|(_, window)| window.close + window.closes <= start).count();
            for at in over..self.tasks.len() {
                let (task, window) = self.tasks[at];
                if window.close >= end {
                    break;
                }
                if let Some(window) = window.within(start..end) {
                    self.count(task, close, &window);
                }
            }
        }
    }

    /// Counts what is full at the last of `runs` at these sessions, and plans what is to be compared there; the other
    /// runs come before it.
    fn plan(&mut self, runs: &[Run], sessions: &Range<usize>) {
        self.span(MEMBERS, runs, 1, sessions);
        let means = MEANS.iter().enumerate().map(|(i, &n)| (FULL + i, n, Task::Above(i)));
        for (which, n, task) in means.chain([(COMPARED, 2, Task::Moves), (FULL_YEAR, YEAR, Task::Extremes)]) {
            let full = self.span(which, runs, n, sessions);
            self.tasks.extend(full.map(|window| (task, window)));
        }
    }

    /// Compares the closes of a window that lies in the present block.
    #[expect(clippy::inline_always, reason = "see `compare`")]
    #[inline(always)]
    fn count(&mut self, task: Task, close: &[f64], window: &Window) {
        let (x, sessions) = (&close[window.close..], window.sessions());
        match task {
            Task::Above(i) => {
                self.windows.count_above(&mut self.hits[ABOVE + i][sessions], x, window.close, MEANS[i]);
            }
            Task::Moves => {
                let moves = self.hits.get_disjoint_mut([ADVANCES, DECLINES]).expect("two of them");
                count_moves(moves.map(|hits| &mut hits[sessions.clone()]), x, &close[window.close - 1..]);
            }
            Task::Extremes => {
                let extremes = self.hits.get_disjoint_mut([HIGHS, LOWS]).expect("two of them");
                self.windows.count_extremes(extremes.map(|hits| &mut hits[sessions.clone()]), x, window.close);
            }
        }
    }

    /// Counts one more over the sessions at which the last of `runs` has its last `n` closes.
    fn span(&mut self, which: usize, runs: &[Run], n: usize, sessions: &Range<usize>) -> Option<Window> {
        let window = Window::of(runs, n, sessions)?;
        self.spans[which][window.session] += 1;
        self.spans[which][window.session + window.closes] -= 1;
        Some(window)
    }

    /// What both counted together.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        let spans = self.spans.iter_mut().flatten().zip(other.spans.iter().flatten());
        spans.for_each(|(count, other)| *count += other);
        let hits = self.hits.iter_mut().flatten().zip(other.hits.iter().flatten());
        hits.for_each(|(count, other)| *count += other);
        self
    }

    /// The counts.
    pub fn finish(self) -> Breadth {
        let [members, compared, full_year, full @ ..] = self.spans.map(|changes| standing(&changes));
        let [new_highs, new_lows, advancing, declining, above @ ..] = self.hits;
        let unchanged = compared.iter().zip(&advancing).zip(&declining).map(|((all, up), down)| all - up - down);
        Breadth {
            sessions: self.sessions.to_vec(),
            unchanged: unchanged.collect(),
            members,
            above,
            full,
            full_year,
            new_highs,
            new_lows,
            advancing,
            declining,
        }
    }
}

/// The count at each session, from its changes.
fn standing(changes: &[i32]) -> Vec<u32> {
    let mut count = 0;
    let counts = changes[..changes.len() - 1].iter().map(|change| {
        count += change;
        count as u32
    });
    counts.collect()
}

/// Closes on sessions that follow each other.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Run {
    /// The first of them, counted over all closes of the member.
    first: usize,
    /// Its session.
    session: usize,
    closes: usize,
}

impl Run {
    /// Sessions without a close from the member's first one on.
    fn skipped(&self) -> usize {
        self.session - self.first
    }
}

/// The member's closes on the sessions, and the runs they make. A close that is no price counts as absent.
#[expect(clippy::inline_always, reason = "see `Counter::compare`")]
#[inline(always)]
fn observe<'c>(sessions: &[Day], closes: &'c Closes) -> (Cow<'c, [f64]>, Vec<Run>) {
    let is_price = |close: f64| close > 0.0 && close < f64::INFINITY;
    let rows = match (sessions.first(), sessions.last()) {
        (Some(first), Some(last)) => {
            closes.day.partition_point(|day| day < first)..closes.day.partition_point(|day| day <= last)
        }
        _ => 0..0,
    };
    let (days, close) = (&closes.day[rows.clone()], &closes.close[rows]);
    let Some(first) = days.first() else { return (Cow::default(), Vec::new()) };
    let mut session = sessions.partition_point(|day| day < first);
    // most members have a close on every session from their first on; counting needs no branch
    let on_session = days.iter().zip(&sessions[session..]).map(|(day, session)| u32::from(day == session));
    let prices = close.iter().map(|&close| u64::from(is_price(close)));
    if on_session.sum::<u32>() as usize == days.len() && prices.sum::<u64>() as usize == days.len() {
        return (Cow::Borrowed(close), vec![Run { first: 0, session, closes: close.len() }]);
    }
    let (mut kept, mut runs) = (Vec::with_capacity(close.len()), Vec::<Run>::new());
    for (&day, &close) in days.iter().zip(close) {
        while sessions[session] < day {
            session += 1;
        }
        if sessions[session] != day || !is_price(close) {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.session + run.closes == session => run.closes += 1,
            _ => runs.push(Run { first: kept.len(), session, closes: 1 }),
        }
        kept.push(close);
    }
    (Cow::Owned(kept), runs)
}

/// The closes of a run at which a window is full, at the sessions where they count.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Window {
    /// The session of the first.
    session: usize,
    /// The first, counted over all closes of the member.
    close: usize,
    closes: usize,
}

impl Window {
    /// Where the last of `runs` has the last `n` closes within n + max(2, n/50) sessions, at `sessions`.
    fn of(runs: &[Run], n: usize, sessions: &Range<usize>) -> Option<Self> {
        let run = runs.last()?;
        // the windows may reach back into the runs that are near enough: those are the latest ones
        let spare = widest(n) - n;
        let near = runs.partition_point(|one| run.skipped() - one.skipped() > spare);
        let full = (runs[near].first + n - 1).max(run.first);
        let from = (run.skipped() + full).max(sessions.start);
        let until = (run.session + run.closes).min(sessions.end);
        (from < until).then(|| Self { session: from, close: from - run.skipped(), closes: until - from })
    }

    fn sessions(self) -> Range<usize> {
        self.session..self.session + self.closes
    }

    /// The part of it at these closes.
    fn within(self, closes: Range<usize>) -> Option<Self> {
        let (from, until) = (self.close.max(closes.start), (self.close + self.closes).min(closes.end));
        let session = self.session + from.saturating_sub(self.close);
        (from < until).then(|| Self { session, close: from, closes: until - from })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(first: usize, session: usize, closes: usize) -> Run {
        Run { first, session, closes }
    }

    #[test]
    fn a_window_reaches_back_over_two_sessions_and_no_further() {
        // closes on sessions 0 to 9, 12 to 15 and 19
        let runs = [run(0, 0, 10), run(10, 12, 4), run(14, 19, 1)];
        let all = 0..100;
        let of = |runs, n| Window::of(runs, n, &all);
        let window = |session, close, closes| Some(Window { session, close, closes });
        assert_eq!(of(&runs[..1], 4), window(3, 3, 7));
        // two were skipped: every close of the second run has its window of four
        assert_eq!(of(&runs[..2], 4), window(12, 10, 4));
        assert_eq!(of(&runs[..2], 12), window(13, 11, 3));
        // three more were skipped: no window of two ends there, one of 150 might
        assert_eq!(of(&runs, 2), None);
        assert_eq!(of(&runs, 1), window(19, 14, 1));
        assert_eq!(Window::of(&runs[..2], 4, &(13..14)), window(13, 11, 1));
        assert_eq!(Window::of(&runs[..2], 4, &(0..12)), None);
    }

    #[test]
    fn what_is_no_price_or_on_no_session_is_absent() {
        let day = |n: i32| Day::from_number(n);
        let sessions: Vec<Day> = [10, 11, 12, 15, 16].map(day).into();
        let of = |rows: &[(i32, f64)]| {
            let closes = Closes {
                day: rows.iter().map(|(n, _)| day(*n)).collect(),
                close: rows.iter().map(|(_, x)| *x).collect(),
            };
            let (close, runs) = observe(&sessions, &closes);
            (close.into_owned(), runs)
        };
        assert_eq!(of(&[(9, 1.0), (11, 2.0), (12, 3.0), (15, 4.0)]), (vec![2.0, 3.0, 4.0], vec![run(0, 1, 3)]));
        let odd = [(10, 1.0), (11, f64::NAN), (12, 0.0), (13, 9.0), (15, 4.0), (16, 5.0), (17, 6.0)];
        assert_eq!(of(&odd), (vec![1.0, 4.0, 5.0], vec![run(0, 0, 1), run(1, 3, 2)]));
        assert_eq!(of(&[(17, 1.0)]), (Vec::new(), Vec::new()));
    }
}
