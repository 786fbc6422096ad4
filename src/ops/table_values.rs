//! The numbers that a model sees in the cells of a table.

use crate::formats::ReadModel;
use crate::source::table_rows::Cell;

/// The number in a cell of the column `name`, which is the model's feature number `feature`; NaN where there is none. A
/// category that was named in training is its place there.
///
/// Errors, without a place: a text in a column of numbers; a category that the library would refuse.
pub(super) fn value(model: &ReadModel, feature: usize, cell: &Cell, name: &str) -> Result<f64, String> {
    let shown = |text: &str| text.chars().take(40).collect::<String>().escape_debug().to_string();
    let (name, named) = (name.escape_debug(), model.categories.iter().find(|column| column.feature == feature));
    match (named, cell) {
        (_, Cell::Missing) => Ok(f64::NAN),
        (None, cell) => cell.number().ok_or_else(|| {
            let Cell::Text(text) = cell else { return format!("the column '{name}' holds no number") };
            format!("'{}' in column '{name}' is no number", shown(text))
        }),
        (Some(categories), cell) => {
            let text = if let Cell::Text(text) = cell { text.clone() } else { cell.number().unwrap_or(f64::NAN).to_string() };
            categories.code(&text).ok_or_else(|| {
                let known: Vec<String> = categories.labels.iter().take(8).map(ToString::to_string).collect();
                format!("'{}' in column '{name}' is no category of its training ({})", shown(&text), known.join(", "))
            })
        }
    }
}
