//! Model files that are not registered, each on the test data that belongs to it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::quality::gate_check;
use super::{Check, file_reports, worst};
use crate::api::validate::{ValidateFilesReport, ValidateFilesRequest, ValidatedFile};
use crate::api::{CheckState, Operations};
use crate::base::number::{counted, plural};
use crate::base::sha256_hex;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::inspect;
use crate::kinds::external::{TreesTask, has_made_up_names};
use crate::kinds::{anomaly, regression};
use crate::lifecycle::{Gate, Policy};
use crate::ops::evaluation::FEWEST_TICKETS;
use crate::ops::workspace::{Workspace, note_judging, policy};
use crate::source::test_data::{self, ModelWithTest, TestData};
use crate::statistics::Classification;
use crate::trees::{EnsembleTask, TreeEnsemble, score_wide};

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
        let threads = crate::ops::threads(request.judging.threads);
        let pairs = test_data::pairs(&request.models_dir, &request.test_data)?;
        let judged: Vec<JudgedFile> = pairs.into_iter().map(|pair| judge(pair, &policy, threads)).collect();
        let exit_code = worst(judged.iter().flat_map(|file| &file.checks).filter_map(|check| check.failure));
        let models: Vec<ValidatedFile> = judged.into_iter().map(JudgedFile::told).collect();
        if let Some(folder) = &request.report {
            file_reports::write(folder, &models)?;
            self.interaction().note(&format!("wrote {} to {}", counted(2 * models.len(), "report"), folder.display()));
        }
        Ok(ValidateFilesReport { models_dir: request.models_dir.clone(), test_data: request.test_data.clone(), models, exit_code })
    }
}

fn judge(pair: ModelWithTest, policy: &Policy, threads: usize) -> JudgedFile {
    let mut file = JudgedFile {
        name: pair.name,
        model: pair.model,
        test: pair.test,
        kind: None,
        sha256: None,
        rows: 0,
        metrics: BTreeMap::new(),
        classification: None,
        gate: None,
        checks: Vec::new(),
    };
    let (Some(model), Some(test)) = (file.model.clone(), file.test.clone()) else {
        let missing = if file.model.is_none() { "there is test data and no model" } else { "there is a model and no test data" };
        file.checks.push(Check::new("pair", CheckState::Fail, format!("{missing} called '{}'", file.name)));
        return file;
    };
    file.checks.push(Check::new("pair", CheckState::Pass, format!("{} with {}", model.display(), test.display())));
    let ensemble = match load(&model, &mut file) {
        Ok(ensemble) => ensemble,
        Err(error) => {
            file.checks.push(Check::new("model", CheckState::Fail, error.to_string()));
            return file;
        }
    };
    let kind = TreesTask::of(&ensemble);
    file.kind = Some(kind);
    let (trees, features) = (ensemble.trees.len(), ensemble.features());
    file.checks.push(Check::new(
        "model",
        CheckState::Pass,
        format!("{kind}, {} on {}", counted(trees, "tree"), counted(features, "feature")),
    ));
    if let Err(error) = measure(&ensemble, kind, &test, policy, threads, &mut file) {
        file.checks.push(Check::new("test_data", CheckState::Fail, error.to_string()));
    }
    file
}

fn load(path: &Path, file: &mut JudgedFile) -> Result<TreeEnsemble> {
    let bytes = std::fs::read(path).map_err(|source| Error::file("read the model", path, &source))?;
    file.sha256 = Some(sha256_hex(&bytes));
    inspect::read(&bytes).map(|(_, ensemble)| ensemble)
}

fn measure(ensemble: &TreeEnsemble, kind: TreesTask, test: &Path, policy: &Policy, threads: usize, file: &mut JudgedFile) -> Result<()> {
    let data = test_data::read(test, |columns| features(ensemble, columns))?;
    file.rows = data.labels.len();
    let enough = labels_check(&data);
    let go_on = enough.failure.is_none();
    file.checks.push(enough);
    let criteria = policy.criteria(kind.gate());
    if !go_on {
        file.checks.push(Check::new("gate", CheckState::Skipped, "too few labelled rows judge it").meaning(ErrorKind::NotEnoughData));
        return Ok(());
    }
    let scores = score_wide(ensemble, &data.columns, threads)?;
    match kind {
        TreesTask::Regression => file.metrics = regression::metrics(&data.labels, &scores)?,
        TreesTask::Anomaly => match anomalies(&data.labels) {
            Ok(labels) => file.metrics = anomaly::judge(&labels, &anomaly::flags(ensemble, &scores)?),
            Err(why) => {
                file.checks.push(Check::new("gate", CheckState::Skipped, why).meaning(ErrorKind::NoLabels));
                return Ok(());
            }
        },
        TreesTask::Classifier => {
            file.classification = classification(ensemble, &data.labels, &scores);
            file.metrics = file.classification.as_ref().map(Classification::metrics).unwrap_or_default();
        }
    }
    let gate = Gate::judge(criteria, &file.metrics);
    file.checks.push(gate_check(&gate, &file.metrics, file.rows, "rows"));
    file.checks.extend(file.classification.as_ref().map(classes_check));
    file.gate = Some(gate);
    Ok(())
}

/// The columns that the model looks at: by name, or where it knows no names by place.
fn features(ensemble: &TreeEnsemble, columns: &[String]) -> Result<Vec<String>> {
    if !has_made_up_names(ensemble) || ensemble.feature_names.iter().all(|name| columns.contains(name)) {
        return Ok(ensemble.feature_names.clone());
    }
    if columns.len() == ensemble.features() {
        return Ok(columns.to_vec());
    }
    Err(Error::new(
        ErrorKind::SchemaMismatch,
        format!(
            "the model names none of its {}, and the test data has {}",
            counted(ensemble.features(), "feature"),
            counted(columns.len(), "column")
        ),
    ))
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

/// The class of the highest probability, the first of equals, as `predict` tells it.
fn classification(ensemble: &TreeEnsemble, labels: &[f64], scores: &[f64]) -> Option<Classification> {
    let EnsembleTask::Classification { classes, .. } = &ensemble.task else { return None };
    let two_from_one = ensemble.outputs == 1 && classes.len() == 2;
    let (mut told, mut confidence) = (Vec::with_capacity(labels.len()), Vec::with_capacity(labels.len()));
    for row in 0..labels.len() {
        let probabilities = match two_from_one {
            true => vec![1.0 - scores[row], scores[row]],
            false => scores.get(row * classes.len()..(row + 1) * classes.len())?.to_vec(),
        };
        let mut best = 0;
        for (place, probability) in probabilities.iter().enumerate() {
            if *probability > probabilities[best] {
                best = place;
            }
        }
        told.push(*classes.get(best)?);
        confidence.push(probabilities[best]);
    }
    Classification::measure(labels, &told, &confidence, classes)
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
