//! XGBoost's and LightGBM's models inside pickles and skops files: the library's own file in an attribute.

use crate::error::Result;
use crate::formats::object::{Global, ObjectView};
use crate::formats::read_model::{BoostingRounds, Loader, ReadOptions, ReadTrees, Rounds};
use crate::formats::sklearn::labels;
use crate::formats::{lightgbm, xgboost};
use crate::trees::EnsembleTask;

/// The ensemble of a stored booster or of the scikit-learn wrapper around one; `None` for anything else.
///
/// Errors: a booster that its library's reader refuses; a wrapper that takes another value than NaN
/// for missing.
pub(in crate::formats) fn read(model: &ObjectView<'_, '_>, options: ReadOptions) -> Result<Option<ReadTrees>> {
    match model.class()? {
        Global::XgboostBooster => xgboost_booster(model, Loader::Booster, options).map(Some),
        Global::XgboostRegressor | Global::XgboostClassifier | Global::XgboostForestRegressor | Global::XgboostForestClassifier => {
            if let Some(missing) = model.find("missing")?.filter(|missing| !missing.is_none() && !missing.number().is_ok_and(f64::is_nan)) {
                return Err(missing.fail("another value than NaN counts as missing"));
            }
            xgboost_booster(&model.attribute("_Booster")?, Loader::Wrapper, options).map(Some)
        }
        Global::LightgbmBooster => lightgbm_booster(model, Loader::Booster, options).map(Some),
        Global::LightgbmRegressor => lightgbm_booster(&model.attribute("_Booster")?, Loader::Wrapper, options).map(Some),
        Global::LightgbmClassifier => {
            let mut read = lightgbm_booster(&model.attribute("_Booster")?, Loader::Wrapper, options)?;
            if let (EnsembleTask::Classification { classes, .. }, Some(told)) = (&mut read.ensemble.task, model.find("_classes")?) {
                let labels = labels(&told)?;
                if labels.len() != classes.len() {
                    return Err(told.fail(format_args!("{} labels for {} classes", labels.len(), classes.len())));
                }
                *classes = labels;
            }
            Ok(Some(read))
        }
        _ => Ok(None),
    }
}

/// The wrapper predicts with the trees up to the best iteration, the booster itself with all.
fn xgboost_booster(booster: &ObjectView<'_, '_>, loader: Loader, options: ReadOptions) -> Result<ReadTrees> {
    let handle = booster.attribute("handle")?;
    xgboost::read_memory(&handle.bytes()?, ReadOptions { loader, ..options })
}

/// Both LightGBM's booster and its wrapper predict up to the best iteration, where there is one.
fn lightgbm_booster(booster: &ObjectView<'_, '_>, loader: Loader, options: ReadOptions) -> Result<ReadTrees> {
    let handle = match booster.find("_handle")? {
        Some(handle) => handle,
        None => booster.attribute("handle")?,
    };
    let text = handle.text()?.as_bytes();
    let mut ensemble = lightgbm::read(text)?;
    let categories = lightgbm::categories(text, ensemble.features())?;
    let trained = ensemble.trees.len() / ensemble.outputs;
    // Counted from 1 by LightGBM.
    let best = booster.find("best_iteration")?.and_then(|best| best.count().ok()).filter(|best| (1..=trained).contains(best));
    let used = best.filter(|_| options.rounds != Some(Rounds::All)).unwrap_or(trained);
    ensemble.trees.truncate(used * ensemble.outputs);
    let rounds = BoostingRounds { trained, used, best_iteration: best.map(|best| best - 1) };
    Ok(ReadTrees { ensemble, rounds: Some(rounds), is_booster: loader == Loader::Booster, categories })
}
