//! `hivectl ml`: one file a verb.

mod apply;
mod backfill;
mod dataset;
mod drift;
mod forecast;
mod jobs;
mod judged;
mod labels;
mod learning;
mod models;
mod planned;
mod predict;
mod queue;
mod retrain;
mod rounds;
mod stats;
mod tickets;
mod train;
mod validate;

pub use tickets::{AgeArgs, TicketArgs};

use crate::cli::verb_spec::group;

group! {
    /// Train, list, show and use models
    pub enum MlCommand {
        Train(train::TrainArgs),
        Apply(apply::ApplyArgs),
        #[command(subcommand)]
        Models(models::ModelsCommand),
        Validate(validate::ValidateArgs),
        Backfill(backfill::BackfillArgs),
        Retrain(retrain::RetrainArgs),
        #[command(subcommand)]
        Drift(drift::DriftCommand),
        #[command(subcommand)]
        Jobs(jobs::JobsCommand),
        Predict(predict::PredictArgs),
        Forecast(forecast::ForecastArgs),
        Stats(stats::StatsArgs),
        #[command(subcommand)]
        Dataset(dataset::DatasetCommand),
    }
}
