//! A kind of model is one file: this one is added to the catalogue and goes from training to rollback, and nothing else
//! knows of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use hivectl::error::Result;
use hivectl::features::{FeatureFrame, FeatureSchema, Timeline};
use hivectl::kinds::{
    AnswerForm, Catalogue, Estimator, FitRequest, FittedModel, Holdout, ModelCard, ModelKind, Outcomes, PackageContext, PackageFiles,
    PredictedValue, PredictionColumn, RowPredictor, TrainingData, TypedInstructions, ValueForm, Work, regression,
};
use hivectl::lifecycle::{Approval, Criterion, ModelRef, Operator, Planned, Stage};
use hivectl::ops::change::{ChangeRequest, plan_promotion, plan_rollback};
use hivectl::ops::compare::{self, CompareRequest};
use hivectl::ops::judging::JudgeRequest;
use hivectl::ops::predict::{self, PredictRequest};
use hivectl::ops::train::{self, Split, TrainRequest};
use hivectl::ops::validate::{self, ValidateRequest};
use hivectl::ops::{Progress, actor_of_process, resolve};
use hivectl::registry::Registry;
use hivectl::registry::embedded::EmbeddedRegistry;
use hivectl::source::TicketFiles;
use hivectl::ticket::{FieldPaths, LabelRule, Ticket};
use hivectl::trees::Columns;

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

    fn fit(&self, _: &FitRequest, data: &TrainingData, _: &FeatureFrame, _: &Work<'_>) -> Result<Box<dyn FittedModel>> {
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

struct Silence;

impl Progress for Silence {
    fn begin(&self, _: &str, _: Option<u64>) {}
    fn advance_to(&self, _: u64) {}
    fn is_shown(&self) -> bool {
        false
    }
    fn finish(&self, _: &str) {}
}

fn train(kinds: &Catalogue, registry: &Registry, source: &TicketFiles, seed: u64) -> train::TrainReport {
    let request = TrainRequest {
        catalogue: kinds.clone(),
        kinds: vec![kinds.get("toy").expect("in the catalogue").clone()],
        name: None,
        experiment: "toys".into(),
        window_days: 4_000.0,
        as_of: None,
        min_samples: 50,
        labels: LabelRule::default(),
        fit: FitRequest::default(),
        typed: Default::default(),
        fixed: Default::default(),
        split: Split::Time,
        seed,
        threads: 1,
        policy: kinds.policy(),
        promote_if_better: false,
        dry_run: false,
        permutation: false,
        tuning: None,
        fields: FieldPaths::default(),
        actor: actor_of_process(),
        reason: None,
    };
    train::run(&request, source, registry.registration().expect("it takes versions"), &Silence).expect("trained")
}

#[test]
fn a_kind_in_one_file_goes_from_training_to_rollback() {
    let kinds = Catalogue::all().with(Arc::new(Mean));
    let folder = tempfile::tempdir().expect("a folder");
    let registry = Registry::complete(EmbeddedRegistry::open_or_create(&crate::support::place(folder.path())));
    let tickets = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tickets.ndjson.gz").display().to_string();
    let source = TicketFiles::open(&[tickets], FieldPaths::default()).expect("tickets");

    for seed in [1, 2] {
        let report = train(&kinds, &registry, &source, seed);
        let model = &report.models[0];
        assert!(model.card.gate.passed && model.card.kind == "toy" && model.name == "toy-predictor", "{:?}", model.card.gate);
    }
    assert_eq!(registry.store().list().expect("a list")[0].name, "toy-predictor");
    let reference = |text: &str| -> ModelRef { text.parse().expect("a reference") };
    let shown = resolve(registry.store(), &kinds, &reference("toy")).expect("its word stands for it");
    assert_eq!((shown.version.version, shown.version.tags["hivectl.kind"].as_str()), (2, "toy"));

    let mut predicted = 0;
    let request = PredictRequest { reference: reference("toy@1"), explain: true, typed: TypedInstructions::default() };
    let mut sink = |_: &_, columns: &[PredictionColumn], answers: &[hivectl::kinds::Prediction]| {
        assert!(columns == COLUMNS && answers.iter().all(|answer| answer.values.len() == 1));
        predicted += answers.len();
        Ok(())
    };
    predict::run(registry.store(), &kinds, &request, &source, &mut sink, &Silence).expect("predicted");
    assert!(predicted > 50);

    let judging =
        JudgeRequest { labels: LabelRule::default(), typed: TypedInstructions::default(), window_days: 4_000.0, as_of: None, threads: 1 };
    let request = ValidateRequest {
        references: vec![reference("toy@2")],
        policy: kinds.policy(),
        max_age_days: 1e6,
        now_ms: 0,
        with_metrics: true,
        unrecorded: Some("a test"),
        reason: None,
    };
    let report = validate::run(&registry, &kinds, &request, Some((&judging, &source)), &Silence).expect("validated");
    assert!(report.models[0].checks.iter().any(|check| check.id == "gate" && check.state == validate::State::Pass), "{report:#?}");
    let request = CompareRequest { first: reference("toy@1"), second: reference("toy@2"), policy: kinds.policy() };
    let compared = compare::run(registry.store(), &kinds, &request, Some((&judging, &source)), &Silence).expect("compared");
    assert!(compared.trial.is_some_and(|trial| trial.measured.is_some()));

    let promotion = registry.promotion().expect("stages");
    let change = ChangeRequest {
        actor: actor_of_process(),
        reason: None,
        expected_champion: None,
        force: false,
        policy: kinds.policy(),
        valid_for_ms: 60_000,
    };
    let apply = |planned: Planned| match planned {
        Planned::Change(plan) => promotion.apply(&Approval::ConfirmFlag.given(*plan)).expect("applied"),
        Planned::AlreadySo(changed) => changed,
    };
    for version in [1, 2] {
        let version = resolve(registry.store(), &kinds, &reference(&format!("toy@{version}"))).expect("there").version;
        apply(plan_promotion(promotion, &kinds, &version, Stage::Production, &change).expect("its gate is known"));
    }
    apply(plan_rollback(promotion, &kinds, "toy", None, &change).expect("planned"));
    assert_eq!(resolve(registry.store(), &kinds, &reference("toy#production")).expect("served").version.version, 1);
}
