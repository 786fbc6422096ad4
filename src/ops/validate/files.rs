//! Model files that are not registered, each on the test data that belongs to it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::quality::gate_check;
use super::{Check, file_reports, worst};
use crate::api::validate::{ValidateFilesReport, ValidateFilesRequest, ValidateTableReport, ValidateTableRequest, ValidatedFile};
use crate::api::{CheckState, Operations};
use crate::base::number::{counted, plural};
use crate::base::sha256_hex;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::{self, ReadModel, ReadOptions, Rounds};
use crate::kinds::external::TreesTask;
use crate::kinds::table_model::{TableAnswers, answers, as_written, columns_of};
use crate::kinds::{anomaly, regression};
use crate::lifecycle::{Gate, POSITIVES, Policy};
use crate::ops::evaluation::FEWEST_TICKETS;
use crate::ops::gates::with_evidence;
use crate::ops::load;
use crate::ops::resolve::{Resolved, resolve};
use crate::ops::table_values::{narrowed_note, narrowed_values, value};
use crate::ops::workspace::{Intent, Workspace, note_judging, policy};
use crate::source::table_rows::Cell;
use crate::source::test_data::{self, ModelWithTest, TestData};
use crate::statistics::{ClassLabel, Classification};

/// Classes of each side that a message names, at most.
const LISTED_CLASSES: usize = 5;

/// One model file and how it did.
struct JudgedFile {
    name: String,
    model: Option<PathBuf>,
    test: Option<PathBuf>,
    /// `None` where the model could not be read.
    kind: Option<TreesTask>,
    /// SHA-256 of the model file.
    sha256: Option<String>,
    /// Labelled rows.
    rows: usize,
    /// By the names of the field.
    metrics: BTreeMap<String, f64>,
    /// Of a classifier.
    classification: Option<Classification>,
    gate: Option<Gate>,
    checks: Vec<Check>,
}

impl JudgedFile {
    /// One that nothing is known of.
    fn new(name: String, model: Option<PathBuf>, test: Option<PathBuf>) -> Self {
        JudgedFile {
            name,
            model,
            test,
            kind: None,
            sha256: None,
            rows: 0,
            metrics: BTreeMap::new(),
            classification: None,
            gate: None,
            checks: Vec::new(),
        }
    }

    /// What a report says of it.
    fn told(self) -> ValidatedFile {
        let (classes, confusion_matrix) = self.classification.map(|judged| (judged.classes, judged.confusion)).unzip();
        ValidatedFile {
            name: self.name,
            model: self.model,
            test_data: self.test,
            kind: self.kind.map(|kind| kind.to_string()),
            sha256: self.sha256,
            row_count: self.rows,
            metrics: self.metrics,
            gate: self.gate,
            classes,
            confusion_matrix,
            passed: self.checks.iter().all(|check| check.failure.is_none()),
            checks: self.checks.into_iter().map(Check::told).collect(),
        }
    }
}

impl Operations<ValidateFilesRequest> for Workspace<'_> {
    fn run(&self, request: &ValidateFilesRequest) -> Result<ValidateFilesReport> {
        let mut flags = self.flags();
        note_judging(&request.judging, &mut flags);
        let settings = self.settings(&flags)?;
        let policy = policy(self.kinds(), &settings)?;
        let bench =
            Bench { policy: &policy, label: &request.label, threads: crate::ops::threads(request.judging.threads), is_version: false };
        let pairs = test_data::pairs(&request.models_dir, &request.test_data)?;
        let judged: Vec<JudgedFile> = pairs
            .into_iter()
            .map(|pair| {
                let missing = pair.missing([&request.models_dir, &request.test_data]);
                bench.judge_pair(pair, missing, request.rounds)
            })
            .collect();
        let exit_code = worst(judged.iter().flat_map(|file| &file.checks).filter_map(|check| check.failure));
        let models: Vec<ValidatedFile> = judged.into_iter().map(JudgedFile::told).collect();
        if let Some(folder) = &request.report {
            file_reports::write(folder, &models)?;
            self.interaction().note(&format!("wrote {} to {}", counted(2 * models.len(), "report"), folder.display()));
        }
        Ok(ValidateFilesReport { models_dir: request.models_dir.clone(), test_data: request.test_data.clone(), models, exit_code })
    }
}

impl Operations<ValidateTableRequest> for Workspace<'_> {
    fn run(&self, request: &ValidateTableRequest) -> Result<ValidateTableReport> {
        let mut flags = self.flags();
        note_judging(&request.judging, &mut flags);
        let settings = self.settings(&flags)?;
        let policy = policy(self.kinds(), &settings)?;
        let bench =
            Bench { policy: &policy, label: &request.label, threads: crate::ops::threads(request.judging.threads), is_version: true };
        let registry = self.registry(&settings, Intent::Load)?;
        let versions: Vec<Resolved> =
            request.references.iter().map(|reference| resolve(registry.store(), self.kinds(), reference)).collect::<Result<_>>()?;
        let judge = |Resolved { version, .. }: Resolved| {
            let mut file = JudgedFile::new(version.id().to_string(), None, Some(request.test_data.clone()));
            let read = load::trees(registry.store(), &version, request.rounds).map(|(path, read)| {
                file.sha256 = version.artifacts.iter().find(|artifact| artifact.path == path).map(|artifact| artifact.sha256.clone());
                file.model = Some(path.into());
                read
            });
            bench.judge(read, &request.test_data, &mut file);
            file
        };
        let judged: Vec<JudgedFile> = versions.into_iter().map(judge).collect();
        let exit_code = worst(judged.iter().flat_map(|file| &file.checks).filter_map(|check| check.failure));
        let models: Vec<ValidatedFile> = judged.into_iter().map(JudgedFile::told).collect();
        if let Some(folder) = &request.report {
            file_reports::write(folder, &models)?;
            self.interaction().note(&format!("wrote {} to {}", counted(2 * models.len(), "report"), folder.display()));
        }
        Ok(ValidateTableReport { registry: registry.store().location(), test_data: request.test_data.clone(), models, exit_code })
    }
}

/// By what files are judged.
struct Bench<'b> {
    policy: &'b Policy,
    /// The column with what each row is.
    label: &'b str,
    threads: usize,
    /// Whether versions are judged, not files.
    is_version: bool,
}

impl Bench<'_> {
    /// A check that ended with an error. Of a version that was named it means what the error means; among the files of a
    /// folder one more has failed.
    fn failed(&self, id: &'static str, error: &Error) -> Check {
        let check = Check::new(id, CheckState::Fail, error.to_string());
        if self.is_version { check.meaning(error.kind()) } else { check }
    }

    /// A model file with the table that belongs to it.
    fn judge_pair(&self, pair: ModelWithTest, missing: Option<String>, rounds: Option<Rounds>) -> JudgedFile {
        let mut file = JudgedFile::new(pair.name, pair.model, pair.test);
        let (Some(model), Some(test)) = (file.model.clone(), file.test.clone()) else {
            file.checks.push(Check::new("pair", CheckState::Fail, missing.unwrap_or_default()));
            return file;
        };
        file.checks.push(Check::new("pair", CheckState::Pass, format!("{} with {}", model.display(), test.display())));
        let read = test_data::model_bytes(&model).and_then(|bytes| {
            file.sha256 = Some(sha256_hex(&bytes));
            formats::read(&bytes, ReadOptions { rounds, ..ReadOptions::default() })
        });
        self.judge(read, &test, &mut file);
        file
    }

    /// What was read, on the rows of `test`; `file` takes what was found.
    fn judge(&self, read: Result<ReadModel>, test: &Path, file: &mut JudgedFile) {
        let read = match read {
            Ok(read) => read,
            Err(error) => {
                // With what would be read in its place, which a check has no line of its own for.
                let mut check = self.failed("model", &error);
                error.hints().iter().for_each(|hint| check.evidence.push_str(&format!("; {hint}")));
                file.checks.push(check);
                return;
            }
        };
        let kind = TreesTask::of(&read.ensemble);
        file.kind = Some(kind);
        let (trees, features) = (read.tree_count(), read.ensemble.features());
        let rounds = read.rounds.map(|rounds| format!("; {rounds}")).unwrap_or_default();
        let place: String = read.place.iter().chain(&read.note).map(|told| format!("; {told}")).collect();
        let what = format!("{kind}, {} on {}{rounds}{place}", counted(trees, "tree"), counted(features, "feature"));
        file.checks.push(Check::new("model", CheckState::Pass, what));
        if let Err(error) = self.measure(&read, kind, test, file) {
            file.checks.push(self.failed("test_data", &error));
        }
    }

    fn measure(&self, read: &ReadModel, kind: TreesTask, test: &Path, file: &mut JudgedFile) -> Result<()> {
        let choose = |names: &[String]| columns_of(&read.ensemble.feature_names, &as_written(read.format, names), names.len());
        let data = test_data::read(test, self.label, choose, |feature, cell, name| value(read, feature, cell, name))?;
        file.rows = data.labels.len();
        let enough = labels_check(&data);
        let go_on = enough.failure.is_none();
        file.checks.push(enough);
        if !go_on {
            file.checks.push(Check::new("gate", CheckState::Skipped, "too few labelled rows judge it").meaning(ErrorKind::NotEnoughData));
            return Ok(());
        }
        let narrowed = narrowed_values(read, &data.columns);
        file.checks.extend(
            narrowed_note(narrowed).map(|note| Check::new("values", CheckState::Warn, note).with([("narrowed_count", narrowed as f64)])),
        );
        match answers(read, &data.columns, self.threads)? {
            TableAnswers::Numbers(_) if read.only_orders => {
                let why = "its answers put rows in an order (ranking, risk) and estimate no number, so no error of theirs can be measured";
                file.checks.push(Check::new("gate", CheckState::Skipped, why).meaning(ErrorKind::NoLabels));
                return Ok(());
            }
            TableAnswers::Targets { count, .. } => {
                let why = format!("it answers {count} targets of a row, and the label is one: no error of theirs is measured");
                file.checks.push(Check::new("gate", CheckState::Skipped, why).meaning(ErrorKind::NoLabels));
                return Ok(());
            }
            TableAnswers::Numbers(predicted) => file.metrics = regression::metrics(&numbers(&data.labels)?, &predicted)?,
            TableAnswers::Marks { marked, .. } => {
                match numbers(&data.labels).map_err(|error| error.to_string()).and_then(|labels| anomalies(&labels)) {
                    Ok(labels) => file.metrics = anomaly::judge(&labels, &marked),
                    Err(why) => {
                        file.checks.push(Check::new("gate", CheckState::Skipped, why).meaning(ErrorKind::NoLabels));
                        return Ok(());
                    }
                }
            }
            TableAnswers::Classes { labels, chosen, probabilities } => {
                if let Some(why) = other_classes(&labels, &data.labels) {
                    file.checks.push(Check::new("gate", CheckState::Fail, why));
                    return Ok(());
                }
                file.classification = classification(&labels, &data.labels, &chosen, &probabilities);
                file.metrics = file.classification.as_ref().map(Classification::metrics).unwrap_or_default();
            }
        }
        let mut numbers = file.metrics.clone();
        let rarest = file.classification.iter().flat_map(|judged| &judged.classes).map(|class| class.support).min();
        numbers.extend(rarest.map(|rarest| (POSITIVES.to_owned(), rarest as f64)));
        let gate = Gate::judge(&self.policy.criteria(kind.gate()), &with_evidence(numbers, Some(file.rows as u64)));
        file.checks.push(gate_check(&gate, &file.metrics, file.rows, "rows"));
        file.checks.extend(file.classification.as_ref().map(classes_check));
        file.gate = Some(gate);
        Ok(())
    }
}

/// Why rows judge no classifier: none is of a class that it can tell. `None` where one is.
fn other_classes(known: &[ClassLabel], labels: &[Cell]) -> Option<String> {
    let actual: BTreeSet<ClassLabel> = labels.iter().map(|label| class_of(label, known)).collect();
    if actual.iter().any(|class| known.contains(class)) {
        return None;
    }
    let listed = |classes: &mut dyn Iterator<Item = &ClassLabel>| {
        classes.take(LISTED_CLASSES).map(|class| class.to_string().escape_debug().to_string()).collect::<Vec<_>>().join(", ")
    };
    let (tells, rows) = (listed(&mut known.iter()), listed(&mut actual.iter()));
    Some(format!("no row is of a class that the model tells: it tells {tells}, the rows are of {rows}; label them as it was taught"))
}

/// Labels that must be numbers.
fn numbers(labels: &[Cell]) -> Result<Vec<f64>> {
    let number = |label: &Cell| {
        label.number().ok_or_else(|| {
            let Cell::Text(text) = label else { return Error::new(ErrorKind::BadInput, "a label is no number") };
            Error::new(
                ErrorKind::BadInput,
                format!("the label '{}' is no number", text.chars().take(40).collect::<String>().escape_debug()),
            )
        })
    };
    labels.iter().map(number).collect()
}

fn labels_check(data: &TestData) -> Check {
    let (rows, missing) = (data.labels.len(), data.unlabelled);
    let numbers = [("row_count", rows as f64), ("unlabelled_count", missing as f64)];
    let check = match (rows, missing) {
        (0, missing) => {
            Check::new("labels", CheckState::Skipped, format!("none of {missing} rows has a label")).meaning(ErrorKind::NoLabels)
        }
        (rows, _) if rows < FEWEST_TICKETS => {
            Check::new("labels", CheckState::Skipped, format!("{rows} labelled rows, at least {FEWEST_TICKETS} are needed"))
                .meaning(ErrorKind::NotEnoughData)
        }
        (rows, 0) => Check::new("labels", CheckState::Pass, format!("all {rows} rows have a label")),
        (rows, missing) => Check::new(
            "labels",
            CheckState::Warn,
            format!(
                "{} {}; {missing} without a label {}",
                counted(rows, "row"),
                plural(rows, "judges", "judge"),
                plural(missing, "does not", "do not")
            ),
        ),
    };
    check.with(numbers)
}

/// Which rows are anomalies: 1 beside 0, or -1 beside 1 as scikit-learn writes them.
fn anomalies(labels: &[f64]) -> std::result::Result<Vec<bool>, String> {
    let has = |wanted: f64| labels.contains(&wanted);
    if let Some(other) = labels.iter().find(|label| ![-1.0, 0.0, 1.0].contains(*label)) {
        return Err(format!("the label {other} says neither yes nor no"));
    }
    match (has(-1.0), has(0.0)) {
        (true, false) => Ok(labels.iter().map(|label| *label < 0.0).collect()),
        (false, true) => Ok(labels.iter().map(|label| *label > 0.0).collect()),
        (true, true) => Err("the labels hold -1 and 0, so what 1 means is not known".into()),
        (false, false) => Err("all labels are 1, so what 1 means is not known".into()),
    }
}

/// The predicted classes against the labels, matched by what they are called.
fn classification(known: &[ClassLabel], labels: &[Cell], chosen: &[usize], probabilities: &[f64]) -> Option<Classification> {
    let actual: Vec<ClassLabel> = labels.iter().map(|label| class_of(label, known)).collect();
    let predicted: Vec<&ClassLabel> = chosen.iter().map(|&place| known.get(place)).collect::<Option<_>>()?;
    let confidence: Vec<f64> =
        chosen.iter().zip(probabilities.chunks_exact(known.len())).map(|(&place, probabilities)| probabilities[place]).collect();
    Classification::measure(&actual.iter().collect::<Vec<_>>(), &predicted, &confidence, known)
}

/// The class that a label names: one that the model knows, or another one.
fn class_of(label: &Cell, known: &[ClassLabel]) -> ClassLabel {
    let called = match label {
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Missing => String::new(),
    };
    // A table holds truth values as 1 and 0.
    let truth = match label {
        Cell::Number(number) if *number == 1.0 => ["True", "true"],
        Cell::Number(number) if *number == 0.0 => ["False", "false"],
        _ => ["", ""],
    };
    let found = known.iter().find(|class| class.is_called(&called)).or_else(|| {
        known.iter().find(|class| matches!(class, ClassLabel::Text(text) if !text.is_empty() && truth.contains(&text.as_str())))
    });
    match (found, label.number()) {
        (Some(class), _) => class.clone(),
        (None, Some(number)) => ClassLabel::Number(number),
        (None, None) => ClassLabel::Text(called),
    }
}

/// Each class by itself, and those that nothing was measured of.
fn classes_check(judged: &Classification) -> Check {
    let percent = |value: Option<f64>| value.map_or("not measured".to_owned(), |value| format!("{value:.3}"));
    let told: Vec<String> = judged
        .classes
        .iter()
        .map(|class| {
            format!(
                "class {}: precision {}, recall {} on {} rows",
                class.class,
                percent(class.precision),
                percent(class.recall),
                class.support
            )
        })
        .collect();
    let unmeasured = judged.classes.iter().any(|class| class.precision.is_none() || class.recall.is_none());
    let check = Check::new("classes", if unmeasured { CheckState::Fail } else { CheckState::Pass }, told.join("; "));
    check.with([("class_count", judged.classes.len() as f64)])
}
