//! Progress on stderr: a bar on a terminal, a plain line now and then elsewhere, nothing when quiet.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::ops::Progress;

/// Lines in a log come this far apart.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// The steps of one command on stderr.
pub struct TerminalProgress {
    animated: bool,
    quiet: bool,
    step: Mutex<Option<Step>>,
}

struct Step {
    name: String,
    total: Option<u64>,
    last_line: Instant,
    bar: Option<ProgressBar>,
}

impl TerminalProgress {
    pub fn new(animated: bool, quiet: bool) -> TerminalProgress {
        TerminalProgress { animated, quiet, step: Mutex::new(None) }
    }

    fn with_step(&self, act: impl FnOnce(&mut Option<Step>)) {
        if let Ok(mut step) = self.step.lock() {
            act(&mut step);
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
        if self.quiet {
            return;
        }
        let bar = self.animated.then(|| bar(name, total));
        self.with_step(|step| *step = Some(Step { name: name.to_owned(), total, last_line: Instant::now(), bar }));
    }

    fn advance_to(&self, done: u64) {
        self.with_step(|step| {
            let Some(step) = step else { return };
            match &step.bar {
                Some(bar) => bar.set_position(done),
                None if step.last_line.elapsed() >= HEARTBEAT => {
                    step.last_line = Instant::now();
                    match step.total {
                        Some(total) => line(&format!("{} {done}/{total}", step.name)),
                        None => line(&format!("{} {done}", step.name)),
                    }
                }
                None => {}
            }
        });
    }

    fn is_shown(&self) -> bool {
        !self.quiet && self.animated
    }

    fn finish(&self, summary: &str) {
        if self.quiet {
            return;
        }
        self.with_step(|step| {
            if let Some(bar) = step.take().and_then(|step| step.bar) {
                bar.finish_and_clear();
            }
        });
        line(&super::sanitize::line(summary));
    }
}
