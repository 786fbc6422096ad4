//! The matrix that learners and scorers read: one column of 32-bit floats a feature.

use std::ops::Range;
use std::sync::Arc;

use super::schema::FeatureSchema;
use crate::error::{Error, ErrorKind, Result};
use crate::trees::Columns;

/// A matrix with its schema; 4 bytes a value, NaN where nothing is known.
///
/// ```
/// use std::sync::Arc;
///
/// use hivectl::features::{FeatureSchema, HistoryPolicy, TicketTable, build};
/// use hivectl::ticket::Ticket;
///
/// let mut table = TicketTable::default();
/// table.push(&Ticket { estimated_duration_ms: Some(60_000.0), ..Ticket::default() }, None);
/// let schema = Arc::new(FeatureSchema::reference());
/// let frame = build(&schema, &table.into_timeline(), &[0], &HistoryPolicy::default())?;
/// let estimate = schema.position("estimated_duration_ms").expect("a column of the reference");
/// assert_eq!((frame.rows(), frame.column(estimate)), (1, &[60_000.0][..]));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FeatureFrame {
    schema: Arc<FeatureSchema>,
    rows: usize,
    columns: Vec<Vec<f32>>,
}

impl FeatureFrame {
    /// Takes the columns in the schema's order.
    ///
    /// Errors: [`ErrorKind::SchemaMismatch`] when their number or a length differs.
    pub fn new(schema: Arc<FeatureSchema>, rows: usize, columns: Vec<Vec<f32>>) -> Result<Self> {
        if columns.len() != schema.len() {
            return Err(Error::new(
                ErrorKind::SchemaMismatch,
                format!("{} columns for the {} features of '{}'", columns.len(), schema.len(), schema.name),
            ));
        }
        match columns.iter().position(|column| column.len() != rows) {
            Some(place) => {
                let (name, found) = (schema.features[place].name(), columns[place].len());
                Err(Error::new(ErrorKind::SchemaMismatch, format!("column {name} has {found} rows, expected {rows}")))
            }
            None => Ok(FeatureFrame { schema, rows, columns }),
        }
    }

    /// The schema.
    pub fn schema(&self) -> &Arc<FeatureSchema> {
        &self.schema
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// One feature's values.
    pub fn column(&self, feature: usize) -> &[f32] {
        &self.columns[feature]
    }

    /// All rows, borrowed for a learner or a scorer.
    pub fn columns(&self) -> Result<Columns<'_>> {
        self.slice(0..self.rows)
    }

    /// Neighbouring rows, borrowed.
    ///
    /// Errors: [`ErrorKind::BadInput`] when the range passes the end.
    pub fn slice(&self, rows: Range<usize>) -> Result<Columns<'_>> {
        if rows.start > rows.end || rows.end > self.rows {
            return Err(Error::new(ErrorKind::BadInput, format!("rows {}..{} of {}", rows.start, rows.end, self.rows)));
        }
        let length = rows.len();
        Columns::new(self.columns.iter().map(|column| &column[rows.clone()]).collect(), length)
    }

    /// Any rows in any order, copied; `rows` are row numbers of this frame.
    pub fn select(&self, rows: &[u32]) -> FeatureFrame {
        let columns = self.columns.iter().map(|column| rows.iter().map(|&row| column[row as usize]).collect()).collect();
        FeatureFrame { schema: Arc::clone(&self.schema), rows: rows.len(), columns }
    }

    /// One row, a value a feature.
    pub fn row(&self, row: usize) -> Vec<f32> {
        self.columns.iter().map(|column| column[row]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> FeatureFrame {
        let schema = Arc::new(FeatureSchema::reference());
        let columns = (0..schema.len()).map(|feature| (0..4).map(|row| (feature * 10 + row) as f32).collect()).collect();
        FeatureFrame::new(schema, 4, columns).unwrap()
    }

    #[test]
    fn rows_are_selected_copied_or_borrowed() {
        let frame = frame();
        assert_eq!(frame.select(&[3, 0]).column(1), [13.0, 10.0]);
        assert_eq!(frame.slice(1..3).unwrap().column(2), [21.0, 22.0]);
        assert_eq!(frame.row(2)[14], 142.0);
        assert_eq!(frame.columns().unwrap().rows(), 4);
        assert!(frame.slice(2..5).is_err());
    }

    #[test]
    fn columns_must_fit_the_schema() {
        let schema = Arc::new(FeatureSchema::reference());
        assert!(FeatureFrame::new(Arc::clone(&schema), 1, vec![vec![0.0]; 14]).is_err());
        let mut columns = vec![vec![0.0; 2]; 15];
        columns[9].pop();
        assert!(FeatureFrame::new(schema, 2, columns).unwrap_err().to_string().contains("avg_duration_by_task has 1 rows, expected 2"));
    }
}
