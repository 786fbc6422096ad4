//! `hivectl ml drift baseline`.

use clap::Args;

use super::WindowArgs;
use crate::api::baseline::{ListBaselinesRequest, SaveBaselineRequest, SetBaselineRequest, ShowBaselineRequest};
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec, group};
use crate::error::Result;
use crate::lifecycle::ModelRef;

group! {
    /// Make, list, show and choose baselines
    pub enum BaselineCommand {
        Save(SaveArgs),
        List(ListBaselinesArgs),
        Show(ShowBaselineArgs),
        Set(SetBaselineArgs),
    }
}

/// Make a baseline of a version from tickets and keep it
///
/// Training keeps one with every version. A later one, made monthly say, keeps up with slow change; checks compare
/// with the newest that was saved, until `baseline set` chooses another.
#[derive(Debug, Args)]
pub struct SaveArgs {
    /// Version it belongs to: NAME, NAME@7 or NAME#staging
    #[arg(value_name = "REF", add = complete::references())]
    pub reference: ModelRef,

    /// Days of tickets to keep, counted back over completed_at
    #[arg(long, value_name = "DAYS", default_value_t = 35.0)]
    pub window_days: f64,

    /// Also write it into ml_feature_baselines beside the tickets, where the running system reads it
    #[arg(long)]
    pub baseline_to_mongodb: bool,

    #[command(flatten)]
    pub window: WindowArgs,
}

/// List the baselines
#[derive(Debug, Args)]
pub struct ListBaselinesArgs {
    /// Model whose baselines are listed [default: every model]
    #[arg(add = complete::models())]
    pub name: Option<String>,
}

/// Show a baseline in numbers
#[derive(Debug, Args)]
pub struct ShowBaselineArgs {
    /// Version it belongs to: NAME, NAME@7 or NAME#staging
    #[arg(value_name = "REF", add = complete::references())]
    pub reference: ModelRef,

    /// A saved baseline [default: the current one]
    #[arg(long, value_name = "COUNT")]
    pub number: Option<u32>,
}

/// Choose the baseline that checks of a version compare with
#[derive(Debug, Args)]
pub struct SetBaselineArgs {
    /// Version it belongs to: NAME, NAME@7 or NAME#staging
    #[arg(value_name = "REF", add = complete::references())]
    pub reference: ModelRef,

    /// Number of a saved baseline, or training for the one from there
    pub baseline: String,
}

impl VerbArgs for SaveArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml drift baseline save",
        examples: &[
            ("Keep up with slow change", "hivectl ml drift baseline save duration --tickets examples/tickets.ndjson.gz"),
            (
                "The last four weeks of another version",
                "hivectl ml drift baseline save duration@1 --window-days 28 --tickets tickets.parquet",
            ),
            ("With a reason, for a script", "hivectl ml drift baseline save anomaly --reason monthly --tickets tickets.parquet -o name"),
        ],
        exit_codes: &[4, 6, 7, 9, 10, 11, 14],
        changes: "Adds a baseline and makes it the one that checks compare with.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = SaveBaselineRequest {
            reference: self.reference.clone(),
            judging: self.window.judging(Some(self.window_days)),
            beside_tickets: self.baseline_to_mongodb,
        };
        session.answer(&request)
    }
}

impl VerbArgs for ListBaselinesArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml drift baseline list",
        examples: &[
            ("Every baseline", "hivectl ml drift baseline list"),
            ("Those of one model", "hivectl ml drift baseline list duration"),
            ("For a script", "hivectl ml drift baseline list -o json"),
        ],
        exit_codes: &[4, 9, 10, 11],
        has_rows: true,
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&ListBaselinesRequest { name: self.name.clone() })
    }
}

impl VerbArgs for ShowBaselineArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml drift baseline show",
        examples: &[
            ("What checks compare with now", "hivectl ml drift baseline show duration"),
            ("A saved one by its number", "hivectl ml drift baseline show duration@1 --number 2"),
            ("Bins, counts and slices, for a script", "hivectl ml drift baseline show anomaly -o json"),
        ],
        exit_codes: &[4, 9, 10, 11, 13, 14],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = ShowBaselineRequest { reference: self.reference.clone(), number: self.number };
        session.answer(&request)
    }
}

impl VerbArgs for SetBaselineArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml drift baseline set",
        examples: &[
            ("Back to the one from training", "hivectl ml drift baseline set duration@1 training"),
            ("A saved one", "hivectl ml drift baseline set duration@1 2"),
            ("With a reason", "hivectl ml drift baseline set anomaly training --reason season"),
        ],
        exit_codes: &[4, 6, 7, 9, 10, 11, 14],
        changes: "Which baseline checks compare with.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = SetBaselineRequest { reference: self.reference.clone(), baseline: self.baseline.clone() };
        session.answer(&request)
    }
}
