//! The words that say what is compared with what.

use std::path::PathBuf;

use clap::Args;

use super::{WindowArgs, method_parser};
use crate::api::Judging;
use crate::api::drift::{DriftComparison, Method};
use crate::api::words::USUAL_MODEL;
use crate::cli::complete;
use crate::cli::ml::AgeArgs;
use crate::lifecycle::ModelRef;

/// What is compared with what.
#[derive(Debug, Args)]
pub struct ComparisonArgs {
    /// Version to check: NAME, NAME@7 or NAME#staging
    #[arg(long, value_name = "REF", default_value = USUAL_MODEL, add = complete::references())]
    pub model: ModelRef,

    /// Days of tickets to look at, counted back over completed_at [default: 7]
    #[arg(long, value_name = "DAYS")]
    pub window_days: Option<f64>,

    #[command(flatten)]
    pub window: WindowArgs,

    #[command(flatten)]
    pub age: AgeArgs,

    /// Whose rule decides
    #[arg(long, value_parser = method_parser(), default_value_t = Method::Robust)]
    pub method: Method,

    /// Compare with a saved baseline (its number), or with the one of another version
    #[arg(long, value_name = "REF", conflicts_with = "against_days")]
    pub baseline: Option<String>,

    /// Compare with the tickets of so many days before the window
    #[arg(long, value_name = "DAYS")]
    pub against_days: Option<f64>,

    /// Write the result as metrics in the text form of Prometheus, for the node exporter to pick up
    #[arg(long, value_name = "FILE")]
    pub metrics_file: Option<PathBuf>,

    /// Send the same metrics to a Prometheus Pushgateway, such as http://HOST:9091, in place of the model's last ones
    #[arg(long, value_name = "URL")]
    pub push_gateway: Option<String>,
}

impl ComparisonArgs {
    /// What was typed.
    pub fn comparison(&self) -> DriftComparison {
        let judging = self.window.judging(self.window_days);
        DriftComparison {
            reference: self.model.clone(),
            judging: Judging { tickets: self.age.limit(judging.tickets), ..judging },
            method: self.method,
            baseline: self.baseline.clone(),
            against_days: self.against_days,
            metrics_file: self.metrics_file.clone(),
            push_gateway: self.push_gateway.clone(),
        }
    }
}
