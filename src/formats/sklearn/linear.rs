//! scikit-learn's linear models, as what stands behind the members of a stacked one.

use super::reading::class_labels;
use crate::error::Result;
use crate::formats::object::{Global, ObjectView};
use crate::trees::{LinearModel, LinkFunction};

/// Reads a fitted linear model; `None` for an object of another class.
///
/// Errors: coefficients that do not fit; one class against the rest.
pub(super) fn read_linear(model: &ObjectView<'_, '_>) -> Result<Option<LinearModel>> {
    let is_classifier = match model.class()? {
        Global::LinearRegression
        | Global::Ridge
        | Global::RidgeSearched
        | Global::Lasso
        | Global::LassoSearched
        | Global::ElasticNet
        | Global::ElasticNetSearched => false,
        Global::LogisticRegression | Global::LogisticSearched => true,
        _ => return Ok(None),
    };
    let view = model.attribute("coef_")?;
    let (shape, numbers) = (view.array()?.shape.clone(), view.numbers()?);
    let rows = match shape.as_slice() {
        [_] => 1,
        [rows, _] => *rows,
        _ => return Err(view.fail("a table of numbers was expected")),
    };
    if rows == 0 || numbers.is_empty() || numbers.iter().any(|number| !number.is_finite()) {
        return Err(view.fail("numbers were expected"));
    }
    let coefficients: Vec<Vec<f64>> = numbers.chunks(numbers.len() / rows).map(<[f64]>::to_vec).collect();
    let view = model.attribute("intercept_")?;
    // Without one it is a plain 0.
    let intercepts = match view.number() {
        Ok(number) => vec![number; rows],
        Err(_) => view.numbers()?,
    };
    if intercepts.len() != coefficients.len() {
        return Err(view.fail(format_args!("{} intercepts of {rows} sums", intercepts.len())));
    }
    let link = match (is_classifier, rows) {
        (false, _) => None,
        (true, 1) => Some(LinkFunction::Logistic),
        (true, _) => Some(LinkFunction::Softmax),
    };
    if is_classifier {
        let told = class_labels(model)?.len();
        let one_against_rest = model.find("multi_class")?.is_some_and(|word| word.text().is_ok_and(|word| word == "ovr"));
        let liblinear = model.find("solver")?.is_some_and(|word| word.text().is_ok_and(|word| word == "liblinear"));
        if told != rows.max(2) || (rows > 1 && (one_against_rest || liblinear)) {
            return Err(model.fail(format_args!("{told} classes by {rows} sums, each against the rest")));
        }
    }
    Ok(Some(LinearModel { coefficients, intercepts, link }))
}
