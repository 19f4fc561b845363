//! The progress of a fetch on a terminal.

use std::fmt::Write;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use super::Progress;

/// Series a second.
fn rate(state: &ProgressState, text: &mut dyn Write) {
    // what cannot be drawn is not
    let _ = write!(text, "{:.1}/s", state.per_sec());
}

/// A progress bar on stderr, or nothing.
pub struct Bar(Option<ProgressBar>);

impl Bar {
    /// A bar that is drawn from the first progress on, if it is `shown` at all.
    pub fn new(shown: bool) -> Self {
        let style = ProgressStyle::with_template("fetching {wide_bar} {pos}/{len} {rate} {eta} left {msg:18}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar()).with_key("rate", rate);
        let bar = || ProgressBar::no_length().with_style(style);
        Self(shown.then(bar))
    }

    /// Shows how far a fetch has come.
    pub fn show(&self, progress: Progress) {
        if let Some(bar) = &self.0 {
            bar.set_length(progress.total as u64);
            bar.set_position(progress.done as u64);
            bar.set_message(progress.series);
        }
    }

    /// Takes the bar off the terminal.
    pub fn clear(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
