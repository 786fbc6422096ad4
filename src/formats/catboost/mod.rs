//! CatBoost's own form (`.cbm`) and its JSON (`save_model('m.json', format='json')`): trees on numbers.
//!
//! Values compare as 32-bit floats, sums are of 64 bits. What the sums mean is told by the loss that was learned and by
//! the Python class that loads the file.

mod binary;
mod flat;
mod json;
mod meaning;
mod shapes;

use self::meaning::Info;
use super::read_model::{Loader, ReadOptions, ReadTrees};
use crate::error::{Error, ErrorKind, Result};
use crate::trees::{Aggregation, Precision, ThresholdComparison, Tree, TreeEnsemble};

/// Most columns or classes of one model.
const MOST_COLUMNS: usize = 100_000;

/// The bytes that CatBoost's own form begins with.
pub(super) const MAGIC: &[u8] = b"CBM1";

/// A column of numbers.
struct Column {
    /// Place among all columns.
    place: usize,
    name: String,
    /// Whether what is missing is above all borders, not below them.
    missing_above: bool,
}

/// What a file holds beside its trees.
struct Facts {
    columns: Vec<Column>,
    /// Features that are no numbers: their kind and how many.
    strange: [(&'static str, usize); 3],
    scale: f64,
    /// One number an output.
    bias: Vec<f64>,
    info: Info,
}

impl Facts {
    /// Refuses what the trees may ask beside numbers.
    fn only_numbers(&self) -> Result<()> {
        match self.strange.into_iter().find(|(_, held)| *held > 0) {
            None => Ok(()),
            Some((kind, held)) => Err(bad(format_args!("it learned from {held} {kind} features, whose statistics are CatBoost's own"))
                .hint("train on numbers (one column a category: `pandas.get_dummies(rows)`), or have the version served by MLflow")),
        }
    }

    /// Names of the columns, in the order of the table; CatBoost calls those without a name by their place.
    fn names(&self) -> Result<Vec<String>> {
        let count = self.columns.iter().map(|column| column.place.saturating_add(1)).max().unwrap_or(0);
        if count != self.columns.len() || count > MOST_COLUMNS {
            return Err(bad(format_args!("{} features of {count} columns", self.columns.len())));
        }
        let mut names: Vec<String> = (0..count).map(|place| format!("feature_{place}")).collect();
        for column in &self.columns {
            if !column.name.is_empty() && column.name != column.place.to_string() {
                names[column.place].clone_from(&column.name);
            }
        }
        Ok(names)
    }

    /// The model of these trees.
    fn model(self, trees: Vec<Tree>, loader: Loader) -> Result<ReadTrees> {
        let (task, only_orders) = self.info.task(self.bias.len(), loader)?;
        if let Some(bias) = self.bias.iter().find(|bias| !bias.is_finite()) {
            return Err(bad(format_args!("{bias} is added to its sums")));
        }
        let ensemble = TreeEnsemble {
            feature_names: self.names()?,
            task,
            outputs: self.bias.len(),
            base: self.bias,
            aggregation: Aggregation::Sum,
            comparison: ThresholdComparison::LessOrEqual,
            precision: Precision::SingleValues,
            trees,
        };
        ensemble.check()?;
        Ok(ReadTrees { only_orders, ..ensemble.into() })
    }
}

/// Reads a model in JSON.
///
/// Errors: [`ErrorKind::BadModelFile`] with line and column, or with the part that is missing, wrong or not understood;
/// categories, texts and embeddings by their name.
pub(super) fn read_json_as(bytes: &[u8], options: ReadOptions) -> Result<ReadTrees> {
    json::read(bytes, options.loader)
}

/// Reads a model in CatBoost's own form.
///
/// Errors: as [`read_json_as`], with the byte.
pub(super) fn read_binary_as(bytes: &[u8], options: ReadOptions) -> Result<ReadTrees> {
    binary::read(bytes, options.loader)
}

/// Whether a JSON document is CatBoost's, by the keys that it begins with.
pub(super) fn is_json(bytes: &[u8]) -> bool {
    let begin = &bytes[..bytes.len().min(4096)];
    let holds = |key: &[u8]| memchr::memmem::find(begin, key).is_some();
    ["\"features_info\"", "\"oblivious_trees\"", "\"ctr_data\""].iter().any(|key| holds(key.as_bytes())) && !holds(b"\"learner\"")
}

/// Whether a file can be parsed to its end, whether its model is understood or not.
///
/// Errors: line and column, or the byte.
pub(super) fn ends(bytes: &[u8]) -> Result<()> {
    info(bytes).map(|_| ())
}

/// The class of CatBoost's that gives the answers which are meant: `CatBoostClassifier` where the loss is one of
/// classes, `CatBoostRanker` where it is one of orders, else `CatBoostRegressor`, also for a file that cannot be read.
///
/// ```
/// use hivectl::formats::catboost::python_class;
///
/// assert_eq!(python_class(b"CBM1"), "CatBoostRegressor");
/// ```
pub fn python_class(bytes: &[u8]) -> &'static str {
    info(bytes).map_or("CatBoostRegressor", |info| info.python_class())
}

fn info(bytes: &[u8]) -> Result<Info> {
    if bytes.starts_with(MAGIC) { binary::info(bytes) } else { json::info(bytes) }
}

fn bad(what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::BadModelFile, format!("cannot understand this CatBoost model: {what}"))
}
