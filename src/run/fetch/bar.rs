//! The progress of a fetch on a terminal.

use indicatif::{ProgressBar, ProgressStyle};

use super::Progress;

/// A progress bar on stderr, or nothing.
pub struct Bar(Option<ProgressBar>);

impl Bar {
    /// A bar that is drawn from the first progress on, if it is `shown` at all.
    pub fn new(shown: bool) -> Self {
        let style = ProgressStyle::with_template("fetching {wide_bar} {pos}/{len} {per_sec} {eta} left {msg:18}");
        let bar = || ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
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
