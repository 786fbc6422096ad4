//! The numbers that a model sees in the cells of a table.

use crate::base::number::{counted, plural};
use crate::formats::ReadModel;
use crate::source::table_rows::Cell;
use crate::trees::Precision;

/// The number in a cell of the column `name`, which is the model's feature number `feature`; NaN where there is none. A
/// category that was named in training is its place there; a number goes the way that the signature of its package says.
///
/// Errors, without a place: a text in a column of numbers; a category that the library would refuse; a number that is not of
/// the signature's type.
pub(super) fn value(model: &ReadModel, feature: usize, cell: &Cell, name: &str) -> Result<f64, String> {
    let shown = |text: &str| text.chars().take(40).collect::<String>().escape_debug().to_string();
    let (name, named) = (name.escape_debug(), model.categories.iter().find(|column| column.feature == feature));
    let enforced = |number: f64| {
        let number = match model.signature.type_of(feature) {
            Some(kind) => kind.enforced(number).map_err(|what| format!("the column '{name}': {what}"))?,
            None => number,
        };
        let is_infinite = number.is_infinite() || (model.ensemble.precision != Precision::Double && (number as f32).is_infinite());
        match () {
            () if model.refuses.infinite && is_infinite => {
                Err(format!("{number} in column '{name}' is infinite or too large for 32 bits, which its library refuses"))
            }
            () if model.refuses.missing && number.is_nan() => {
                Err(format!("the column '{name}' is empty, and this model takes no missing value"))
            }
            () => Ok(number),
        }
    };
    match (named, cell) {
        (None, Cell::Missing) => enforced(f64::NAN),
        (_, Cell::Missing) => Ok(f64::NAN),
        (None, cell) => {
            let number = cell.number().ok_or_else(|| {
                let Cell::Text(text) = cell else { return format!("the column '{name}' holds no number") };
                format!("'{}' in column '{name}' is no number", shown(text))
            });
            number.and_then(enforced)
        }
        (Some(categories), cell) => {
            let text = if let Cell::Text(text) = cell { text.clone() } else { cell.number().unwrap_or(f64::NAN).to_string() };
            categories.code(&text).ok_or_else(|| {
                let known: Vec<String> = categories.labels.iter().take(8).map(ToString::to_string).collect();
                format!("'{}' in column '{name}' is no category of its training ({})", shown(&text), known.join(", "))
            })
        }
    }
}

/// How many values the model cannot see as they are: 32 bits hold them only to the nearest, which is another whole number or
/// off by half a unit or more.
pub(super) fn narrowed_values(read: &ReadModel, columns: &[Vec<f64>]) -> u64 {
    if read.ensemble.precision == Precision::Double {
        return 0;
    }
    let narrowed = |value: &&f64| value.is_finite() && (f64::from(**value as f32) - **value).abs() >= 0.5;
    columns.iter().flatten().filter(narrowed).count() as u64
}

/// What is told of so many such values; `None` of none.
pub(super) fn narrowed_note(count: u64) -> Option<String> {
    (count > 0).then(|| {
        format!(
            "{} {} more digits than the 32 bits in which this model compares; it sees the nearest number",
            counted(count as usize, "value"),
            plural(count as usize, "has", "have")
        )
    })
}
