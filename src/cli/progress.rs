//! Progress on stderr: a bar on a terminal; elsewhere only a line about each step that is finished, nothing when quiet.

use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::ops::Progress;

/// The steps of one command on stderr.
pub struct TerminalProgress {
    animated: bool,
    quiet: bool,
    bar: Mutex<Option<ProgressBar>>,
}

impl TerminalProgress {
    pub fn new(animated: bool, quiet: bool) -> TerminalProgress {
        TerminalProgress { animated, quiet, bar: Mutex::new(None) }
    }

    /// Takes the bar away, before something else is shown.
    pub fn clear(&self) {
        if let Some(bar) = self.bar.lock().ok().and_then(|mut shown| shown.take()) {
            bar.finish_and_clear();
        }
    }
}

fn line(text: &str) {
    let _ = std::io::Write::write_all(&mut anstream::stderr().lock(), format!("{text}\n").as_bytes());
}

fn bar(name: &str, total: Option<u64>) -> ProgressBar {
    let target = ProgressDrawTarget::stderr_with_hz(10);
    let (bar, template) = match total {
        Some(total) => (ProgressBar::with_draw_target(Some(total), target), "{msg} {wide_bar} {human_pos}/{human_len} {eta}"),
        None => (ProgressBar::with_draw_target(None, target), "{spinner} {msg} {human_pos}"),
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style).with_message(name.to_owned())
}

impl Progress for TerminalProgress {
    fn begin(&self, name: &str, total: Option<u64>) {
        if let (true, Ok(mut shown)) = (self.is_shown(), self.bar.lock()) {
            // Seen at once, and moving where nothing is counted: a server may be waited for.
            let bar = bar(name, total);
            bar.tick();
            if total.is_none() {
                bar.enable_steady_tick(Duration::from_millis(120));
            }
            *shown = Some(bar);
        }
    }

    fn advance_to(&self, done: u64) {
        if let Some(bar) = self.bar.lock().ok().as_deref().and_then(Option::as_ref) {
            bar.set_position(done);
        }
    }

    fn is_shown(&self) -> bool {
        !self.quiet && self.animated
    }

    fn finish(&self, summary: &str) {
        if self.quiet {
            return;
        }
        self.clear();
        line(&super::sanitize::line(summary));
    }
}
