//! Reports of the application are read back as they were written.

use std::collections::BTreeMap;
use std::fmt::Debug;

use hivectl::api::baseline::{
    BaselineDetails, BaselineError, BaselineInUse, BaselineList, BaselineSlices, BaselineSummary, BaselineWindow, KeptBaseline,
    ListedBaseline, WorkloadShare, WrittenBaseline,
};
use hivectl::api::drift::{
    ComparedBaseline, DriftCheckAnswer, DriftCheckReport, DriftEvidence, DriftFinding, DriftSamples, DriftStatus, DriftWindow,
    FeatureWithoutVariation, FrozenKind, MeasuredRatio, PredictionDrift, RatioInterval, ReferenceFinding, ReferenceSamples,
    ReferenceTarget, RobustFinding, RobustTargetDrift, SameRequesters, Season, SeasonFinding, SegmentFinding, SegmentKind,
    VariableEvidence,
};
use hivectl::api::drift_history::{
    DriftHistoryReport, DriftLook, DriftWatchAnswer, DriftWatchReport, KeptCheck, ModelEvent, RecurringDrift,
};
use hivectl::api::{Document, Timestamp};
use hivectl::base::CommandLine;
use serde_json::Value;

/// The document as JSON, after it was read back.
fn read_back<D: Document + PartialEq + Debug>(document: &D) -> Value {
    let json = serde_json::to_value(document).expect("JSON");
    assert_eq!(&serde_json::from_str::<D>(&json.to_string()).expect("the document"), document, "{json:#}");
    json
}

fn check(finding: DriftFinding, measured: Option<MeasuredRatio>, exit_code: u8) -> DriftCheckAnswer {
    DriftCheckAnswer::Checked(Box::new(DriftCheckReport {
        newest_ticket_age_seconds: Some(7),
        model: "m".into(),
        version: 7,
        chosen_as: "the version in Production".into(),
        overall_status: DriftStatus::Warning,
        window_days: 7.0,
        window: DriftWindow { from: Timestamp(0), to: Timestamp(604_800_000) },
        baseline: ComparedBaseline {
            origin: "training of m@7".into(),
            from: Timestamp(0),
            to: Timestamp(1_000),
            days: 28.5,
            ticket_count: 9_000,
        },
        tickets: "9,000 tickets".into(),
        prediction_drift: PredictionDrift {
            current_mae: Some(600.5),
            baseline_mae: Some(500.0),
            mae_training: Some(500.0),
            drift_ratio: Some(1.201),
            mae_1d: None,
            mae_3d: Some(2.0),
            mae_7d: Some(3.0),
            source: "both".into(),
            stored_count: 3,
            recomputed_count: 4,
            stored_by_others_count: 5,
            without: None,
            left_out: BTreeMap::from([("too_old".into(), 2)]),
            measured,
        },
        reason: "the error is larger".into(),
        recommendations: vec!["the error is larger: hivectl ml models list".into()],
        next_command: "hivectl ml models list".parse::<CommandLine>().expect("a command"),
        finding,
        exit_code,
    }))
}

fn variable() -> VariableEvidence {
    VariableEvidence {
        position: 1,
        psi: Some(0.5),
        psi_adjusted: Some(-0.1),
        distance: None,
        p_value: Some(0.25),
        adjusted_p_value: Some(0.5),
        effective_ticket_count: None,
        baseline_mean: Some(1.0),
        recent_mean: Some(2.0),
        then: vec![0.5, 0.5],
        now: vec![1.0, 0.0],
        status: DriftStatus::Ok,
        new_value_ratio: Some(0.01),
        new_value_status: Some(DriftStatus::Critical),
        unheard_value_ratio: None,
        unheard_value_status: None,
    }
}

fn robust() -> RobustFinding {
    RobustFinding {
        feature_drift: BTreeMap::from([("hour".into(), Some(0.0)), ("size".into(), None)]),
        target_drift: RobustTargetDrift {
            ks_statistic: Some(0.1),
            p_value: None,
            mean_shift_pct: Some(-3.0),
            baseline_mean: Some(1.0),
            recent_mean: Some(2.0),
            status: DriftStatus::NotEnoughData,
            raw_ks_statistic: Some(0.2),
            raw_p_value: Some(0.3),
        },
        season: SeasonFinding {
            verdict: Season::Seasonal,
            explained_ratio: Some(0.75),
            raw_effect: Some(4.0),
            weighted_effect: Some(1.0),
            uncovered_ratio: Some(0.0),
        },
        segments: vec![SegmentFinding {
            dimension: "task_type".into(),
            value: "BUILD".into(),
            kind: SegmentKind::Behaviour,
            effect: Some(1.5),
            evidence: Some(4.0),
            rank: 1,
            is_hit: true,
            adjusted_p_value: Some(0.001),
            baseline_ticket_count: 100,
            ticket_count: 50,
        }],
        evidence: DriftEvidence {
            variables: BTreeMap::from([("hour".into(), variable())]),
            same_requesters: vec![SameRequesters {
                name: "duration".into(),
                factor: Some(1.5),
                p_value: Some(0.5),
                effective_pair_count: Some(8.0),
                status: DriftStatus::Ok,
            }],
            tests_status: DriftStatus::Warning,
        },
        samples: DriftSamples {
            baseline_ticket_count: 9_000,
            baseline_days: 28.5,
            baseline_block_count: 20,
            ticket_count: 300,
            compared_ticket_count: 300,
            block_count: 11,
            effective_ticket_count: Some(20.5),
            missing: vec!["the window is short".into()],
            features_without_variation: vec![FeatureWithoutVariation { name: "size".into(), kind: FrozenKind::Vanished }],
        },
    }
}

#[test]
fn a_check_of_either_rule_is_read_back_and_its_rule_is_a_word() {
    let interval = RatioInterval { low: Some(1.0), high: None, confidence: 0.95 };
    let measured = MeasuredRatio { error_ratio: 1.2, window_mae: 600.0, interval, status: DriftStatus::Warning, ticket_count: 90 };
    let ours = read_back(&check(DriftFinding::Robust(Box::new(robust())), Some(measured), 20));
    assert_eq!((&ours["method"], &ours["exit_code"], &ours["samples"]["block_count"]), (&"robust".into(), &20.into(), &11.into()));
    assert_eq!((&ours["prediction_drift"]["status"], &ours["season"]["verdict"]), (&"warning".into(), &"seasonal".into()));
    let target = ReferenceTarget {
        ks_statistic: Some(0.1),
        p_value: Some(0.2),
        status: DriftStatus::Ok,
        mean_shift_pct: Some(0.3),
        std_shift_pct: Some(0.4),
        baseline_mean: Some(0.5),
        baseline_std: Some(0.6),
        recent_mean: Some(0.7),
        recent_std: None,
    };
    let samples = ReferenceSamples { ticket_count: 300 };
    let reference = ReferenceFinding {
        feature_drift: BTreeMap::from([("hour".into(), Some(0.5))]),
        feature_status: BTreeMap::from([("hour".into(), DriftStatus::Critical)]),
        ratio_status: Some(DriftStatus::Warning),
        target_drift: Some(target),
        samples,
    };
    let theirs = read_back(&check(DriftFinding::Reference(reference.clone()), None, 0));
    assert_eq!((&theirs["method"], &theirs["target_drift"]["baseline_std"]), (&"reference".into(), &0.6.into()));
    assert!(theirs.get("exit_code").is_none() && theirs["prediction_drift"].get("interval").is_none(), "{theirs:#}");
    let few = read_back(&check(DriftFinding::Reference(ReferenceFinding { target_drift: None, ..reference }), None, 14));
    assert!(few["target_drift"].is_null());
}

#[test]
fn watches_and_the_history_are_read_back() {
    let look = DriftLook {
        model: "m".into(),
        version: 7,
        window_end: Timestamp(1_000),
        status: DriftStatus::Critical,
        check_status: DriftStatus::Warning,
        ticket_count: 300,
        drift_ratio: Some(1.5),
    };
    let watch =
        read_back(&DriftWatchAnswer::Watched(DriftWatchReport { overall_status: DriftStatus::Critical, items: vec![look], exit_code: 0 }));
    assert_eq!(watch["items"][0]["window_end"], "1970-01-01T00:00:01Z");
    let history = DriftHistoryReport {
        items: vec![KeptCheck {
            model: "m".into(),
            version: 7,
            method: "robust".into(),
            status: "ok".into(),
            window_end: Timestamp(0),
            checked_at: Timestamp(1_000),
            numbers: serde_json::json!({ "drift_ratio": 1.0, "max_psi": null }),
        }],
        events: vec![ModelEvent { model: "m".into(), at: Timestamp(0), event: "promoted".into(), version: None }],
        patterns: vec![RecurringDrift { model: "m".into(), when: "Mondays".into(), check_count: 4, drifted_count: 4 }],
    };
    assert_eq!(read_back(&history)["items"][0]["numbers"]["drift_ratio"], 1.0);
}

#[test]
fn baselines_are_read_back() {
    let summary = BaselineSummary {
        window: BaselineWindow { from: Timestamp(0), to: Timestamp(86_400_000), days: 1.0 },
        ticket_count: 9,
        kept_ticket_count: 9,
        schema_fingerprint: "ab12".into(),
        error: Some(BaselineError { mae: 500.0, standard_error: None, ticket_count: 9 }),
        synthetic: true,
    };
    let kept = KeptBaseline {
        summary: summary.clone(),
        model: "m".into(),
        version: 7,
        number: 3,
        sha256: "cd34".into(),
        size_bytes: 1_000,
        published_baselines: Vec::new(),
    };
    assert!(read_back(&kept).get("published_baselines").is_none());
    let written = WrittenBaseline { model: "m".into(), version: 7, collection: "db.ml_feature_baselines".into(), size_bytes: 900 };
    let beside = read_back(&KeptBaseline { published_baselines: vec![written], ..kept });
    assert_eq!((&beside["published_baselines"][0]["size_bytes"], &beside["window"]["days"]), (&900.into(), &1.0.into()));
    let listed = ListedBaseline {
        model: "m".into(),
        version: 7,
        number: None,
        from_training: true,
        is_current: true,
        made_at: Timestamp(0),
        size_bytes: 1_000,
        by: None,
        reason: None,
    };
    assert!(read_back(&BaselineList { items: vec![listed] })["items"][0]["number"].is_null());
    let details = BaselineDetails {
        summary: BaselineSummary { error: None, ..summary },
        model: "m".into(),
        version: 7,
        origin: "training of m@7".into(),
        variables: BTreeMap::new(),
        calendar_cells: vec![0, 9],
        slices: BaselineSlices {
            task_type: BTreeMap::from([("BUILD".into(), 9)]),
            risk_band: BTreeMap::new(),
            requester_count: 2,
            workload: BTreeMap::from([("long".into(), 1.0)]),
        },
        workloads: vec![WorkloadShare { name: "long".into(), share: 1.0 }],
    };
    assert!(read_back(&details)["error"].is_null());
    let _ = read_back(&BaselineInUse { model: "m".into(), version: 7, number: Some(3) });
}
