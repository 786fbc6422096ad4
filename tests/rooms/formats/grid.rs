//! The grid: files that the installed libraries make (`tests/python/grid.py`), library by option by form, each on 500 rows
//! with missing, infinite, boundary and unseen values, against what the library answers.
//!
//! Wrong is a label that differs, or a number that is further off than 1e-6 of it. A number near zero may be off by one unit in
//! the last place of the largest answer, in the library's own width: a complement of a probability is itself no better. What is a
//! sum or a mean of leaves, without a function behind it, must be the library's to the last bit. A tenth is made by default; `HIVECTL_FULL=1` makes all, also with the libraries of
//! former years (`tests/servers/ages.sh`), each judged by itself.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use hivectl::formats::{self, ReadModel, ReadOptions};
use hivectl::kinds::table_model::{TableAnswers, answers};
use hivectl::statistics::ClassLabel;
use serde_json::Value;

/// Largest difference of two numbers that are the same, relative.
const NEAR: f64 = 1e-6;

/// How the files of one library and form did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Answered as the library does.
    pub right: usize,
    /// Of these, those whose every number is the library's to the last bit.
    pub exact: usize,
    /// The others of these.
    pub rounded: Vec<String>,
    /// Not read, each with its reason.
    pub refused: Vec<String>,
    /// Answered otherwise, each with where.
    pub wrong: Vec<String>,
}

/// The grid by library and form.
pub type Grid = BTreeMap<(String, String), Counts>;

/// Makes the files with a Python and judges them: all, or of `part` (as `3/10`) of them.
pub fn judged(python: &str, part: Option<&str>) -> Grid {
    let folder = tempfile::tempdir().expect("a folder");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/grid.py");
    let made = Command::new(python).arg(script).arg(folder.path()).args(part).output().expect("Python starts");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
    of_folder(folder.path())
}

/// Judges the files of a folder that `grid.py` wrote.
pub fn of_folder(folder: &Path) -> Grid {
    let columns: BTreeMap<&str, Vec<Vec<f64>>> =
        ["endless", "missing", "unseen", "finite"].into_iter().map(|name| (name, rows(&folder.join(format!("{name}.bin"))))).collect();
    let text = std::fs::read_to_string(folder.join("grid.jsonl")).expect("the list");
    let mut grid = Grid::new();
    for line in text.lines() {
        let entry: Value = serde_json::from_str(line).expect("JSON");
        let word = |value: &Value| value.as_str().expect("a word").to_owned();
        for case in entry["cases"].as_array().into_iter().flatten() {
            let (form, path) = (word(&case["form"]), word(&case["path"]));
            let counts = grid.entry((word(&entry["library"]), form.clone())).or_default();
            let told = format!("{}, {form} ({path})", word(&entry["option"]));
            let answer = &entry["answers"][&word(&case["answer"])];
            let bytes = std::fs::read(folder.join(path)).expect("a file");
            match formats::read(&bytes, ReadOptions::default()) {
                Err(error) => counts.refused.push(format!("{told}: {error}")),
                Ok(read) => {
                    let columns = &columns[answer["rows"].as_str().expect("rows")];
                    let exactly = differs(&read, columns, answer, true);
                    let roughly = exactly.as_ref().and_then(|_| differs(&read, columns, answer, false));
                    match (roughly, exactly) {
                        (Some(what), _) => counts.wrong.push(format!("{told}: {what}")),
                        (None, Some(what)) if is_sum(&read) => {
                            counts.wrong.push(format!("{told}: a sum that is rounded otherwise: {what}"))
                        }
                        (None, exactly) => {
                            counts.right += 1;
                            counts.exact += usize::from(exactly.is_none());
                            counts.rounded.extend(exactly.map(|what| format!("{told}: {what}")));
                        }
                    }
                }
            }
        }
    }
    grid
}

/// Whether the answer is what the trees add up to or average, without a function behind it: then it is the library's to the last
/// bit, since both add in the same width and order.
fn is_sum(read: &ReadModel) -> bool {
    use hivectl::trees::{EnsembleTask, LinkFunction};
    let is_bare = matches!(
        read.ensemble.task,
        EnsembleTask::Regression | EnsembleTask::Classification { link: LinkFunction::Identity | LinkFunction::Margin, .. }
    );
    is_bare && read.committee.is_none()
}

/// One column of values a feature.
fn rows(path: &Path) -> Vec<Vec<f64>> {
    const COLUMNS: usize = 5;
    let bytes = std::fs::read(path).expect("the rows");
    let numbers: Vec<f64> = bytes.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
    (0..COLUMNS).map(|column| numbers.iter().skip(column).step_by(COLUMNS).copied().collect()).collect()
}

/// Where a model answers otherwise than its library did.
fn differs(read: &ReadModel, columns: &[Vec<f64>], theirs: &Value, exactly: bool) -> Option<String> {
    let far = |ours: &[f64], theirs: &[Value]| far(ours, theirs, exactly);
    let said = match coded(read, columns).and_then(|columns| answers(read, &columns, 1).map_err(|error| error.to_string())) {
        Ok(said) => said,
        Err(error) => return Some(error),
    };
    let list = |key: &str| theirs[key].as_array().map(Vec::as_slice);
    match (&said, list("numbers"), list("booster")) {
        (TableAnswers::Numbers(numbers) | TableAnswers::Targets { numbers, .. }, Some(theirs), _) => far(numbers, theirs),
        // A booster tells probabilities, of two classes that of the second.
        (TableAnswers::Classes { labels, probabilities, .. }, _, Some(theirs)) => match labels.len() {
            2 if theirs.len() * 2 == probabilities.len() => {
                far(&probabilities.iter().skip(1).step_by(2).copied().collect::<Vec<f64>>(), theirs)
            }
            _ => far(probabilities, theirs),
        },
        (TableAnswers::Classes { labels, chosen, probabilities }, ..) => {
            let shares = list("shares").and_then(|theirs| far(probabilities, theirs));
            let theirs = list("labels").or_else(|| list("said")).unwrap_or_default();
            let differs = |(place, theirs): (&usize, &Value)| !is_label(&labels[*place], theirs);
            let label = chosen.iter().zip(theirs).position(|(place, theirs)| differs((place, theirs)));
            shares.or_else(|| label.map(|row| format!("row {row}: {} for {}", labels[chosen[row]], theirs[row])))
        }
        (TableAnswers::Numbers(numbers), None, None) => far(numbers, list("said").unwrap_or_default()),
        (TableAnswers::Marks { marked, scores }, ..) => {
            // Some graphs tell the score less the offset.
            let shifted = match (&read.ensemble.task, list("shifted")) {
                (hivectl::trees::EnsembleTask::Isolation(score), Some(_)) => score.offset,
                _ => 0.0,
            };
            let marks = marked.iter().zip(list("marks").unwrap_or_default()).position(|(marked, theirs)| *marked != (theirs == -1));
            let theirs: Vec<Value> = list("scores").unwrap_or_default().iter().map(|score| Value::from(number(score) + shifted)).collect();
            far(scores, &theirs).or_else(|| marks.map(|row| format!("row {row} is marked otherwise")))
        }
        _ => Some("another kind of answer".into()),
    }
}

/// The columns as the trees see them: places of categories where the library's own encoder makes such.
fn coded(read: &ReadModel, columns: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, String> {
    let mut columns = columns.to_vec();
    for column in &read.categories {
        for value in columns[column.feature].iter_mut().filter(|value| !value.is_nan()) {
            let place = column.labels.iter().position(|label| label.number() == Some(*value));
            *value = match place {
                Some(place) => place as f64,
                None if column.is_unseen_missing => f64::NAN,
                None => return Err(format!("the category {value} is refused")),
            };
        }
    }
    Ok(columns)
}

fn is_label(ours: &ClassLabel, theirs: &Value) -> bool {
    match theirs.as_f64() {
        Some(number) => ours.number() == Some(number),
        None => theirs.as_str().is_some_and(|text| ours.is_called(text)),
    }
}

fn number(value: &Value) -> f64 {
    match value.as_str() {
        Some("inf") => f64::INFINITY,
        Some(_) => f64::NEG_INFINITY,
        None => value.as_f64().unwrap_or(f64::NAN),
    }
}

/// The first number that is not near the library's.
fn far(ours: &[f64], theirs: &[Value], exactly: bool) -> Option<String> {
    if ours.len() != theirs.len() {
        return Some(format!("{} numbers for {}", ours.len(), theirs.len()));
    }
    let theirs: Vec<f64> = theirs.iter().map(number).collect();
    let largest = theirs.iter().filter(|number| number.is_finite()).fold(0.0, |largest: f64, number| largest.max(number.abs()));
    let is_single = theirs.iter().all(|&number| number.is_nan() || f64::from(number as f32) == number);
    let unit = largest * if is_single { f64::from(f32::EPSILON) } else { f64::EPSILON };
    let is_near = |(ours, theirs): (&f64, &f64)| {
        (ours.is_nan() && theirs.is_nan()) || ours == theirs || (!exactly && (ours - theirs).abs() <= (NEAR * theirs.abs()).max(unit))
    };
    let place = ours.iter().zip(&theirs).position(|pair| !is_near(pair))?;
    Some(format!("number {place}: {} for {}", ours[place], theirs[place]))
}

/// The libraries of former years that a Python is found for: the name of each age, and its interpreter.
pub fn ages() -> Vec<(String, String)> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/ages.sh");
    let made = Command::new("sh").arg(script).stderr(std::process::Stdio::inherit()).output().expect("a shell starts");
    let text = String::from_utf8(made.stdout).expect("text");
    text.lines().filter_map(|line| line.split_once(' ')).map(|(age, python)| (age.to_owned(), python.to_owned())).collect()
}

/// Puts one grid into another.
pub fn join(grid: &mut Grid, more: Grid) {
    for (key, found) in more {
        let counts = grid.entry(key).or_default();
        counts.right += found.right;
        counts.exact += found.exact;
        counts.rounded.extend(found.rounded);
        counts.refused.extend(found.refused);
        counts.wrong.extend(found.wrong);
    }
}

/// The grid as a table in Markdown: a row a library and version, with its forms.
pub fn table(grid: &Grid) -> String {
    let mut rows: BTreeMap<&str, ([usize; 4], String)> = BTreeMap::new();
    for ((library, form), counts) in grid {
        let own = [counts.right, counts.exact, counts.refused.len(), counts.wrong.len()];
        let (numbers, forms) = rows.entry(library).or_default();
        numbers.iter_mut().zip(own).for_each(|(sum, more)| *sum += more);
        let [right, _, refused, wrong] = own;
        let gap = if forms.is_empty() { "" } else { ", " };
        let _ = write!(forms, "{gap}{form} {}", right + refused + wrong);
        if refused + wrong > 0 {
            let _ = write!(forms, " ({refused} refused, {wrong} wrong)");
        }
    }
    let mut text = "| library | right | to the last bit | refused | wrong | files of each form |\n|---|---|---|---|---|---|\n".to_owned();
    for (library, ([right, exact, refused, wrong], forms)) in rows {
        let _ = writeln!(text, "| {library} | {right} | {exact} | {refused} | {wrong} | {forms} |");
    }
    text
}

/// The grid as a table for people, with every reason.
pub fn told(grid: &Grid) -> String {
    let mut text = table(grid);
    let _ = writeln!(text, "\n{:<18} {:<24} {:>6} {:>8} {:>6}", "library", "form", "right", "refused", "wrong");
    let mut whole = (0, 0, 0);
    for ((library, form), counts) in grid {
        let (refused, wrong) = (counts.refused.len(), counts.wrong.len());
        whole = (whole.0 + counts.right, whole.1 + refused, whole.2 + wrong);
        let _ = writeln!(text, "{library:<18} {form:<24} {:>6} {refused:>8} {wrong:>6}", counts.right);
    }
    let _ = writeln!(text, "{:<18} {:<24} {:>6} {:>8} {:>6}", "all", "", whole.0, whole.1, whole.2);
    let is_verbose = std::env::var_os("HIVECTL_TEST_GRID_ROUNDED").is_some();
    let rounded = grid.iter().filter(|_| is_verbose).map(|(key, counts)| (key, &counts.rounded)).collect();
    for (kind, lists) in [
        ("rounded", rounded),
        ("wrong", grid.iter().map(|(key, counts)| (key, &counts.wrong)).collect::<Vec<_>>()),
        ("refused", grid.iter().map(|(key, counts)| (key, &counts.refused)).collect()),
    ] {
        for ((library, _), reasons) in lists {
            reasons.iter().for_each(|reason| {
                let _ = writeln!(text, "{kind}: {library}: {reason}");
            });
        }
    }
    text
}

#[test]
fn what_the_libraries_write_is_answered_as_they_answer() {
    let is_full = std::env::var_os("HIVECTL_FULL").is_some_and(|value| value == "1");
    let mut grid = Grid::new();
    // Made before, for who looks for a reason.
    if let Some(folder) = std::env::var_os("HIVECTL_TEST_GRID") {
        // One folder, or several.
        for folder in std::env::split_paths(&folder) {
            join(&mut grid, of_folder(&folder));
        }
    } else {
        for (variable, part) in [("HIVECTL_TEST_PYTHON", "3/10"), ("HIVECTL_TEST_PYTHON_MLFLOW2", "5/10")] {
            let Some(python) = std::env::var(variable).ok().filter(|python| !python.is_empty()) else {
                eprintln!("SKIPPED: {variable} names no Python whose libraries make files");
                continue;
            };
            join(&mut grid, judged(&python, (!is_full).then_some(part)));
        }
        if is_full {
            for (age, python) in ages() {
                println!("the age {age}");
                join(&mut grid, judged(&python, None));
            }
        }
    }
    if grid.is_empty() {
        return;
    }
    let text = told(&grid);
    println!("{text}");
    let sum = |count: fn(&Counts) -> usize| grid.values().map(count).sum::<usize>();
    let (right, refused, wrong) = (sum(|counts| counts.right), sum(|counts| counts.refused.len()), sum(|counts| counts.wrong.len()));
    assert_eq!(wrong, 0, "{text}");
    assert!(refused * 10 <= right + refused, "{refused} of {} are refused:\n{text}", right + refused);
    assert!(right + refused >= if is_full { 2_000 } else { 150 }, "{} files", right + refused);
}
