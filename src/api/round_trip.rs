//! Reports read back are what was written.

use std::collections::BTreeMap;
use std::fmt::Debug;

use super::backfill::{BackfillReport, ErrorSizes, ExtremePrediction, REFUSED_BY_SERVER};
use super::compare::{
    Advice, Better, CompareReport, ComparedGroup, ComparedVersion, DoubtfulVersion, ImportanceRow, Latency, LeftOut, MeasuredVersion,
    MetricRow, ParameterRow, Recommendation, SchemaComparison, SchemaSummary, TicketComparison,
};
use super::models::TrainingWindow;
use super::predict::{PredictReport, PredictedSamples, PredictionReason, PredictionRow, ReportedColumn};
use super::stats::{
    DurationsReport, GroupDurations, HourlyPredictionCounts, ModelPredictionCounts, PredictionCounts, StatsReport, TaskTypePredictionCounts,
};
use super::validate::{CheckResult, ValidateFilesReport, ValidateReport, ValidatedFile, ValidatedVersion};
use super::{CheckState, Document, TimeWindow, Timestamp};
use crate::kinds::{PredictedValue, Samples, ValueForm};
use crate::lifecycle::{Criterion, Gate, Operator, Stage};
use crate::statistics::ClassScores;
use crate::statistics::bootstrap::Difference;
use crate::statistics::mcnemar::McNemar;

/// The document, once it was read back and found to be the same.
fn written<D: Document + PartialEq + Debug>(document: &D) -> serde_json::Value {
    let text = serde_json::to_string(document).expect("a document");
    assert_eq!(&serde_json::from_str::<D>(&text).expect("the same document"), document);
    serde_json::from_str(&text).expect("JSON")
}

const WINDOW: TimeWindow = TimeWindow { from: Timestamp(0), to: Timestamp(crate::base::time::MS_PER_DAY) };

fn metrics() -> BTreeMap<String, f64> {
    BTreeMap::from([("mae".to_owned(), 1.0 / 3.0)])
}

fn gate() -> Gate {
    Gate::judge(&[Criterion::required("mae", Operator::Below, 1.0), Criterion::desired("r2", Operator::Above, 0.6)], &metrics())
}

fn compared() -> CompareReport {
    let side = |version, made_here: bool| ComparedVersion {
        name: "ticket-duration-predictor".into(),
        version,
        stage: Stage::Production,
        chosen_as: "the version in Production".into(),
        created_at: Timestamp(1_000),
        kind: made_here.then(|| crate::kinds::USUAL_MODEL.into()),
        has_card: made_here,
        gate: made_here.then(gate),
        schema: made_here.then(|| SchemaSummary { name: "reference".into(), fingerprint: "ab".into(), feature_count: 15 }),
        training_window: made_here.then_some(TrainingWindow { from: WINDOW.from, holdout_from: Timestamp(5_000), to: WINDOW.to }),
        samples: made_here.then(Samples::default),
        synthetic: made_here.then_some(false),
    };
    let difference =
        Difference { estimate: 0.1, low: -0.2, high: 0.3, standard_error: 0.01, confidence: 0.95, trees_standard_error: Some(0.004) };
    let measured =
        || MeasuredVersion { metrics: metrics(), gate: gate(), latency: Some(Latency { p50_us: 1.5, p95_us: 2.5, p99_us: 3.5, rows: 7 }) };
    CompareReport {
        first: side(1, true),
        second: side(2, false),
        metrics: vec![MetricRow {
            metric: "bias".into(),
            first: Some(1.0),
            second: None,
            difference: None,
            better: Better::NearerZero,
            improved: None,
        }],
        parameters: vec![ParameterRow { parameter: "trees".into(), first: Some("100".into()), second: None }],
        schema: Some(SchemaComparison { same: false, only_first: vec!["hour".into()], only_second: Vec::new() }),
        importances: vec![ImportanceRow { feature: "hour".into(), first: Some(0.5), second: None }],
        tickets: Some(TicketComparison {
            window: WINDOW,
            synthetic: true,
            judged_count: 40,
            left_out: vec![LeftOut { reason: "learned_from".into(), model: None, count: 3 }],
            doubtful: vec![DoubtfulVersion { model: "m@2".into(), count: 4 }],
            metric: "f1".into(),
            labelled_by: None,
            first: Some(measured()),
            second: Some(measured()),
            difference: Some(difference),
            mcnemar: Some(McNemar { only_first_right: 1, only_second_right: 2, p_value: 1.0 }),
            groups: vec![ComparedGroup {
                by: "task_type".into(),
                value: "BUILD".into(),
                count: 40,
                first: Some(0.5),
                second: None,
                difference: Some(difference),
            }],
            obstacle: Some("too few".into()),
        }),
        recommendation: Recommendation { advice: Advice::Undecided, reason: "too few".into() },
        serving_faults: vec!["they disagree".into()],
        notes: vec!["a note".into()],
    }
}

#[test]
fn comparisons() {
    let compared = compared();
    let written = written(&compared);
    assert_eq!(written["metrics"][0]["better"], "nearer_zero");
    assert_eq!(written["tickets"]["window"]["to"], "1970-01-02T00:00:00Z");
    assert_eq!(compared.exit_code(), 14);
}

fn check() -> CheckResult {
    let numbers = BTreeMap::from([("factor".to_owned(), 2.5)]);
    CheckResult { id: "gate".into(), state: CheckState::Fail, evidence: "mae is 3".into(), numbers }
}

#[test]
fn validations() {
    let version =
        ValidatedVersion { name: "m".into(), version: 7, stage: Stage::Staging, chosen_as: "in Staging".into(), checks: vec![check()] };
    let report = ValidateReport {
        newest_ticket_age_seconds: Some(7),
        registry: "r.db".into(),
        tickets: None,
        synthetic: false,
        models: vec![version],
        notes: vec!["a note".into()],
        exit_code: 3,
    };
    assert_eq!(written(&report)["models"][0]["checks"][0]["state"], "fail");
    let file = ValidatedFile {
        name: "technical".into(),
        model: Some("a/technical_model.pkl".into()),
        test_data: None,
        kind: Some("classifier".into()),
        sha256: None,
        row_count: 9,
        metrics: metrics(),
        gate: Some(gate()),
        classes: Some(vec![ClassScores { class: 1.0.into(), support: 9, precision: Some(0.5), recall: None, f1: None }]),
        confusion_matrix: Some(vec![vec![9]]),
        passed: false,
        checks: vec![check()],
    };
    let report = ValidateFilesReport { models_dir: "a".into(), test_data: "b".into(), models: vec![file], exit_code: 0 };
    let written = written(&report);
    assert_eq!(written["models"][0]["classes"][0]["support_count"], 9);
    assert!(written.get("exit_code").is_none(), "{written}");
}

#[test]
fn statistics() {
    let counts = PredictionCounts { predictions: 3, with_outcome: 1, mae: Some(0.1), anomalies_judged: 2, ..PredictionCounts::default() };
    let report = StatsReport {
        total: counts.clone(),
        window: WINDOW,
        read: 4,
        ticket_summary: "4 read".into(),
        by_model: vec![ModelPredictionCounts { model_name: None, model_version: Some("1".into()), counts: counts.clone() }],
        by_task_type: vec![TaskTypePredictionCounts { task_type: None, counts: counts.clone() }],
        by_hour: vec![HourlyPredictionCounts { hour: Timestamp(crate::base::time::MS_PER_HOUR), counts }],
    };
    let stats = written(&report);
    assert_eq!((&stats["predictions"], &stats["by_hour"][0]["hour"]), (&3.into(), &"1970-01-01T01:00:00Z".into()));
    let group = GroupDurations { task_type: Some("BUILD".into()), risk_band: None, count: 2, mean_ms: 1.5, standard_deviation_ms: 0.5 };
    written(&DurationsReport { window: WINDOW, by_server: true, items: vec![group] });
}

#[test]
fn backfills() {
    let extreme = ExtremePrediction { ticket_id: "t".into(), predicted_ms: 0.0, actual_ms: 9.0, error_ms: 9.0, error_ratio: None };
    let report = BackfillReport {
        model_name: "m".into(),
        model_version: 1,
        window: WINDOW,
        skipped: BTreeMap::from([(REFUSED_BY_SERVER.to_owned(), 2)]),
        error_ms: ErrorSizes { mean: Some(0.1), ..ErrorSizes::default() },
        extreme: vec![extreme],
        history_id: Some("1".into()),
        ..BackfillReport::default()
    };
    written(&report);
    assert_eq!(report.exit_code(), 12);
}

#[test]
fn predictions() {
    let values = [
        ("predicted_duration_ms", PredictedValue::Number(Some(0.1))),
        ("sla_breach_probability", PredictedValue::Number(None)),
        ("is_anomaly", PredictedValue::Flag(true)),
        ("anomaly_type", PredictedValue::Word(Some("slow".into()))),
    ];
    let row = PredictionRow {
        ticket_id: "t".into(),
        values: values.map(|(name, value)| (name.to_owned(), value)).into(),
        reasons: Some(vec![PredictionReason { feature: "hour".into(), value: None, effect: -1.5 }]),
        model_name: "m".into(),
        model_version: 1,
    };
    let report = PredictReport {
        model_name: "m".into(),
        model_version: 1,
        chosen_as: "version 1".into(),
        samples: PredictedSamples { read: 2, predicted: 1, refused: BTreeMap::from([("not_finished".into(), 1)]) },
        ticket_summary: "2 read".into(),
        anomaly_count: 1,
        columns: vec![ReportedColumn { name: "is_anomaly".into(), heading: "ANOMALY".into(), form: ValueForm::Flag }],
        file: None,
        items: Some(vec![row]),
        notes: Vec::new(),
    };
    let written = written(&report);
    assert_eq!(written["items"][0]["is_anomaly"], true);
    assert_eq!(written["columns"][0]["form"], "flag");
}
