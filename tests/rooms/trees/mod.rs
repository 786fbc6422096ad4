//! The tree engine against golden values of other programs, and against itself.
#![allow(clippy::print_stdout, reason = "a skipped test says why")]

mod bad_input;
mod boosting;
mod explaining;
mod forests;
mod judged;
mod scoring;
mod support;
