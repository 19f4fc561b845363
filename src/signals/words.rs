//! Figures in summaries and rules: few digits, a true minus, and `n/a` for what is missing.

/// `x` with `digits` after the point; a sign is shown below zero only.
pub(super) fn number(x: f64, digits: usize) -> String {
    if x.is_nan() {
        return "n/a".into();
    }
    let text = format!("{:.digits$}", x.abs());
    // what rounds to zero has no sign
    let negative = x < 0.0 && text.contains(|c: char| ('1'..='9').contains(&c));
    if negative { format!("−{text}") } else { text }
}

/// A count and its noun: `1 low`, `2 lows`.
pub(super) fn several(x: f64, noun: &str) -> String {
    let plural = if x == 1.0 { "" } else { "s" };
    format!("{} {noun}{plural}", number(x, 0))
}

/// The same with a plus above zero.
pub(super) fn signed(x: f64, digits: usize) -> String {
    let text = number(x, digits);
    if x > 0.0 && text.contains(|c: char| ('1'..='9').contains(&c)) { format!("+{text}") } else { text }
}

/// A fraction as percent: 0.0123 as `1.2 %`.
pub(super) fn percent(fraction: f64) -> String {
    format!("{} %", number(100.0 * fraction, 1))
}

/// The same with its sign.
pub(super) fn signed_percent(fraction: f64) -> String {
    format!("{} %", signed(100.0 * fraction, 1))
}

/// A setting as short as it reads: 0.01 as `1` when `scale` is 100.
pub(super) fn setting(x: f64, scale: f64) -> String {
    format!("{}", (x * scale * 1e6).round() / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short_and_signed_as_asked() {
        assert_eq!([number(-2.25, 1), number(-0.04, 1), number(f64::NAN, 1)], ["−2.2", "0.0", "n/a"]);
        assert_eq!([signed(0.5, 1), signed(0.0, 0), signed(-25.0, 0)], ["+0.5", "0", "−25"]);
        assert_eq!([several(1.0, "low"), several(0.0, "low")], ["1 low", "0 lows"]);
        assert_eq!([percent(0.0123), signed_percent(0.0123), setting(0.07, 100.0)], ["1.2 %", "+1.2 %", "7"]);
    }
}
