//! Model files and the test data that belongs to them: tables of numbers with a column of labels.
//!
//! The names are those of the running system's script: `NAME_model.pkl` beside `NAME_test.csv`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::table_rows::{self, Cell};
use crate::error::{Error, ErrorKind, Result};
use crate::formats::stranger_folder;

/// The column that says what each row is, where no other was named.
pub const LABEL: &str = "label";

/// Endings of files that can hold a model; the last two are of forms that are told by name and not read.
const MODEL_ENDINGS: [&str; 16] =
    ["pkl", "joblib", "skops", "onnx", "ubj", "json", "txt", "lgb", "model", "xgb", "bin", "bst", "cbm", "cb", "pmml", "tl"];

/// Endings of files that can hold a table.
const TABLE_ENDINGS: [&str; 5] = ["csv", "parquet", "jsonl", "ndjson", "tsv"];

/// A model file and its test data, as far as they are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelWithTest {
    /// What stands before `_model` and `_test`.
    pub name: String,
    pub model: Option<PathBuf>,
    pub test: Option<PathBuf>,
}

impl ModelWithTest {
    /// Which file is missing of the two, as one would look for it in the `[models, tests]` folders; `None` where both are
    /// there.
    pub fn missing(&self, [models, tests]: [&Path; 2]) -> Option<String> {
        let (folder, mark, endings, there) = match (&self.model, &self.test) {
            (None, Some(test)) => (models, "_model", &MODEL_ENDINGS[..], test),
            (Some(model), None) => (tests, "_test", &TABLE_ENDINGS[..], model),
            _ => return None,
        };
        let path = folder.join(format!("{}{mark}.{}", self.name, endings[0]));
        Some(format!("there is no {} (or .{}) for {}", path.display(), endings[1..].join(", ."), there.display()))
    }
}

/// The pairs of both folders, by name; a name that is in one of them alone is a pair with a gap.
///
/// Errors: [`ErrorKind::FileNotFound`] for a folder that is absent, and when neither holds a file of such a name;
/// [`ErrorKind::BadInput`] for two models or two tables of one name.
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
    for (name, path) in named(tests, "_test", &TABLE_ENDINGS)? {
        let pair = found.entry(name.clone()).or_insert_with(|| ModelWithTest { name, ..ModelWithTest::default() });
        if let Some(other) = pair.test.replace(path.clone()) {
            return Err(Error::new(ErrorKind::BadInput, format!("there are two tables for '{}'", pair.name))
                .because(format!("{} and {}", other.display(), path.display()))
                .hint("leave one of them in the folder"));
        }
    }
    if found.is_empty() {
        return Err(Error::new(ErrorKind::FileNotFound, format!("there is nothing to validate in {}", models.display())).because(format!(
            "models are called NAME_model.pkl (or .{}), their test data NAME_test.csv (or .{})",
            MODEL_ENDINGS[1..].join(", ."),
            TABLE_ENDINGS[1..].join(", .")
        )));
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
        let is_one = endings.contains(&ending) || (ending.is_empty() && stranger_in(&path).is_some());
        if let Some(name) = name.filter(|name| !name.is_empty() && is_one) {
            found.push((name.to_owned(), path));
        }
    }
    found.sort();
    Ok(found)
}

/// What the folder is, where a tool saved a model as one that is not read.
fn stranger_in(path: &Path) -> Option<Error> {
    let names: Vec<String> = fs::read_dir(path).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    stranger_folder(names.iter().map(String::as_str))
}

/// The bytes of a model that [`pairs`] found; none of them is looked at.
///
/// Errors: those of reading the file; [`ErrorKind::BadModelFile`] for the folder of a tool whose models are not read, by the
/// tool's name.
pub fn model_bytes(path: &Path) -> Result<Vec<u8>> {
    match path.is_dir().then(|| stranger_in(path)).flatten() {
        Some(error) => Err(error),
        None => fs::read(path).map_err(|source| Error::file("read the model", path, &source)),
    }
}

/// A table of test data.
#[derive(Clone, Debug, Default)]
pub struct TestData {
    /// Labelled rows of the features, one column a feature in the order that was asked for; NaN for a missing value.
    pub columns: Vec<Vec<f64>>,
    /// What each row is; none is [`Cell::Missing`].
    pub labels: Vec<Cell>,
    /// Rows without a label; they are not in the columns.
    pub unlabelled: usize,
}

/// Reads the labelled rows of a table in any form that [`table_rows::read`] takes; `choose` picks the columns by the names
/// of all but the label's, as places among them, and `value` tells the number in a cell of the chosen column of that place,
/// given its name.
///
/// Errors: those of `choose`; [`ErrorKind::BadInput`] with file and line for a table without the column `label`,
/// a row of another length, and what `value` refuses.
pub fn read(
    path: &Path,
    label: &str,
    choose: impl Fn(&[String]) -> Result<Vec<usize>>,
    value: impl Fn(usize, &Cell, &str) -> std::result::Result<f64, String>,
) -> Result<TestData> {
    let file = path.to_string_lossy();
    let bad = |line: u64, what: String| Error::new(ErrorKind::BadInput, format!("{file}:{line}: {what}"));
    let mut data: Option<TestData> = None;
    table_rows::read(&file, &mut |batch| {
        let label_place = batch.names.iter().position(|column| column == label).ok_or_else(|| {
            bad(1, format!("there is no column '{label}'")).because(format!("the columns are {}", batch.names.join(", ")))
        })?;
        if batch.names.iter().filter(|column| *column == label).nth(1).is_some() {
            return Err(Error::new(ErrorKind::Usage, format!("{file} has the column '{label}' twice"))
                .because(format!("the columns are {}", batch.names.join(", "))));
        }
        let others: Vec<usize> = (0..batch.names.len()).filter(|&place| place != label_place).collect();
        let names: Vec<String> = others.iter().map(|&place| batch.names[place].clone()).collect();
        let chosen: Vec<usize> = choose(&names)?.into_iter().map(|place| others[place]).collect();
        let data = data.get_or_insert_with(|| TestData { columns: vec![Vec::new(); chosen.len()], ..TestData::default() });
        for (row, &line) in batch.lines.iter().enumerate() {
            let is = &batch.columns[label_place][row];
            if *is == Cell::Missing {
                data.unlabelled += 1;
                continue;
            }
            for (feature, (column, &place)) in data.columns.iter_mut().zip(&chosen).enumerate() {
                column.push(value(feature, &batch.columns[place][row], &batch.names[place]).map_err(|what| bad(line, what))?);
            }
            data.labels.push(is.clone());
        }
        Ok(())
    })?;
    data.ok_or_else(|| bad(1, "the table has no rows".into()))
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

    fn number(_: usize, cell: &Cell, column: &str) -> std::result::Result<f64, String> {
        cell.number().ok_or_else(|| format!("no number in column '{column}'"))
    }

    #[test]
    fn columns_come_in_the_order_that_was_asked_for_and_rows_without_a_label_are_counted() {
        let (_folder, path) = written("b,label,a\n1,0,2\n3,,4\n,yes,5\n");
        let choose = |columns: &[String]| {
            assert_eq!(columns, ["b", "a"]);
            Ok(vec![1, 0])
        };
        let data = read(&path, LABEL, choose, number);
        let data = data.expect("read");
        assert_eq!((data.labels.as_slice(), data.unlabelled), (&[Cell::Text("0".into()), Cell::Text("yes".into())][..], 1));
        assert_eq!(data.columns[0], [2.0, 5.0]);
        assert!(data.columns[1][1].is_nan());
        assert_eq!(read(&path, "a", |_| Ok(vec![0]), number).expect("another label").labels.len(), 3);
    }

    #[test]
    fn what_is_no_number_is_told_with_its_line() {
        let refused = |text: &str, chosen: usize| {
            let (_folder, path) = written(text);
            read(&path, LABEL, |_| Ok(vec![chosen]), number).expect_err(text).to_string()
        };
        assert!(refused("a,label\n1,0\nx,1\n", 0).contains("a_test.csv:3: no number in column 'a'"));
        assert!(refused("a,b\n1,2\n", 0).contains("no column 'label'"));
        assert!(refused("a,label\n1\n", 0).contains("a_test.csv:2"));
        assert!(refused("a,label\n", 0).contains("no rows"));
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
