//! `hivectl ml`: one file a verb.

pub(super) mod apply;
pub(super) mod backfill;
pub(super) mod dataset;
pub(super) mod drift;
mod judged;
mod labels;
mod learning;
pub(super) mod models;
mod planned;
pub(super) mod predict;
pub(super) mod retrain;
pub(super) mod stats;
mod tickets;
pub(super) mod train;
pub(super) mod validate;

pub use tickets::TicketArgs;

use clap::Subcommand;

use super::report::Report;
use super::session::Session;
use crate::error::Result;

#[derive(Debug, Subcommand)]
pub enum MlCommand {
    /// Train models on tickets, judge, gate and register them
    Train(Box<train::TrainArgs>),

    /// Apply a plan that `promote` or `rollback` kept in a file
    Apply(apply::ApplyArgs),

    /// List, show and change what is registered
    #[command(subcommand, arg_required_else_help = true)]
    Models(models::ModelsCommand),

    /// Check the versions in service: files, features, stages, age, and quality on recent tickets
    Validate(Box<validate::ValidateArgs>),

    /// Write predictions into tickets that have ended without one, and show how far they are off
    Backfill(Box<backfill::BackfillArgs>),

    /// Train again where the work has changed, and put the better version into service
    Retrain(Box<retrain::RetrainArgs>),

    /// Tell whether the work has changed since a version was trained, and for whom
    #[command(subcommand, arg_required_else_help = true)]
    Drift(drift::DriftCommand),

    /// Use a registered model on tickets
    Predict(Box<predict::PredictArgs>),

    /// Count the predictions that were made, and how far they were off
    Stats(Box<stats::StatsArgs>),

    /// Make tickets and the tables that models see
    #[command(subcommand, arg_required_else_help = true)]
    Dataset(dataset::DatasetCommand),
}

impl MlCommand {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        match self {
            MlCommand::Train(arguments) => arguments.run(session),
            MlCommand::Apply(arguments) => arguments.run(session),
            MlCommand::Models(command) => command.run(session),
            MlCommand::Validate(arguments) => arguments.run(session),
            MlCommand::Backfill(arguments) => arguments.run(session),
            MlCommand::Retrain(arguments) => arguments.run(session),
            MlCommand::Drift(command) => command.run(session),
            MlCommand::Predict(arguments) => arguments.run(session),
            MlCommand::Stats(arguments) => arguments.run(session),
            MlCommand::Dataset(command) => command.run(session),
        }
    }
}
