//! The tree engine against golden values of other programs, and against itself.
#![allow(clippy::print_stdout, reason = "a skipped test says why")]

mod boosting;
mod contributions;
mod fit_and_score_limits;
mod forests;
mod peers;
mod scoring;
mod support;
