//! The signature in an `MLmodel`: names and types of the columns, and how their values reach the model.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};

/// The type of a column, as a signature states it.
///
/// ```
/// use hivectl::formats::signature::ColumnType;
///
/// assert_eq!(ColumnType::Float.enforced(0.1), Ok(f64::from(0.1f32)));
/// assert!(ColumnType::Integer.enforced(1.5).is_err() && ColumnType::Long.enforced(f64::NAN).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum ColumnType {
    Boolean,
    /// 32 bits.
    Integer,
    /// 64 bits.
    Long,
    /// 32 bits.
    Float,
    /// 64 bits.
    Double,
    String,
    Binary,
    Datetime,
}

impl ColumnType {
    /// The number that the model is given for one in a cell; NaN is a cell without a value.
    ///
    /// Errors, without a place: what MLflow refuses: a number that is not whole or out of range in a column of whole numbers, and
    /// none there; a type that is no number.
    pub fn enforced(self, value: f64) -> std::result::Result<f64, String> {
        let whole = |low: f64, high: f64| match value {
            _ if value.is_nan() => Err(format!(
                "it is empty, and the signature says {self}, which cannot be missing (a column that may be is declared double)"
            )),
            _ if value.fract() == 0.0 && (low..=high).contains(&value) => Ok(value),
            _ => Err(format!("{value} is none of the {self} values that the signature says")),
        };
        match self {
            ColumnType::Boolean if value.is_nan() => Ok(value),
            ColumnType::Boolean => whole(0.0, 1.0),
            ColumnType::Integer => whole(f64::from(i32::MIN), f64::from(i32::MAX)),
            // The next 64-bit float below 2^63.
            ColumnType::Long => whole(i64::MIN as f64, 9_223_372_036_854_774_784.0),
            ColumnType::Float => Ok(f64::from(value as f32)),
            ColumnType::Double | ColumnType::String => Ok(value),
            ColumnType::Binary | ColumnType::Datetime => Err(format!("the signature says {self}, which is no number")),
        }
    }

    /// The type of a tensor's elements.
    fn of_elements(dtype: &str) -> Option<ColumnType> {
        match dtype {
            "bool" => Some(ColumnType::Boolean),
            "int32" => Some(ColumnType::Integer),
            "int64" => Some(ColumnType::Long),
            "float32" => Some(ColumnType::Float),
            "float64" => Some(ColumnType::Double),
            _ => None,
        }
    }
}

/// Types that are no column of a table.
const OTHER_TYPES: [&str; 6] = ["tensor", "array", "object", "map", "any", "sparkml_vector"];

/// What a signature says of the columns.
///
/// ```
/// use hivectl::formats::signature::{ColumnType, Signature};
///
/// let signature = Signature { names: vec!["size".into()], types: vec![ColumnType::Long] };
/// assert_eq!((signature.type_of(0), signature.type_of(1)), (Some(ColumnType::Long), None));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// In their order; empty where it has none.
    pub names: Vec<String>,
    /// One a column; a single one for all of a tensor.
    pub types: Vec<ColumnType>,
}

impl Signature {
    /// The signature of an `MLmodel`; empty where it has none.
    ///
    /// Errors: [`ErrorKind::Usage`] for a column that is named twice; [`ErrorKind::BadModelFile`] for what is no signature and
    /// for a type that is not known.
    pub(super) fn of(mlmodel: &Value) -> Result<Signature> {
        let bad = |what: String| Error::new(ErrorKind::BadModelFile, "the signature in MLmodel is not understood").because(what);
        // The signature is JSON in a YAML string.
        let Some(text) = mlmodel["signature"]["inputs"].as_str() else { return Ok(Signature::default()) };
        let inputs: Vec<Value> = serde_json::from_str(text).map_err(|error| bad(error.to_string()))?;
        let tensor = |input: &Value| input["tensor-spec"]["dtype"].as_str().map(str::to_owned);
        if let [only] = inputs.as_slice()
            && let Some(dtype) = tensor(only)
        {
            let types = ColumnType::of_elements(&dtype).into_iter().collect();
            return Ok(Signature { names: Vec::new(), types });
        }
        let names: Option<Vec<String>> = inputs.iter().map(|column| column["name"].as_str().map(str::to_owned)).collect();
        let names = names.unwrap_or_default();
        let mut seen = BTreeSet::new();
        if let Some(twice) = names.iter().find(|name| !seen.insert(name.as_str())) {
            return Err(Error::new(ErrorKind::Usage, format!("the signature names the column '{}' twice", twice.escape_debug()))
                .because(format!("its columns are {}", names.join(", "))));
        }
        let kind = |column: &Value| match (tensor(column), column["type"].as_str()) {
            (Some(dtype), _) => ColumnType::of_elements(&dtype).ok_or_else(|| bad(format!("a tensor of {:.40}", dtype))),
            (None, Some(word)) => word.parse().map_err(|_| bad(format!("the type '{:.40}'", word.escape_debug().to_string()))),
            (None, None) => Err(bad("a column without a type".into())),
        };
        Ok(Signature { names, types: inputs.iter().map(kind).collect::<Result<_>>()? })
    }

    /// Whether the signature of an `MLmodel` is one, of whatever types: models of texts and images have types that no table has.
    ///
    /// Errors: [`ErrorKind::BadModelFile`] for what is no signature and a type that MLflow does not know; [`ErrorKind::Usage`] for a
    /// column that is named twice.
    pub(super) fn check(mlmodel: &Value) -> Result<()> {
        let bad = |what: String| {
            Error::new(ErrorKind::BadModelFile, "the signature in MLmodel is not understood")
                .because(what)
                .hint("save the model with `signature=mlflow.models.infer_signature(rows, answers)`")
        };
        let signature = match &mlmodel["signature"] {
            Value::Null => return Ok(()),
            Value::Object(signature) => signature,
            other => return Err(bad(format!("it is {:.40}", other.to_string()))),
        };
        for part in ["inputs", "outputs", "params"] {
            let text = match signature.get(part) {
                None | Some(Value::Null) => continue,
                Some(text) => text.as_str().ok_or_else(|| bad(format!("'{part}' is no text")))?,
            };
            let columns: Option<Vec<Value>> = serde_json::from_str(text).map_err(|error| bad(format!("'{part}': {error}")))?;
            let mut seen = BTreeSet::new();
            for (place, column) in columns.iter().flatten().enumerate() {
                if let Some(twice) = column["name"].as_str().filter(|name| !seen.insert(name.to_owned())) {
                    return Err(bad(format!("'{part}' names the column '{:.80}' twice", twice.escape_debug().to_string())));
                }
                let word = column["type"].as_str().ok_or_else(|| bad(format!("'{part}': column {} has no type", place + 1)))?;
                if word.parse::<ColumnType>().is_err() && !OTHER_TYPES.contains(&word) {
                    return Err(bad(format!("'{part}': the type '{:.40}'", word.escape_debug().to_string())));
                }
            }
        }
        Ok(())
    }

    /// The type of a column of the model, by its place.
    pub fn type_of(&self, place: usize) -> Option<ColumnType> {
        match self.types.as_slice() {
            [only] if self.names.is_empty() => Some(*only),
            types => types.get(place).copied(),
        }
    }
}
