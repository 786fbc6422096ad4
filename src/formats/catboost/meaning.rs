//! What the sums of CatBoost's trees mean.

use serde_json::Value;

use super::bad;
use crate::error::Result;
use crate::formats::read_model::Loader;
use crate::statistics::ClassLabel;
use crate::trees::{EnsembleTask, LinkFunction, Transformation};

/// Losses whose sums are the answer.
const NUMBERS: [&str; 14] = [
    "RMSE",
    "MAE",
    "Quantile",
    "MultiQuantile",
    "MultiRMSE",
    "MultiRMSEWithMissingValues",
    "MAPE",
    "Huber",
    "Expectile",
    "Lq",
    "RMSPE",
    "LogCosh",
    "LogLinQuantile",
    "SurvivalAft",
];

/// Losses whose sums put rows in an order.
const ORDERS: [&str; 10] = [
    "Cox",
    "YetiRank",
    "YetiRankPairwise",
    "PairLogit",
    "PairLogitPairwise",
    "QueryRMSE",
    "QuerySoftMax",
    "QueryCrossEntropy",
    "StochasticRank",
    "LambdaMart",
];

/// Losses of classes.
const CLASSES: [&str; 5] = ["Logloss", "CrossEntropy", "Focal", "MultiClass", "MultiClassOneVsAll"];

/// Losses of several labels a row.
const LABELS: [&str; 2] = ["MultiLogloss", "MultiCrossEntropy"];

/// What CatBoost notes of a training: texts by key, of which some are JSON.
#[derive(Default)]
pub(super) struct Info(serde_json::Map<String, Value>);

impl Info {
    /// Of the entries with their keys; texts that are JSON are taken for what they hold.
    pub(super) fn of(entries: impl IntoIterator<Item = (String, Value)>) -> Info {
        let opened = |(key, value): (String, Value)| {
            let held = if is_known(&key) { value.as_str().and_then(|text| serde_json::from_str(text).ok()) } else { None };
            (key, held.unwrap_or(value))
        };
        Info(entries.into_iter().filter(|(key, _)| is_known(key)).map(opened).collect())
    }

    fn loss(&self) -> &str {
        // A sum of models notes the loss alone.
        let told = self.0.get("params").map(|params| &params["loss_function"]).filter(|loss| !loss.is_null());
        let told = told.or_else(|| self.0.get("loss_function"));
        told.and_then(|loss| loss["type"].as_str().or_else(|| loss.as_str())).unwrap_or_default()
    }

    /// The class that answers as the loss means.
    pub(super) fn python_class(&self) -> &'static str {
        match self.loss() {
            loss if CLASSES.contains(&loss) || LABELS.contains(&loss) => "CatBoostClassifier",
            loss if loss != "Cox" && ORDERS.contains(&loss) => "CatBoostRanker",
            _ => "CatBoostRegressor",
        }
    }

    /// What the sums mean where the file is loaded so, and whether they only put rows in an order.
    ///
    /// Errors: a loss whose answers are not known, by its name.
    pub(super) fn task(&self, outputs: usize, loader: Loader) -> Result<(EnsembleTask, bool)> {
        let loss = self.loss();
        let only_orders = ORDERS.contains(&loss);
        let unknown = || bad(format_args!("the loss '{:.40}' on {outputs} numbers a leaf", loss.escape_debug().to_string()));
        // Other classes than the classifier answer by the sums themselves.
        let is_natural = loader == Loader::Noted;
        let task = match loss {
            // The regressor alone; `CatBoost` tells the sum.
            "Poisson" | "Tweedie" if outputs == 1 && loader != Loader::Booster => EnsembleTask::Transformed(Transformation::Exponential),
            "Poisson" | "Tweedie" if outputs == 1 => EnsembleTask::Regression,
            "RMSEWithUncertainty" => {
                return Err(unknown().hint("train it with `loss_function='RMSE'`, or with `'MultiQuantile:alpha=0.1,0.5,0.9'` for a range"));
            }
            _ if NUMBERS.contains(&loss) || only_orders => EnsembleTask::Regression,
            // One that Python code gave: sums of a regressor are its answers.
            "PythonUserDefinedPerObject" if !is_natural || self.labels_noted().is_none() => EnsembleTask::Regression,
            _ if !is_natural && CLASSES.contains(&loss) => EnsembleTask::Regression,
            "Logloss" | "CrossEntropy" | "Focal" if outputs == 1 => {
                self.no_border()?;
                EnsembleTask::Classification { classes: self.classes(2)?, link: LinkFunction::Logistic }
            }
            "MultiClass" if outputs > 1 => EnsembleTask::Classification { classes: self.classes(outputs)?, link: LinkFunction::Softmax },
            "MultiClassOneVsAll" if outputs > 2 => {
                EnsembleTask::Classification { classes: self.classes(outputs)?, link: LinkFunction::Logistic }
            }
            _ if LABELS.contains(&loss) => return Err(unknown().hint("train one model a label, each with `loss_function='Logloss'`")),
            _ => return Err(unknown()),
        };
        Ok((task, only_orders))
    }

    /// Refuses another border between two classes than that of one half.
    fn no_border(&self) -> Result<()> {
        let told = self.0.get("binclass_probability_threshold").filter(|told| !told.is_null());
        match told.map(|told| told.as_f64().or_else(|| told.as_str()?.parse().ok())) {
            None | Some(Some(0.5)) => Ok(()),
            Some(border) => Err(bad(format_args!(
                "its classes are parted at the probability {}",
                border.map_or("of another form".to_owned(), |border| border.to_string())
            ))
            .hint("have it part them at one half, and judge the probabilities: `model.set_probability_threshold(None)`")),
        }
    }

    fn labels_noted(&self) -> Option<&Value> {
        ["class_params", "multiclass_params"].into_iter().find_map(|key| self.0.get(key)).filter(|held| held.is_object())
    }

    fn classes(&self, count: usize) -> Result<Vec<ClassLabel>> {
        let Some(noted) = self.labels_noted() else { return Ok(ClassLabel::numbered(count)) };
        let list = |key: &str| noted[key].as_array().map(Vec::as_slice).unwrap_or_default();
        let label = |value: &Value| match value {
            Value::String(text) => Some(ClassLabel::Text(text.clone())),
            Value::Bool(flag) => Some(ClassLabel::Flag(*flag)),
            value => value.as_i64().map(ClassLabel::from).or_else(|| value.as_f64().map(ClassLabel::Number)),
        };
        let told = noted["classes_count"].as_u64().unwrap_or(0);
        let named = if list("class_names").is_empty() { list("class_to_label") } else { list("class_names") };
        let labels: Option<Vec<ClassLabel>> = named.iter().map(label).collect();
        let labels = labels.filter(|labels| !labels.is_empty()).unwrap_or_else(|| ClassLabel::numbered(count));
        match labels.len() == count && (told == 0 || told == count as u64) {
            true => Ok(labels),
            false => Err(bad(format_args!("{} classes and numbers of {count} in a leaf", told.max(labels.len() as u64)))),
        }
    }
}

fn is_known(key: &str) -> bool {
    ["params", "loss_function", "class_params", "multiclass_params", "binclass_probability_threshold"].contains(&key)
}
