//! The kinds that forecast how much load comes. They differ in how far ahead they look, in what they are called and in
//! what the guides ask of them: all of it data.

use std::collections::BTreeMap;

use super::card::ModelCard;
use super::estimator::Estimator;
use super::kind::{AnswerForm, DataNeed, ModelKind, NumberFormat};
use super::loaded::PackageFiles;
use super::prediction::PredictionColumn;
use super::series::SeriesPlan;
use crate::base::commands;
use crate::base::time::MS_PER_HOUR;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{Criterion, Operator};

/// The word that means all of them.
const FAMILY: &str = "load";

const FIVE_MINUTES_MS: i64 = 300_000;

/// An hour ahead.
pub(super) const LOAD_60M: LoadKind = LoadKind {
    word: "load-60m",
    help: "How many tickets come within an hour",
    registered_name: "load-predictor-60m",
    plan: SeriesPlan { horizon_ms: MS_PER_HOUR, bucket_ms: FIVE_MINUTES_MS },
    mape_pct: 20.0,
};

/// Six hours ahead.
pub(super) const LOAD_360M: LoadKind = LoadKind {
    word: "load-360m",
    help: "How many tickets come within six hours",
    registered_name: "load-predictor-360m",
    plan: SeriesPlan { horizon_ms: 6 * MS_PER_HOUR, bucket_ms: FIVE_MINUTES_MS },
    mape_pct: 25.0,
};

/// A day ahead.
pub(super) const LOAD_1440M: LoadKind = LoadKind {
    word: "load-1440m",
    help: "How many tickets come within a day",
    registered_name: "load-predictor-1440m",
    plan: SeriesPlan { horizon_ms: 24 * MS_PER_HOUR, bucket_ms: MS_PER_HOUR },
    mape_pct: 30.0,
};

/// A kind that forecasts load.
pub(super) struct LoadKind {
    word: &'static str,
    help: &'static str,
    registered_name: &'static str,
    plan: SeriesPlan,
    /// What the guides ask for.
    mape_pct: f64,
}

impl ModelKind for LoadKind {
    fn word(&self) -> &'static str {
        self.word
    }

    fn family(&self) -> Option<&'static str> {
        Some(FAMILY)
    }

    fn help(&self) -> &'static str {
        self.help
    }

    fn registered_name(&self, _variant: &str) -> &'static str {
        self.registered_name
    }

    fn needs(&self) -> DataNeed {
        DataNeed::Series(self.plan)
    }

    fn answer_form(&self) -> AnswerForm {
        AnswerForm::Series
    }

    /// What the guides ask for counts where no bucket is empty; a forecast has to beat the simple rules and to know how sure
    /// it is everywhere.
    fn default_gate(&self) -> Vec<Criterion> {
        vec![
            Criterion::required("mape", Operator::Below, self.mape_pct),
            Criterion::required("skill", Operator::AtLeast, 5.0),
            Criterion::required("coverage_80", Operator::AtLeast, 75.0),
            Criterion::required("coverage_80", Operator::AtMost, 85.0),
        ]
    }

    fn model_type(&self) -> String {
        "load_predictor".into()
    }

    fn columns(&self) -> &'static [PredictionColumn] {
        &[]
    }

    fn sentences(&self, metrics: &BTreeMap<String, f64>, format: &NumberFormat) -> Vec<String> {
        let number = |name: &str| (format.metric)(metrics.get(name).copied());
        let zeros = metrics.get("zero_actuals").copied().filter(|zeros| *zeros > 0.0);
        let mape = match zeros {
            None => format!("MAPE {} %", number("mape")),
            Some(zeros) => {
                format!("MAPE {} % without the {zeros} buckets that are empty, where it says nothing: desired only", number("mape"))
            }
        };
        vec![
            format!("mean absolute error {} tickets a bucket, {} % of what came (WAPE); {mape}", number("mae"), number("wape")),
            format!(
                "skill {} % over the better simple rule; the 80 % interval held {} %, the 95 % interval {} %",
                number("skill"),
                number("coverage_80"),
                number("coverage_95")
            ),
        ]
    }

    fn step(&self, _request: &super::fit::FitRequest) -> (String, usize) {
        (format!("trying forecasts of the past for {}", self.registered_name), 0)
    }

    fn load(&self, _card: &ModelCard, files: &dyn PackageFiles) -> Result<Box<dyn Estimator>> {
        let label = files.label();
        Err(Error::new(ErrorKind::BadModelFile, format!("{label} forecasts load and says nothing of a ticket"))
            .hint(("forecast with it: `", commands::forecast_tickets_with(&label), "`"))
            .hint(("see how it does on newer tickets: `", commands::validate_version(&label), "`")))
    }
}
