//! Every code, every alert and every script of before has its answer.

use std::path::Path;

use hivectl::error::ErrorKind;

use crate::support::Home;

fn texts(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("shell/explain.rs") {
                found.push(std::fs::read_to_string(&path).expect("a source file"));
            }
        }
    }
    found
}

#[test]
fn each_code_has_a_page_a_source_and_a_test() {
    let home = Home::new();
    let (mut code, mut tests) = (String::new(), texts("tests").concat());
    for file in texts("src") {
        let (before, after) = file.split_once("#[cfg(test)]").unwrap_or((&file, ""));
        code.push_str(before);
        tests.push_str(after);
    }
    for kind in ErrorKind::ALL {
        let page = home.run(&["explain", kind.code(), "-o", "json"]).json(0)["data"].clone();
        for part in ["meaning", "remedy"] {
            assert!(page[part].as_str().is_some_and(|text| text.len() > 20), "{kind:?}: {part}");
        }
        for part in ["causes", "commands"] {
            assert!(page[part].as_array().is_some_and(|items| !items.is_empty()), "{kind:?}: {part}");
        }
        let name = format!("ErrorKind::{kind:?}");
        assert!(code.contains(&name), "{kind:?} is made nowhere");
        assert!(tests.contains(&name) || tests.contains(kind.code()), "no test names {kind:?} or {}", kind.code());
    }
    let unknown = home.run(&["explain", "HML-1499"]).expect(2);
    assert!(unknown.stderr.contains("HML-1400"), "{}", unknown.stderr);
}

/// Whether clap takes the line; names in capitals stand for what a person fills in.
fn parses(line: &str) -> Result<(), String> {
    let line = line
        .replace("--model KIND", "--model all")
        .replace("@VERSION", "@1")
        .replace("NAME@1", "name@1")
        .replace("NAME#production", "name#production");
    let words = shlex::split(&line).ok_or("no line")?;
    match hivectl::cli::command().try_get_matches_from(words) {
        Ok(_) => Ok(()),
        Err(error) if matches!(error.kind(), clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::MissingRequiredArgument) => {
            Ok(())
        }
        Err(error) => Err(format!("{line}: {error}")),
    }
}

#[test]
fn every_command_that_a_page_names_is_one() {
    let home = Home::new();
    let mut seen = 0;
    for kind in ErrorKind::ALL {
        let page = home.run(&["explain", kind.code(), "-o", "json"]).json(0)["data"].clone();
        for command in page["commands"].as_array().expect("commands") {
            parses(command.as_str().expect("a line")).unwrap_or_else(|error| panic!("{}: {error}", kind.code()));
            seen += 1;
        }
        for runbook in page["runbooks"].as_array().expect("runbooks") {
            assert!(hivectl::runbook::IDS.contains(&runbook.as_str().expect("an id")));
        }
    }
    assert!(seen > ErrorKind::ALL.len(), "{seen}");
}

#[test]
fn scripts_jobs_and_endpoints_name_their_command_with_the_same_options() {
    let home = Home::new();
    let now = |line: &str| {
        let words = shlex::split(line).expect("a line");
        let words: Vec<&str> = ["explain", "-o", "json"].into_iter().chain(words.iter().map(String::as_str)).collect();
        home.run(&words).json(0)["data"]["command"].as_str().expect("a command").to_owned()
    };
    for (old, new) in [
        ("train_predictive_models.py", "hivectl ml train"),
        (
            "train_predictive_models.py --model-type anomaly --training-window-days 90 --hyperparameter-tuning --promote-if-better --min-samples=200",
            "hivectl ml train --model anomaly --window-days 90 --tune --promote-if-better --min-samples 200",
        ),
        ("python ml_pipelines/training/train_predictive_models.py --model-type duration", "hivectl ml train --model duration"),
        ("train_models_production.py --window-days 30 --dry-run", "hivectl ml train --promote-if-better --window-days 30 --dry-run"),
        ("drift_triggered_retraining.py --check-once", "hivectl ml retrain --if-drift --promote-if-better --check-once"),
        ("validate_models.py --models-dir m --test-data-dir t", "hivectl ml validate --models-dir m --test-data t"),
        ("POST /api/v1/ml/models/x/promote", "hivectl ml models promote x@VERSION"),
        ("GET /health/ml", "hivectl doctor"),
        ("drift_job.py", "hivectl ml drift check --exit-code"),
        ("ml-model-training", "hivectl ml train"),
        ("GET http://orchestrator:8000/api/v1/ml/models/duration?x=1", "hivectl ml models show duration"),
        ("GET /api/v1/ml/audit/models/duration/timeline", "hivectl ml models history duration"),
        ("GET /api/v1/ml/audit/events/id/a7", "hivectl audit show a7"),
        (
            "python -m src.scripts.train_models_production --models duration,anomaly --window-days 90 --backfill-errors true",
            "hivectl ml train --promote-if-better --model duration,anomaly --window-days 90 --backfill-errors",
        ),
        ("ml.sh promote --model M --version 3 --target-stage Staging --reason x", "hivectl ml models promote M@3 --to staging --reason x"),
        ("ml.sh rollback --specialist T --to-version 2 --dry-run", "hivectl ml models rollback T --to 2 --dry-run"),
        ("mlflow_deployer.py alias --model M --alias best --version 4", "hivectl ml models alias set M best 4"),
        ("train_predictive_models.py --model-type load --model-algorithm prophet", "hivectl ml train --model load"),
        ("k8s/cronjobs/ml-model-training.yaml", "hivectl ml train"),
        (
            "ab_testing.py --action start --specialist technical --new-version 3",
            "hivectl ml models compare technical#production technical@3 --tickets PLACE",
        ),
        (
            "ab_testing.py --specialist technical --baseline-version 1 --new-version 3",
            "hivectl ml models compare technical@1 technical@3 --tickets PLACE",
        ),
        (
            "curl -s -X POST http://o:8000/api/v1/ml/models/foo/promote -H 'Content-Type: application/json' -d '{\"version\":\"3\",\"stage\":\"Production\"}'",
            "hivectl ml models promote foo@3",
        ),
        ("curl -d '{\"version\":3,\"stage\":\"None\"}' http://o:8000/api/v1/ml/models/foo/promote", "hivectl ml models archive foo@3"),
        ("curl -X POST http://o/api/v1/ml/train -d '{\"window_days\": 30}'", "hivectl ml train --window-days 30"),
        ("promote_model.py --model-type M --version 2 --stage Staging", "hivectl ml models promote M@2 --to staging"),
        ("rollback_model.sh --specialist T --to-version 2", "hivectl ml models rollback T --to 2"),
    ] {
        let found = now(old);
        assert_eq!(found, new, "{old}");
        parses(&found).expect(old);
    }
    for script in [
        "train_specialist_model.py",
        "collect_production_data.py",
        "generate_training_datasets.py",
        "ab_testing.py",
        "mlflow_deployer.py",
        "train_initial_models.sh",
        "validate_ml_models.py",
        "training_job.py",
        "run_continuous_validation.py",
        "auto_retrain.py",
        "model_performance_monitor.py",
        "ml.sh",
        "validate_model.py",
        "promote_model.py",
        "test_model_accuracy.py",
        "/api/v1/ml/train",
        "/api/v1/ml/models",
        "/api/v1/ml/drift",
        "/api/v1/ml/predictions/stats",
        "/api/v1/ml/audit/summary",
        "continuous-validation-job",
        "drift-retraining-cronjob",
        "specialist-retraining-job",
        "ml-training-cronjob",
        "ml-drift-cronjob",
        "orchestrator-ml-training",
        "predictive-models-training-job",
        "predictive-models-initial-training-job",
        "train-specialist-models-job",
        "retraining-trigger-job",
        "model-performance-monitor",
        "src.scripts.check_drift",
        "pre_retraining_validator",
        "rollback_model.sh",
        "online_learning/cli.py",
        "/health/ml",
        "/api/v1/ml/train/4711",
        "/api/v1/ml/models/duration",
        "/api/v1/ml/audit/models/duration/history",
        "/api/v1/ml/audit/events/promoted",
        "/api/v1/ml/audit/events/id/1",
        "/api/v1/ml/audit/health",
        "/api/v1/tickets/1",
        "/api/v1/tickets/by-plan/1",
        "/api/v1/flow-c/status",
        "/api/v1/feedback",
        "/api/v1/feedback/opinion/1",
        "/api/v1/feedback/stats",
        "/api/v1/feedback/health",
        "/api/v1/feedback/trigger-online-update",
        "/api/v1/approvals/pending",
        "/api/v1/approvals/1/approve",
        "/api/v1/ab-tests",
        "/api/v1/ab-tests/create",
        "/api/v1/ab-tests/1/results",
    ] {
        parses(&now(script)).expect(script);
    }
}

#[test]
fn an_alert_leads_to_its_runbook_in_one_command() {
    let home = Home::new();
    let told = home.run(&["explain", "MLTrainingJobFailed"]).expect(0);
    assert!(told.stdout.contains("hivectl runbook run training-failed"), "{}", told.stdout);
}

#[test]
fn several_codes_are_all_explained_and_nothing_typed_is_dropped() {
    let home = Home::new();
    let both = home.run(&["explain", "HML-1400", "hml-0300"]).expect(0).stdout;
    assert!(both.contains("HML-1400 (exit code 14)") && both.contains("HML-0300 (exit code 3)"), "{both}");
    let items = home.run(&["explain", "HML-1400", "HML-0300", "-o", "json"]).json(0)["data"]["items"].clone();
    assert_eq!(items[1]["code"], "HML-0300");
    let refused = home.run(&["explain", "HML-1400", "nonsense"]).expect(2).stderr;
    assert!(refused.contains("'nonsense' is no error code"), "{refused}");
    let all = home.run(&["explain", "ml.sh", "rollback", "--all"]).expect(0).stdout;
    assert!(all.contains("note: --all has no place in the new command"), "{all}");
    let refused = home.run(&["explain", "train_predictive_models.py", "--model-type", "teapot"]).expect(0).stdout;
    assert!(refused.contains("`hivectl help ml train` shows what it takes"), "{refused}");
}

#[test]
fn each_failure_names_a_code_that_explain_knows() {
    let home = Home::new();
    for kind in hivectl::error::ErrorKind::ALL {
        let page = home.run(&["explain", kind.code()]).expect(0).stdout;
        assert!(page.contains("What to do:") && page.len() > 80, "{page}");
    }
    let ran = home.run(&["ml", "models", "show", "nobody"]).expect(4);
    assert!(ran.stderr.contains("see: `hivectl explain HML-0400` (exit code 4)"), "{}", ran.stderr);
}
