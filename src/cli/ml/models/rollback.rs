//! `hivectl ml models rollback`.

use clap::Args;

use crate::api::change::RollbackRequest;
use crate::cli::complete;
use crate::cli::ml::judged::JudgeArgs;
use crate::cli::ml::planned::PlanArgs;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::error::Result;
use crate::lifecycle::{ModelRef, Selector};

/// Put the version back into Production that served before
///
/// Steps back once, to the version that the history says was in Production before, whatever its number;
/// never to one that never served, unless --to names it and --reason says why. With --tickets the plan also
/// says how both do on the same tickets. Asks to type the model's name.
#[derive(Debug, Args)]
pub struct RollbackArgs {
    /// Model to roll back
    #[arg(value_parser = model_name, add = complete::models())]
    pub name: String,

    /// Version to go back to; that it is there already is no failure
    #[arg(long, value_name = "VERSION")]
    pub to: Option<u32>,

    #[command(flatten)]
    pub plan: PlanArgs,

    #[command(flatten)]
    pub judged: JudgeArgs,
}

fn model_name(word: &str) -> Result<String, String> {
    match word.parse::<ModelRef>() {
        Ok(ModelRef { name, selector: Selector::Default }) => Ok(name),
        Ok(reference) => Err(format!("rollback takes a model's name; the version stands after --to: {} --to VERSION", reference.name)),
        Err(error) => Err(error.to_string()),
    }
}

impl VerbArgs for RollbackArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml models rollback",
        examples: &[
            ("See which version would come back", "hivectl ml models rollback ticket-duration-predictor --dry-run"),
            ("Roll back in a script", "hivectl ml models rollback duration --confirm ticket-duration-predictor"),
            (
                "To a version by number, which may be there already",
                "hivectl ml models rollback duration --to 2 --confirm ticket-duration-predictor@2",
            ),
        ],
        exit_codes: &[4, 5, 6, 7, 8, 9, 10, 11, 13],
        changes: "The stages of one model and its alias champion, all at once or not at all. With --dry-run nothing, with --plan-out one file.",
        questions: &[
            ("--confirm", "ml models rollback ticket-duration-predictor"),
            ("--confirm", "ml models rollback ticket-duration-predictor --to 2 --reason test"),
        ],
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&RollbackRequest { name: self.name.clone(), to: self.to, plan: self.plan.options(), judging: self.judged.judging() })
    }
}
