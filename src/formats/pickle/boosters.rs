//! XGBoost's and LightGBM's models inside pickles and skops files: the library's own file in an attribute.

use crate::error::Result;
use crate::formats::object::{Global, ObjectView};
use crate::formats::{lightgbm, xgboost};
use crate::trees::{EnsembleTask, TreeEnsemble};

/// The ensemble of a stored booster or of the scikit-learn wrapper around one; `None` for anything else.
///
/// Errors: a booster that its library's reader refuses; a wrapper that takes another value than NaN
/// for missing.
pub(in crate::formats) fn read(model: &ObjectView<'_, '_>) -> Result<Option<TreeEnsemble>> {
    match model.class()? {
        Global::XgboostBooster => xgboost_booster(model, false).map(Some),
        Global::XgboostRegressor | Global::XgboostClassifier | Global::XgboostForestRegressor | Global::XgboostForestClassifier => {
            if let Some(missing) = model.find("missing")?.filter(|missing| !missing.is_none() && !missing.number().is_ok_and(f64::is_nan)) {
                return Err(missing.fail("another value than NaN counts as missing"));
            }
            xgboost_booster(&model.attribute("_Booster")?, true).map(Some)
        }
        Global::LightgbmBooster => lightgbm_booster(model).map(Some),
        Global::LightgbmRegressor => lightgbm_booster(&model.attribute("_Booster")?).map(Some),
        Global::LightgbmClassifier => {
            let mut ensemble = lightgbm_booster(&model.attribute("_Booster")?)?;
            let labels = model.find("_classes")?.and_then(|classes| classes.array().ok()?.numbers());
            if let (EnsembleTask::Classification { classes, .. }, Some(labels)) = (&mut ensemble.task, labels) {
                // Labels that are texts are told apart by their place.
                *classes = if labels.len() == classes.len() { labels } else { std::mem::take(classes) };
            }
            Ok(Some(ensemble))
        }
        _ => Ok(None),
    }
}

/// The wrapper predicts with the trees up to the best iteration, the booster itself with all.
fn xgboost_booster(booster: &ObjectView<'_, '_>, up_to_best: bool) -> Result<TreeEnsemble> {
    let handle = booster.attribute("handle")?;
    xgboost::read_memory(&handle.bytes()?, up_to_best)
}

/// Both LightGBM's booster and its wrapper predict up to the best iteration, where there is one.
fn lightgbm_booster(booster: &ObjectView<'_, '_>) -> Result<TreeEnsemble> {
    let handle = match booster.find("_handle")? {
        Some(handle) => handle,
        None => booster.attribute("handle")?,
    };
    let mut ensemble = lightgbm::read(handle.text()?.as_bytes())?;
    if let Some(best) = booster.find("best_iteration")?.and_then(|best| best.count().ok()).filter(|&best| best > 0) {
        ensemble.trees.truncate(best.saturating_mul(ensemble.outputs));
    }
    Ok(ensemble)
}
