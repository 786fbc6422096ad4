//! Model files and the test data that belongs to them: tables of numbers with a column of labels.
//!
//! The names are those of the running system's script: `NAME_model.pkl` beside `NAME_test.csv`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};

/// The column that says what each row is.
pub const LABEL: &str = "label";

/// Endings of files that can hold a model.
const MODEL_ENDINGS: [&str; 12] = ["pkl", "joblib", "skops", "onnx", "ubj", "json", "txt", "lgb", "model", "xgb", "bin", "bst"];

/// A model file and its test data, as far as they are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelWithTest {
    /// What stands before `_model` and `_test`.
    pub name: String,
    pub model: Option<PathBuf>,
    pub test: Option<PathBuf>,
}

/// The pairs of both folders, by name; a name that is in one of them alone is a pair with a gap.
///
/// Errors: [`ErrorKind::FileNotFound`] for a folder that is absent, and when neither holds a file of such a name;
/// [`ErrorKind::BadInput`] for two models of one name.
pub fn pairs(models: &Path, tests: &Path) -> Result<Vec<ModelWithTest>> {
    let mut found: BTreeMap<String, ModelWithTest> = BTreeMap::new();
    for (name, path) in named(models, "_model", &MODEL_ENDINGS)? {
        let pair = found.entry(name.clone()).or_insert_with(|| ModelWithTest { name, ..ModelWithTest::default() });
        if let Some(other) = pair.model.replace(path.clone()) {
            return Err(Error::new(ErrorKind::BadInput, format!("there are two models '{}'", pair.name))
                .because(format!("{} and {}", other.display(), path.display()))
                .hint("leave one of them in the folder"));
        }
    }
    for (name, path) in named(tests, "_test", &["csv"])? {
        found.entry(name.clone()).or_insert_with(|| ModelWithTest { name, ..ModelWithTest::default() }).test = Some(path);
    }
    if found.is_empty() {
        return Err(Error::new(ErrorKind::FileNotFound, format!("there is nothing to validate in {}", models.display()))
            .because(format!("models are called NAME_model.pkl (or .{}), their test data NAME_test.csv", MODEL_ENDINGS[1..].join(", ."))));
    }
    Ok(found.into_values().collect())
}

/// The files of a folder that are called `NAME` + `mark` + an ending, with their names, sorted.
fn named(folder: &Path, mark: &str, endings: &[&str]) -> Result<Vec<(String, PathBuf)>> {
    let entries = fs::read_dir(folder).map_err(|source| Error::file("look into", folder, &source))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|source| Error::file("look into", folder, &source))?.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let name = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.strip_suffix(mark));
        if let Some(name) = name.filter(|name| !name.is_empty() && endings.contains(&ending)) {
            found.push((name.to_owned(), path));
        }
    }
    found.sort();
    Ok(found)
}

/// A table of test data.
#[derive(Clone, Debug)]
pub struct TestData {
    /// Labelled rows of the features, one column a feature in the order that was asked for; NaN for an empty cell.
    pub columns: Vec<Vec<f64>>,
    pub labels: Vec<f64>,
    /// Rows without a label; they are not in the columns.
    pub unlabelled: usize,
}

/// Reads the labelled rows of the columns that `choose` picks by their names (without the label's).
///
/// Errors: those of `choose`; [`ErrorKind::BadInput`] with file and line for a table without the column `label`,
/// a row of another length, and a cell of a chosen column or label that is no number.
pub fn read(path: &Path, choose: impl FnOnce(&[String]) -> Result<Vec<String>>) -> Result<TestData> {
    let bad = |line: u64, what: String| Error::new(ErrorKind::BadInput, format!("{}:{line}: {what}", path.display()));
    let failure = |error: &csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        bad(line, "this is no table".to_owned()).because(error)
    };
    let bytes = fs::read(path).map_err(|source| Error::file("read the test data", path, &source))?;
    let mut rows = csv::Reader::from_reader(bytes.as_slice());
    let header: Vec<String> = rows.headers().map_err(|error| failure(&error))?.iter().map(str::to_owned).collect();
    let place = |name: &str| header.iter().position(|column| column == name);
    let label = place(LABEL)
        .ok_or_else(|| bad(1, format!("there is no column '{LABEL}'")).because(format!("the columns are {}", header.join(", "))))?;
    let others: Vec<String> = header.iter().filter(|name| *name != LABEL).cloned().collect();
    let wanted = choose(&others)?;
    let places: Vec<usize> = wanted
        .iter()
        .map(|name| place(name).ok_or_else(|| bad(1, format!("there is no column '{name}', which the model looks at"))))
        .collect::<Result<_>>()?;
    let mut data = TestData { columns: vec![Vec::new(); places.len()], labels: Vec::new(), unlabelled: 0 };
    for row in rows.records() {
        let row = row.map_err(|error| failure(&error))?;
        let line = row.position().map_or(0, csv::Position::line);
        let cell = |place: usize| row.get(place).unwrap_or_default().trim();
        let number = |place: usize| -> Result<f64> {
            let text = cell(place);
            if text.is_empty() {
                return Ok(f64::NAN);
            }
            text.parse().map_err(|_| bad(line, format!("'{text}' in column '{}' is no number", header[place])))
        };
        let is = number(label)?;
        if is.is_nan() {
            data.unlabelled += 1;
            continue;
        }
        for (column, &place) in data.columns.iter_mut().zip(&places) {
            column.push(number(place)?);
        }
        data.labels.push(is);
    }
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a_test.csv");
        fs::write(&path, text).expect("written");
        (folder, path)
    }

    #[test]
    fn columns_come_in_the_order_that_was_asked_for_and_rows_without_a_label_are_counted() {
        let (_folder, path) = written("b,label,a\n1,0,2\n3,,4\n,1,5\n");
        let data = read(&path, |columns| {
            assert_eq!(columns, ["b", "a"]);
            Ok(vec!["a".into(), "b".into()])
        });
        let data = data.expect("read");
        assert_eq!((data.labels.as_slice(), data.unlabelled), ([0.0, 1.0].as_slice(), 1));
        assert_eq!(data.columns[0], [2.0, 5.0]);
        assert!(data.columns[1][1].is_nan());
    }

    #[test]
    fn what_is_no_number_is_told_with_its_line() {
        let refused = |text: &str, wanted: &str| {
            let (_folder, path) = written(text);
            read(&path, |_| Ok(vec![wanted.to_owned()])).expect_err(text).to_string()
        };
        assert!(refused("a,label\n1,0\nx,1\n", "a").contains("a_test.csv:3: 'x' in column 'a'"));
        assert!(refused("a,label\n1,approve\n", "a").contains("'approve' in column 'label'"));
        assert!(refused("a,b\n1,2\n", "a").contains("no column 'label'"));
        assert!(refused("a,label\n1,2\n", "c").contains("no column 'c'"));
        assert!(refused("a,label\n1\n", "a").contains("a_test.csv:2"));
    }

    #[test]
    fn a_name_in_one_folder_alone_is_a_pair_with_a_gap() {
        let folder = tempfile::tempdir().expect("temporary folder");
        for name in ["x_model.pkl", "y_test.csv", "z_model.onnx", "z_test.csv", "README.md"] {
            fs::write(folder.path().join(name), "").expect("written");
        }
        let found = pairs(folder.path(), folder.path()).expect("found");
        let gaps: Vec<(&str, bool, bool)> =
            found.iter().map(|pair| (pair.name.as_str(), pair.model.is_some(), pair.test.is_some())).collect();
        assert_eq!(gaps, [("x", true, false), ("y", false, true), ("z", true, true)]);
        fs::write(folder.path().join("x_model.json"), "").expect("written");
        assert_eq!(pairs(folder.path(), folder.path()).expect_err("two").kind(), ErrorKind::BadInput);
        let empty = tempfile::tempdir().expect("temporary folder");
        assert_eq!(pairs(empty.path(), empty.path()).expect_err("nothing").kind(), ErrorKind::FileNotFound);
        assert_eq!(pairs(&empty.path().join("absent"), empty.path()).expect_err("absent").kind(), ErrorKind::FileNotFound);
    }
}
