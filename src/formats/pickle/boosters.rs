//! XGBoost's and LightGBM's models inside pickles and skops files: the library's own file in an attribute.

use crate::error::Result;
use crate::formats::inspect::Format;
use crate::formats::object::{Global, ObjectView};
use crate::formats::prepared::with_missing;
use crate::formats::read_model::{Loader, ReadOptions, ReadTrees, Rounds};
use crate::formats::sklearn::labels;
use crate::formats::{lightgbm, xgboost};
use crate::statistics::ClassLabel;
use crate::trees::EnsembleTask;

/// The ensemble of a stored booster or of the scikit-learn wrapper around one; `None` for anything else.
///
/// Errors: a booster that its library's reader refuses; a wrapper that takes another value than NaN
/// for missing.
pub(in crate::formats) fn read(model: &ObjectView<'_, '_>, options: ReadOptions) -> Result<Option<ReadTrees>> {
    match model.class()? {
        Global::XgboostBooster => xgboost_booster(model, Loader::Booster, options, None).map(Some),
        Global::XgboostRegressor
        | Global::XgboostClassifier
        | Global::XgboostRanker
        | Global::XgboostModel
        | Global::XgboostForestRegressor
        | Global::XgboostForestClassifier => {
            // A number that counts as missing beside NaN.
            let missing = match model.find("missing")?.filter(|missing| !missing.is_none()) {
                Some(missing) => Some(missing.number()?).filter(|number| !number.is_nan()),
                None => None,
            };
            if missing.is_some_and(f64::is_infinite) {
                return Err(model.fail("what is infinite counts as missing (the parameter 'missing')"));
            }
            let is_classifier = matches!(model.class()?, Global::XgboostClassifier | Global::XgboostForestClassifier);
            let mut read = xgboost_booster(&model.attribute("_Booster")?, Loader::Wrapper, options, Some(is_classifier))?;
            // Up to 1.5 the classifier kept what its classes were called.
            if let (EnsembleTask::Classification { classes, .. }, Some(encoder)) = (&mut read.ensemble.task, model.find("_le")?) {
                name_classes(classes, &encoder.attribute("classes_")?)?;
            }
            // A training that goes on from another model keeps the other's note, and the library goes by it.
            let stops = model.find("early_stopping_rounds")?.is_none_or(|rounds| !rounds.is_none());
            if let Some(rounds) = read.rounds.filter(|rounds| !stops && rounds.used < rounds.trained) {
                read.note = Some(format!(
                    "its best iteration is that of an earlier training, which this one went on from: like the library it answers by {} of {} \
                     rounds; `--rounds all` takes all",
                    rounds.used, rounds.trained
                ));
            }
            if let Some(missing) = missing {
                // The library narrows both.
                read.ensemble = with_missing(read.ensemble, f64::from(missing as f32))?;
                read.note.get_or_insert_with(|| format!("{missing} counts as missing, as its parameter `missing` says"));
            }
            Ok(Some(read))
        }
        Global::LightgbmBooster => lightgbm_booster(model, Loader::Booster, options).map(Some),
        Global::LightgbmRegressor | Global::LightgbmRanker => {
            lightgbm_booster(&model.attribute("_Booster")?, Loader::Wrapper, options).map(Some)
        }
        Global::LightgbmClassifier => {
            let mut read = lightgbm_booster(&model.attribute("_Booster")?, Loader::Wrapper, options)?;
            if let (EnsembleTask::Classification { classes, .. }, Some(told)) = (&mut read.ensemble.task, model.find("_classes")?) {
                name_classes(classes, &told)?;
            }
            Ok(Some(read))
        }
        _ => Ok(None),
    }
}

/// Calls the classes as training did.
///
/// Errors: another number of names than of classes.
fn name_classes(classes: &mut Vec<ClassLabel>, told: &ObjectView<'_, '_>) -> Result<()> {
    let labels = labels(told)?;
    if labels.len() != classes.len() {
        return Err(told.fail(format_args!("{} labels for {} classes", labels.len(), classes.len())));
    }
    *classes = labels;
    Ok(())
}

/// The library's own file of a booster, with its form; `None` for anything but a bare booster.
///
/// Errors: a booster that its own file does not tell whole.
pub(in crate::formats) fn native(model: &ObjectView<'_, '_>) -> Result<Option<(Format, Vec<u8>)>> {
    match model.class()? {
        Global::XgboostBooster => {
            let handle = model.attribute("handle")?;
            xgboost::file_of_memory(&handle.bytes()?).map(Some)
        }
        Global::LightgbmBooster => {
            let rounds = lightgbm_booster(model, Loader::Booster, ReadOptions::default())?.rounds;
            if let Some(rounds) = rounds.filter(|rounds| rounds.used < rounds.trained) {
                return Err(model
                    .fail(format_args!("early stopping is noted beside LightGBM's text ({rounds})"))
                    .hint("save it with `booster.save_model('m.txt')`, which ends with the best round, and register that file"));
            }
            Ok(Some((Format::LightgbmText, lightgbm_text(model)?.as_bytes().to_vec())))
        }
        _ => Ok(None),
    }
}

fn lightgbm_text<'v>(booster: &ObjectView<'v, '_>) -> Result<&'v str> {
    match booster.find("_handle")? {
        Some(handle) => handle.text(),
        None => booster.attribute("handle")?.text(),
    }
}

/// The wrapper predicts with the trees up to the best iteration, the booster itself with all.
fn xgboost_booster(booster: &ObjectView<'_, '_>, loader: Loader, options: ReadOptions, is_classifier: Option<bool>) -> Result<ReadTrees> {
    let handle = booster.attribute("handle")?;
    xgboost::read_memory(&handle.bytes()?, ReadOptions { loader, ..options }, is_classifier)
}

/// Both LightGBM's booster and its wrapper predict up to the best iteration, where there is one.
fn lightgbm_booster(booster: &ObjectView<'_, '_>, loader: Loader, options: ReadOptions) -> Result<ReadTrees> {
    let text = lightgbm_text(booster)?.as_bytes();
    // Counted from 1 by LightGBM.
    let best = booster.find("best_iteration")?.and_then(|best| best.count().ok());
    let read = lightgbm::read_as(text, best, options.rounds == Some(Rounds::All))?;
    Ok(ReadTrees { is_booster: loader == Loader::Booster, ..read })
}
