//! `hivectl ml models compare`.

use clap::Args;

use crate::api::compare::CompareRequest;
use crate::cli::complete;
use crate::cli::ml::judged::JudgeArgs;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::VerbSpec;
use crate::error::Result;
use crate::lifecycle::ModelRef;

/// Set two versions side by side, and run both on the same tickets
///
/// Metrics with their difference, parameters that differ, features, data and importances. With --tickets both
/// are run on the labelled tickets that neither has learned from: the interval of their difference, by task
/// type and risk band, latency, and whether to promote the second, keep the first, or neither can be said.
/// Changes nothing.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// Version that stays unless the other is better: NAME, NAME@7, NAME#production or NAME:alias
    #[arg(value_name = "A", add = complete::references())]
    pub first: ModelRef,

    /// Version that may take its place
    #[arg(value_name = "B", add = complete::references())]
    pub second: ModelRef,

    #[command(flatten)]
    pub judged: JudgeArgs,
}

pub const SPEC: VerbSpec = VerbSpec {
    words: "ml models compare",
    examples: &[
        ("Two versions by what is recorded of them", "hivectl ml models compare duration@1 duration@2"),
        ("Both on the same tickets, and which to keep", "hivectl ml models compare duration@1 duration@2 --tickets later.ndjson.gz"),
        ("The challenger against the champion, for a script", "hivectl ml models compare duration duration#staging -o json"),
    ],
    exit_codes: &[4, 9, 10, 11, 13, 14],
    ..VerbSpec::READING
};

impl CompareArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let judging = self.judged.judging();
        Report::of(session.operations().compare(&CompareRequest { first: self.first.clone(), second: self.second.clone(), judging })?)
    }
}
