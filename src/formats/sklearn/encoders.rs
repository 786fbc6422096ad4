//! Encoders of categories before trees: the given column holds names, of which the trees see places.

use super::reading::labels;
use crate::error::Result;
use crate::formats::object::{Global, ObjectView};
use crate::formats::prepared::{Derived, Step};
use crate::formats::read_model::ColumnCategories;
use crate::statistics::ClassLabel;

/// Most categories of one column, and most columns that an encoder may make.
const MOST_CATEGORIES: usize = 10_000;

/// The columns after a `OneHotEncoder` or an `OrdinalEncoder`; `known` takes what the given columns are called in.
///
/// Errors: categories that are grouped or missing, an encoder behind steps that change numbers, two encoders that disagree.
pub(super) fn encoded(step: &ObjectView<'_, '_>, columns: Vec<Derived>, known: &mut Vec<ColumnCategories>) -> Result<Vec<Derived>> {
    let is_ordinal = step.class()? == Global::OrdinalEncoder;
    for key in ["min_frequency", "max_categories"] {
        if step.find(key)?.is_some_and(|limit| !limit.is_none()) {
            return Err(step.fail(format_args!("{} takes rare categories for one ('{key}')", step.class()?.symbol())));
        }
    }
    let refuses = match step.attribute("handle_unknown")?.text()? {
        "error" => true,
        "ignore" if !is_ordinal => false,
        "use_encoded_value" if is_ordinal => false,
        other => {
            return Err(step.fail(format_args!("{} handles categories that training did not see by '{other:.40}'", step.class()?.symbol())));
        }
    };
    let categories = step.attribute("categories_")?.items()?;
    if categories.len() != columns.len() {
        return Err(step.fail(format_args!("categories of {} columns for {}", categories.len(), columns.len())));
    }
    let dropped = match step.find("drop_idx_")?.filter(|dropped| !dropped.is_none()) {
        Some(places) => places
            .elements()?
            .iter()
            .map(|place| if place.is_none() { Ok(None) } else { place.count().map(Some) })
            .collect::<Result<_>>()?,
        None => vec![None; columns.len()],
    };
    let unknown = match (is_ordinal && !refuses).then(|| step.attribute("unknown_value")).transpose()? {
        Some(value) => Some(value.number()?).filter(|value| !value.is_nan()),
        None => None,
    };
    let mut made = Vec::new();
    for ((column, list), dropped) in columns.into_iter().zip(&categories).zip(dropped) {
        let mut labels = labels(list)?;
        // A missing value is a category that stays missing, where the encoder is told so.
        let stays_missing = is_ordinal && step.find("encoded_missing_value")?.is_some_and(|value| value.number().is_ok_and(f64::is_nan));
        if stays_missing && matches!(labels.last(), Some(ClassLabel::Number(number)) if number.is_nan()) {
            labels.pop();
        }
        let held = made.len() + known.iter().map(|column| column.labels.len()).sum::<usize>();
        if labels.is_empty() || labels.len() > MOST_CATEGORIES || held + labels.len() > 10 * MOST_CATEGORIES {
            return Err(list.fail(format_args!("{} categories", labels.len())));
        }
        if labels.iter().any(|label| matches!(label, ClassLabel::Number(number) if number.is_nan())) {
            return Err(list.fail("a missing value is a category"));
        }
        let places = 0..labels.len() as u32;
        let column = noted(step, column, labels, !refuses, known)?;
        if is_ordinal {
            let coded = column.then(Step::Code);
            made.push(match unknown {
                Some(value) => coded.then(Step::Fill(value)),
                None => coded,
            });
        } else {
            made.extend(places.filter(|&place| dropped != Some(place as usize)).map(|place| column.clone().then(Step::Is(place))));
        }
    }
    Ok(made)
}

/// The column, whose categories are called so; one that was filled in by its name is filled in by its place.
fn noted(
    step: &ObjectView<'_, '_>,
    mut column: Derived,
    labels: Vec<ClassLabel>,
    is_unseen_missing: bool,
    known: &mut Vec<ColumnCategories>,
) -> Result<Derived> {
    if !column.steps.is_empty() {
        return Err(step.fail("categories of numbers that steps before it change"));
    }
    if let Some(filled) = column.filled.take() {
        let place = labels.iter().position(|label| *label == filled);
        let place = place.ok_or_else(|| step.fail("a missing value is filled in with what is no category"))?;
        if is_unseen_missing {
            // A name that training did not see is not filled in, and would be here.
            return Err(step.fail("missing values are filled in, and unseen categories are another thing"));
        }
        column.steps.push(Step::Fill(place as f64));
    }
    let categories = ColumnCategories { feature: column.source, labels, is_unseen_missing };
    match known.iter().find(|other| other.feature == column.source) {
        Some(other) if *other != categories => {
            Err(step.fail(format_args!("two encoders of column {} know other categories", column.source)))
        }
        Some(_) => Ok(column),
        None => {
            known.push(categories);
            Ok(column)
        }
    }
}
