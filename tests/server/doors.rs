//! The market as the other sources tell it.

use std::fmt::Write as _;

use rotation::day::Day;
use rotation::inputs;
use serde_json::{Value, json};

use super::upstream::Market;
use super::{Reply, Request, answer, ok};

fn date(request: &Request, key: &str) -> Day {
    request.query[key].parse().expect("a date")
}

/// `MM/DD/YYYY`.
fn american(day: Day) -> String {
    day.date().format("%m/%d/%Y").to_string()
}

impl Market {
    /// Unadjusted prices, with what was paid and split on each day.
    pub(super) fn tiingo(&self, symbol: &str, request: &Request) -> Reply {
        let Some(rows) = self.bars.get(symbol).filter(|_| !self.unknown.contains(symbol)) else {
            return answer(404, &[], "{\"detail\":\"Error: Ticker not found\"}");
        };
        let window = date(request, "startDate")..=date(request, "endDate").min(self.until);
        let paid = |day: Day| self.dividends.get(symbol).and_then(|paid| paid.get(&day)).copied().unwrap_or(0.0);
        let split = |day: Day| {
            let split = self.splits.get(symbol).and_then(|split| split.get(&day));
            split.map_or(1.0, |(new, old)| f64::from(*new) / f64::from(*old))
        };
        let row = |(day, close, volume): &(Day, f64, f64)| {
            let later: f64 =
                rows.iter().filter(|(later, ..)| later > day && *later <= self.until).map(|row| split(row.0)).product();
            let price = close * later;
            json!({
                "date": format!("{day}T00:00:00.000Z"), "open": price, "high": price, "low": price, "close": price,
                "volume": volume / later, "divCash": paid(*day) * later, "splitFactor": split(*day)
            })
        };
        let list: Vec<Value> = rows.iter().filter(|(day, ..)| window.contains(day)).map(row).collect();
        ok(json!(list).to_string())
    }

    /// Prices alone, newest first.
    pub(super) fn nasdaq(&self, symbol: &str, request: &Request) -> Reply {
        let Some(rows) = self.bars.get(symbol).filter(|_| !self.unknown.contains(symbol)) else {
            return ok("{\"data\":null,\"status\":{\"rCode\":400}}");
        };
        let window = date(request, "fromdate")..=date(request, "todate").min(self.until);
        let row = |(day, close, volume): &(Day, f64, f64)| {
            let price = format!("${close:.2}");
            json!({ "date": american(*day), "open": price, "high": price, "low": price, "close": price, "volume": volume.to_string() })
        };
        let list: Vec<Value> = rows.iter().rev().filter(|(day, ..)| window.contains(day)).map(row).collect();
        let table = json!({ "symbol": symbol, "totalRecords": list.len(), "tradesTable": { "rows": list } });
        ok(json!({ "data": table, "status": { "rCode": 200 } }).to_string())
    }

    /// Values that were public at the last session's close.
    fn public(&self, id: &str, from: Day, to: Day) -> Vec<(Day, f64)> {
        let known = |day: Day| inputs::known_from(id, day, &self.calendar) <= self.until;
        let values = self.rates.get(id).filter(|_| !self.unknown.contains(id));
        let rows = values.into_iter().flat_map(|values| values.range(from..=to));
        rows.filter(|(day, _)| known(**day)).map(|(day, value)| (*day, *value)).collect()
    }

    pub(super) fn api(&self, id: &str, request: &Request) -> Reply {
        if !self.rates.contains_key(id) || self.unknown.contains(id) {
            let message = "Bad Request. The series does not exist.";
            return answer(400, &[], json!({ "error_code": 400, "error_message": message }).to_string());
        }
        let rows = self.public(id, date(request, "observation_start"), date(request, "observation_end"));
        let row = |(day, value): &(Day, f64)| json!({ "date": day.to_string(), "value": value.to_string() });
        let list: Vec<Value> = rows.iter().map(row).collect();
        ok(json!({ "units": "lin", "count": list.len(), "observations": list }).to_string())
    }

    /// The curve of a year, newest first.
    pub(super) fn treasury(&self, request: &Request) -> Reply {
        let year: i32 = request.query["field_tdr_date_value"].parse().expect("a year");
        let [from, to] = [(1, 1), (12, 31)].map(|(month, day)| Day::from_ymd(year, month, day).expect("a day"));
        let tens = self.public("DGS10", from, to);
        let mut text = "Date,\"1 Mo\",\"2 Yr\",\"10 Yr\"\n".to_owned();
        for (day, two) in self.public("DGS2", from, to).iter().rev() {
            let ten = tens.iter().find(|(other, _)| other == day).map(|(_, ten)| ten.to_string()).unwrap_or_default();
            writeln!(text, "{},1.00,{two},{ten}", american(*day)).expect("text");
        }
        ok(text)
    }

    /// The funds rate with the target, newest first.
    pub(super) fn nyfed(&self, request: &Request) -> Reply {
        let (from, to) = (date(request, "startDate"), date(request, "endDate"));
        let targets = self.public("DFEDTARU", from, to);
        let row = |(day, rate): &(Day, f64)| {
            let target = targets.iter().find(|(other, _)| other == day).map(|(_, target)| *target);
            json!({
                "effectiveDate": day.to_string(), "type": "EFFR", "percentRate": rate,
                "targetRateFrom": target.map(|target| target - 0.25), "targetRateTo": target
            })
        };
        let list: Vec<Value> = self.public("EFFR", from, to).iter().rev().map(row).collect();
        ok(json!({ "refRates": list }).to_string())
    }
}
