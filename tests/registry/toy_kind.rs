//! A kind of model is one file: this one is added to the catalogue and goes from training to rollback, and nothing else
//! knows of it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use hivectl::api::change::{PlanOptions, PromoteRequest, RollbackRequest};
use hivectl::api::compare::CompareRequest;
use hivectl::api::models::{ListModelsRequest, ShowModelRequest};
use hivectl::api::predict::{PredictRequest, RowsWanted};
use hivectl::api::train::TrainRequest;
use hivectl::api::validate::ValidateRequest;
use hivectl::api::{
    CheckState, Interaction, Judging, Operations as _, Place, Progress, Proposal, Question, Scope, SettingLine, StreamingOperations as _,
    Tickets,
};
use hivectl::error::Result;
use hivectl::features::{FeatureFrame, FeatureSchema, Timeline};
use hivectl::kinds::{
    AnswerForm, Answers, Catalogue, Estimator, FitRequest, FittedModel, Holdout, ModelCard, ModelKind, Outcomes, PackageContext,
    PackageFiles, PredictedValue, PredictionColumn, RowPredictor, TrainingContext, TrainingData, TypedInstructions, ValueForm, regression,
};
use hivectl::lifecycle::{Approval, Criterion, ModelRef, Operator, Plan, PlanAction, Stage};
use hivectl::ops::Workspace;
use hivectl::ticket::Ticket;
use hivectl::trees::Columns;

use crate::common::silent::Silent;

/// Says of every ticket that it takes as long as the mean of the training tickets.
struct Mean;

const COLUMNS: &[PredictionColumn] = &[PredictionColumn { name: "mean_duration_ms", heading: "MEAN", form: ValueForm::Milliseconds }];

impl ModelKind for Mean {
    fn word(&self) -> &'static str {
        "toy"
    }

    fn help(&self) -> &'static str {
        "The mean of all durations"
    }

    fn registered_name(&self, _variant: &str) -> &'static str {
        "toy-predictor"
    }

    fn answer_form(&self) -> AnswerForm {
        AnswerForm::DurationMs
    }

    fn default_gate(&self) -> Vec<Criterion> {
        vec![Criterion::required("mae", Operator::Below, 1e12)]
    }

    fn columns(&self) -> &'static [PredictionColumn] {
        COLUMNS
    }

    fn fit(&self, _: &FitRequest, data: &TrainingData, _: &FeatureFrame, _: &TrainingContext<'_>) -> Result<Box<dyn FittedModel>> {
        let known = data.durations_ms(&data.split.train);
        let mean_ms = known.iter().sum::<f64>() / known.len() as f64;
        let actual = data.durations_ms(&data.split.holdout);
        let said = vec![mean_ms; actual.len()];
        let metrics = regression::metrics(&actual, &said)?;
        let holdout = Holdout { actual: Outcomes::DurationsMs(actual), said: Outcomes::DurationsMs(said) };
        Ok(Box::new(FittedMean { mean_ms, metrics, holdout }))
    }

    fn load(&self, card: &ModelCard, _: &dyn PackageFiles) -> Result<Box<dyn Estimator>> {
        Ok(Box::new(LoadedMean(card.part("mean_ms")?.unwrap_or(f64::NAN))))
    }
}

struct FittedMean {
    mean_ms: f64,
    metrics: BTreeMap<String, f64>,
    holdout: Holdout,
}

impl FittedModel for FittedMean {
    fn metrics(&self) -> &BTreeMap<String, f64> {
        &self.metrics
    }

    fn params(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn card(&self) -> Result<Map<String, Value>> {
        Ok(Map::from_iter([("mean_ms".to_owned(), json!(self.mean_ms))]))
    }

    fn holdout(&self) -> &Holdout {
        &self.holdout
    }

    fn answers(&self, rows: &Columns<'_>, _: usize) -> Result<Answers> {
        Ok(Answers { said: Outcomes::DurationsMs(vec![self.mean_ms; rows.rows()]), without: Vec::new() })
    }

    fn files(&self, _: &PackageContext<'_>) -> Result<Vec<(String, Vec<u8>)>> {
        Ok(vec![("MLmodel".into(), b"flavors: {}\n".to_vec())])
    }
}

struct LoadedMean(f64);

impl Estimator for LoadedMean {
    fn scores(&self, rows: &Columns<'_>, _: usize) -> Result<Vec<f64>> {
        Ok(vec![self.0; rows.rows()])
    }

    fn row_scorer(&self) -> Result<Box<dyn Fn(&[f32]) -> f64 + Sync + '_>> {
        Ok(Box::new(|_| self.0))
    }

    fn outcomes(&self, scores: &[f64]) -> Result<Outcomes> {
        Ok(Outcomes::DurationsMs(scores.to_vec()))
    }

    fn actual(&self, timeline: &Timeline, rows: &[u32]) -> Outcomes {
        Outcomes::DurationsMs(timeline.durations_ms(rows))
    }

    fn metrics(&self, actual: &Outcomes, scores: &[f64]) -> Result<BTreeMap<String, f64>> {
        match actual {
            Outcomes::DurationsMs(actual) => regression::metrics(actual, scores),
            Outcomes::Marks(_) => Ok(BTreeMap::new()),
        }
    }

    fn predictor<'a>(&'a self, _: &'a FeatureSchema, _: bool) -> Result<Box<RowPredictor<'a>>> {
        Ok(Box::new(|_: &Ticket, _: &[f32]| Ok((vec![PredictedValue::Number(Some(self.0))], Vec::new()))))
    }
}

/// Agrees to everything, and keeps what it was told and asked.
struct Agreeing {
    /// The registry that every job has to be about.
    registry: String,
    notes: RefCell<Vec<String>>,
    /// The plans that were shown.
    plans: RefCell<Vec<Plan>>,
    /// The names that were typed.
    names: RefCell<Vec<String>>,
}

impl Interaction for Agreeing {
    fn progress(&self) -> &dyn Progress {
        &Silent
    }

    fn resolved(&self, place: &Place, _: &[SettingLine]) {
        assert_eq!((place.registry.as_str(), place.protected), (self.registry.as_str(), false));
    }

    fn enter(&self, context: &str) {
        panic!("no context is set, and this is {context}");
    }

    fn note(&self, note: &str) {
        self.notes.borrow_mut().push(note.to_owned());
    }

    fn propose(&self, proposal: &Proposal) {
        match proposal {
            Proposal::Plan { plan, .. } => self.plans.borrow_mut().push(plan.as_ref().clone()),
            other => panic!("{other:?}"),
        }
    }

    fn can_answer(&self, _: &Question) -> Result<()> {
        Ok(())
    }

    fn ask(&self, question: &Question) -> Result<Approval> {
        match question {
            Question::YesNo { .. } => Ok(Approval::Yes),
            Question::Name { name, .. } => {
                self.names.borrow_mut().push(name.clone());
                Ok(Approval::Typed)
            }
        }
    }
}

/// Runs a test of this file once more, in a process whose home and working folder is `folder`: the settings of whoever runs
/// the tests do not count there, and their home is not touched.
fn at_home_in(folder: &Path, test: &str) {
    let name = format!("{}::{test}", module_path!().split_once("::").expect("a module").1);
    let program = std::env::current_exe().expect("a program");
    let mut command = Command::new(program);
    command.args([&name, "--exact", "--nocapture"]).current_dir(folder).env_clear();
    command.env("HOME", folder).env("HIVECTL_HOME", folder.join("home")).env(FOLDER, folder).stdin(Stdio::null());
    let output = command.output().expect("it starts");
    let (said, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}{error}");
}

/// Tells the second process where it is at home.
const FOLDER: &str = "HIVECTL_TEST_HOME_OF_TOY";

#[test]
fn a_kind_in_one_file_goes_from_training_to_rollback() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return from_training_to_rollback(Path::new(&folder));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let tickets = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tickets.ndjson.gz");
    std::fs::copy(tickets, folder.path().join("tickets.ndjson.gz")).expect("tickets");
    at_home_in(folder.path(), "a_kind_in_one_file_goes_from_training_to_rollback");
}

/// Every job as a face asks for it: the toy is known to the catalogue and to nothing else.
fn from_training_to_rollback(folder: &Path) {
    let kinds = Catalogue::all().with(Arc::new(Mean));
    let registry = folder.join("registry.db").display().to_string();
    let person = Agreeing { registry: registry.clone(), notes: RefCell::default(), plans: RefCell::default(), names: RefCell::default() };
    let scope = Scope { registry: Some(registry), lock_timeout: Duration::from_secs(10), ..Scope::default() };
    // A workspace belongs to one job.
    let job = || Workspace::new(scope.clone(), &person).with_kinds(kinds.clone());
    let tickets = Tickets { places: vec![folder.join("tickets.ndjson.gz").display().to_string()], ..Tickets::default() };
    let judging = Judging { tickets: tickets.clone(), window_days: Some(4_000.0), threads: 1, ..Judging::default() };
    let reference = |text: &str| -> ModelRef { text.parse().expect("a reference") };

    for seed in [1, 2] {
        let request = TrainRequest {
            models: vec!["toy".into()],
            tickets: tickets.clone(),
            window_days: Some(4_000.0),
            min_samples: Some(50),
            experiment: Some("toys".into()),
            seed,
            threads: 1,
            ..TrainRequest::default()
        };
        let report = job().run(&request).expect("trained");
        let model = &report.models[0];
        assert!(model.gate.passed && model.kind == "toy" && model.name == "toy-predictor", "{:?}", model.gate);
        assert_eq!((model.version.map(u64::from), report.failures.len()), (Some(seed), 0));
    }

    let list = job().run(&ListModelsRequest::default()).expect("a list");
    assert_eq!((list.items.len(), list.items[0].name.as_str(), list.items[0].version_count), (1, "toy-predictor", 2));
    let show = |text: &str| job().run(&ShowModelRequest { reference: reference(text) });
    let shown = show("toy").expect("its word stands for it");
    assert_eq!((shown.version.version, shown.tags["hivectl.kind"].as_str()), (2, "toy"));
    assert!(shown.gate.is_some_and(|gate| gate.passed));

    let typed = TypedInstructions::default();
    let request =
        PredictRequest { model: reference("toy@1"), tickets, typed, explain: true, out: None, rounds: None, rows: RowsWanted::All };
    let predicted = job().stream(&request, &mut ()).expect("predicted");
    assert_eq!((predicted.model_version, predicted.columns.len(), predicted.columns[0].name.as_str()), (1, 1, COLUMNS[0].name));
    let rows = predicted.items.expect("the rows");
    let is_number = |value: &PredictedValue| matches!(value, PredictedValue::Number(Some(_)));
    assert!(rows.len() > 50 && rows.iter().all(|row| row.values.len() == 1 && row.values.get(COLUMNS[0].name).is_some_and(is_number)));

    let request = ValidateRequest {
        references: vec![reference("toy@2")],
        judging: judging.clone(),
        with_metrics: true,
        dry_run: false,
        max_age_days: 1e6,
        confirmed_name: None,
    };
    let report = job().run(&request).expect("validated");
    assert!(report.models[0].checks.iter().any(|check| check.id == "gate" && check.state == CheckState::Pass), "{report:#?}");
    let request = CompareRequest { first: reference("toy@1"), second: reference("toy@2"), judging };
    let compared = job().run(&request).expect("compared");
    assert!(compared.tickets.as_ref().is_some_and(|tickets| tickets.first.is_some() && tickets.second.is_some()), "{compared:#?}");

    let plan = PlanOptions { expires: Duration::from_secs(60), ..PlanOptions::default() };
    let promote = |version: u32| {
        let reference = reference(&format!("toy@{version}"));
        let judging = Judging::default();
        job().run(&PromoteRequest {
            reference,
            to: Stage::Production,
            force_gate: false,
            if_better: false,
            evidence: None,
            plan: plan.clone(),
            judging,
        })
    };
    for (version, archived) in [(1, vec![]), (2, vec![1])] {
        let change = promote(version).expect("its gate is known").change;
        assert_eq!((change.changed, change.version, change.to_stage, change.archived), (true, version, Stage::Production, archived));
    }
    let request = RollbackRequest { name: "toy".into(), to: None, plan: plan.clone(), judging: Judging::default() };
    let change = job().run(&request).expect("the history names the version").change;
    assert_eq!((change.changed, change.version, change.to_stage), (true, 1, Stage::Production));
    assert_eq!(show("toy#production").expect("served").version.version, 1);

    // Each of the three changes was shown and agreed to by the model's name.
    let plans: Vec<(PlanAction, u32)> = person.plans.borrow().iter().map(|plan| (plan.action, plan.version)).collect();
    assert_eq!(plans, [(PlanAction::Promote, 1), (PlanAction::Promote, 2), (PlanAction::Rollback, 1)]);
    assert_eq!(*person.names.borrow(), ["toy-predictor"; 3]);
    assert_eq!(*person.notes.borrow(), Vec::<String>::new());
}
