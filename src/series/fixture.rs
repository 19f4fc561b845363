//! Small markets made of formulas, for tests.

use super::{Constituents, Counter, Market, UniverseOrigin};
use crate::bars::{Bar, Closes, Columns, Kind, POSITIONS, Points, Series, SeriesId, Shelf};
use crate::calendar::Calendar;
use crate::config::Settings;
use crate::day::Day;
use crate::inputs::{RUSSELL_FUTURES, known_from};

/// A shelf under construction, on the sessions from 2004-01-02 on.
pub(crate) struct Fixture {
    /// The sessions.
    pub sessions: Vec<Day>,
    /// What the market is built with.
    pub settings: Settings,
    calendar: Calendar,
    shelf: Shelf,
    members: Vec<Closes>,
    dated_from: Option<Day>,
}

impl Fixture {
    /// `n` sessions and nothing on them.
    pub(crate) fn new(n: usize) -> Self {
        let calendar = Calendar::new(&[]);
        let first = day("2004-01-02");
        let sessions = calendar.between(first, first.plus(2 * n as i32 + 10))[..n].to_vec();
        Self {
            sessions,
            settings: Settings::default(),
            calendar,
            shelf: Shelf::new(),
            members: Vec::new(),
            dated_from: None,
        }
    }

    /// Bars of `symbol` with this close at each session; no bar where it is `NaN`.
    #[must_use]
    pub(crate) fn bars(self, symbol: &str, close: impl Fn(usize) -> f64) -> Self {
        self.bars_paying(symbol, close, |_| 0.0)
    }

    /// The same with a dividend at each session.
    #[must_use]
    pub(crate) fn bars_paying(
        self,
        symbol: &str,
        close: impl Fn(usize) -> f64,
        dividend: impl Fn(usize) -> f64,
    ) -> Self {
        self.rows(symbol, |t, day| {
            let close = close(t);
            Bar { day, open: close, high: close, low: close, close, volume: 1e6, dividend: dividend(t), split: 1.0 }
        })
    }

    /// The bar of each session as given; none where its close is `NaN`.
    #[must_use]
    pub(crate) fn rows(self, symbol: &str, row: impl Fn(usize, Day) -> Bar) -> Self {
        let rows = self.sessions.iter().enumerate().map(|(t, &day)| row(t, day));
        let bars = rows.filter(|bar| bar.close.is_finite()).collect();
        self.with(SeriesId::bars(symbol), Columns::Bars(bars))
    }

    /// A rate series with a value for each session; none where it is `NaN`.
    #[must_use]
    pub(crate) fn rate(self, id: &str, value: impl Fn(usize) -> f64) -> Self {
        let rows: Vec<_> = self.sessions.iter().enumerate().map(|(t, &day)| (day, value(t))).collect();
        self.points(SeriesId::rates(id), rows.into_iter().filter(|(_, value)| value.is_finite()))
    }

    /// A rate series with values for days of its own.
    #[must_use]
    pub(crate) fn dated(self, id: &str, rows: impl IntoIterator<Item = (Day, f64)>) -> Self {
        self.points(SeriesId::rates(id), rows)
    }

    /// Positioning reports of the Russell 2000 e-mini.
    #[must_use]
    pub(crate) fn reports(self, rows: impl IntoIterator<Item = (Day, [f64; POSITIONS.len()])>) -> Self {
        let mut points = Points::default();
        for (day, figures) in rows {
            points.push_report(day, known_from(RUSSELL_FUTURES, day, &self.calendar), figures);
        }
        self.with(SeriesId::new(Kind::Positioning, RUSSELL_FUTURES), Columns::Points(points))
    }

    /// A forward P/E series (`INDEX.BASIS.SOURCE`), each value known the day after its own.
    #[must_use]
    pub(crate) fn valuation(self, name: &str, rows: impl IntoIterator<Item = (Day, f64)>) -> Self {
        self.points(SeriesId::new(Kind::Valuation, name), rows)
    }

    /// The same, given by the user.
    #[must_use]
    pub(crate) fn given(self, name: &str, rows: impl IntoIterator<Item = (Day, f64)>) -> Self {
        let mut fixture = self.valuation(name, rows);
        if let Some(series) = fixture.shelf.get_mut(&SeriesId::new(Kind::Valuation, name)) {
            series.origin.owner = crate::bars::IMPORTED.into();
        }
        fixture
    }

    /// A forward P/E series that was worked out from members.
    #[must_use]
    pub(crate) fn worked_out(self, name: &str, points: Points) -> Self {
        self.with(SeriesId::new(Kind::Valuation, name), Columns::Points(points))
    }

    /// A member of the universe with this close at each session; none where it is `NaN`.
    #[must_use]
    pub(crate) fn member(mut self, close: impl Fn(usize) -> f64) -> Self {
        let rows = self.sessions.iter().enumerate().map(|(t, &day)| (day, close(t)));
        let (day, close) = rows.filter(|(_, close)| close.is_finite()).unzip();
        self.members.push(Closes { day, close });
        self
    }

    /// Says from which session on membership is dated.
    #[must_use]
    pub(crate) fn dated_from(mut self, t: usize) -> Self {
        self.dated_from = Some(self.sessions[t]);
        self
    }

    fn points(self, id: SeriesId, rows: impl IntoIterator<Item = (Day, f64)>) -> Self {
        let mut points = Points::default();
        for (day, value) in rows {
            let known = if id.kind == Kind::Rates { known_from(&id.name, day, &self.calendar) } else { day.plus(1) };
            points.push(day, known, value);
        }
        self.with(id, Columns::Points(points))
    }

    fn with(mut self, id: SeriesId, columns: Columns) -> Self {
        self.shelf.insert(id, Series { origin: crate::bars::Origin::default(), columns, hash: String::new() });
        self
    }

    /// The market at the last session.
    pub(crate) fn market(&self) -> Market {
        self.market_at(self.sessions.len() - 1)
    }

    /// The market at session `t`.
    pub(crate) fn market_at(&self, t: usize) -> Market {
        // formulas jump as no market does
        let mut market =
            Market::assemble(&self.shelf, self.calendar.clone(), self.settings.clone(), self.sessions[t], false);
        if !self.members.is_empty() {
            let sessions = market.counted_sessions();
            let mut counter = Counter::new(&sessions);
            let next = sessions[sessions.len() - 1];
            for mut member in self.members.iter().cloned() {
                member.stand_still(market.reference(), next);
                counter.add(&member, std::slice::from_ref(&(sessions[0]..next.plus(1))));
            }
            let listed = vec![self.members.len() as u32; sessions.len()];
            let constituents = Constituents { breadth: counter.finish(), listed, dated_from: self.dated_from };
            market.admit_universe(Some(constituents), UniverseOrigin::default());
        }
        market
    }
}

/// The day `text` stands for.
pub(crate) fn day(text: &str) -> Day {
    text.parse().expect("a date")
}
