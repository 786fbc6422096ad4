//! The input of every learner and scorer: columns of 32-bit floats.

use crate::error::{Error, ErrorKind, Result};

/// A borrowed matrix, one slice a feature, all of the same length. NaN means missing.
///
/// ```
/// use hivectl::trees::Columns;
///
/// let (size, estimate) = ([1.0, 2.0], [60.0, f32::NAN]);
/// let matrix = Columns::new(vec![&size[..], &estimate[..]], 2)?;
/// assert_eq!((matrix.rows(), matrix.features(), matrix.column(0)), (2, 2, &size[..]));
/// assert!(Columns::new(vec![&size[..]], 3).is_err());
/// # Ok::<(), hivectl::error::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Columns<'a> {
    columns: Vec<&'a [f32]>,
    rows: usize,
}

impl<'a> Columns<'a> {
    /// Takes the columns; `rows` is stated so that a matrix without columns has a length.
    ///
    /// Errors: [`ErrorKind::BadInput`] when a column has another length.
    pub fn new(columns: Vec<&'a [f32]>, rows: usize) -> Result<Self> {
        match columns.iter().position(|column| column.len() != rows) {
            Some(index) => {
                Err(Error::new(ErrorKind::BadInput, format!("column {index} has {} rows, expected {rows}", columns[index].len())))
            }
            None => Ok(Columns { columns, rows }),
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.columns.len()
    }

    /// One feature's values, a number a row.
    pub fn column(&self, feature: usize) -> &'a [f32] {
        self.columns[feature]
    }

    /// The same matrix with another column for one feature.
    ///
    /// Panics if the column has another length.
    pub(crate) fn with_column<'b>(&'b self, feature: usize, column: &'b [f32]) -> Columns<'b> {
        assert_eq!(column.len(), self.rows, "a column of another length");
        let mut columns = self.columns.clone();
        columns[feature] = column;
        Columns { columns, rows: self.rows }
    }
}

/// One finite target a row, at least one row.
pub(crate) fn check_target(matrix: &Columns<'_>, target: &[f64]) -> Result<()> {
    if target.len() != matrix.rows() {
        return Err(Error::new(ErrorKind::BadInput, format!("{} targets for {} rows", target.len(), matrix.rows())));
    }
    if matrix.rows() == 0 {
        return Err(Error::new(ErrorKind::NotEnoughData, "there are no rows to learn from"));
    }
    Ok(())
}
