//! Every line that the operators of the running system type, and what is answered: a line that only looked with a command
//! that only looks, and never one that changes what serves for another change.

use crate::support::Home;

/// What a line did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Did {
    Look,
    Change,
}
use Did::{Change, Look};

/// Verbs that change what serves.
const SERVING: [&str; 3] = ["models promote", "models rollback", "models archive"];

/// What was typed, what it did, and what is typed now.
const LINES: &[(&str, Did, &str)] = &[
    // The registry's own script, by flags and by words.
    (
        "mlflow_deployer.py --register --model-path M/technical_model.pkl --model-type technical --run-id abc",
        Change,
        "hivectl ml models register M/technical_model.pkl --name technical --run-id abc",
    ),
    (
        "python mlflow_deployer.py register --model-path m.pkl --model-type t --metrics '{\"f1\":0.8}'",
        Change,
        "hivectl ml models register m.pkl --name t --metrics '{\"f1\":0.8}'",
    ),
    (
        "mlflow_deployer.py --promote --model-type technical --model-version 3 --target-stage Production",
        Change,
        "hivectl ml models promote technical@3",
    ),
    (
        "mlflow_deployer.py --promote --model-type technical --model-version 3 --target-stage Staging",
        Change,
        "hivectl ml models promote technical@3 --to staging",
    ),
    ("mlflow_deployer.py promote --model-type t --version 3", Change, "hivectl ml models promote t@3"),
    ("mlflow_deployer.py --list", Look, "hivectl ml models list"),
    ("mlflow_deployer.py --list --model-type technical", Look, "hivectl ml models list technical"),
    ("mlflow_deployer.py list --model-type technical", Look, "hivectl ml models list technical"),
    ("mlflow_deployer.py --rollback --model-type technical --target-version 2", Change, "hivectl ml models rollback technical --to 2"),
    ("mlflow_deployer.py rollback --model-type technical --target-version 2", Change, "hivectl ml models rollback technical --to 2"),
    (
        "mlflow_deployer.py --alias ab-test-v12 --model-type technical --model-version 12",
        Change,
        "hivectl ml models alias set technical ab-test-v12 12",
    ),
    (
        "mlflow_deployer.py alias --model-type technical --alias ab-test-v12 --version 12",
        Change,
        "hivectl ml models alias set technical ab-test-v12 12",
    ),
    ("promote_model.py --model-name m --version 4 --stage Staging", Change, "hivectl ml models promote m@4 --to staging"),
    // Trainings.
    (
        "train_predictive_models.py --model-type anomaly --training-window-days 365 --min-samples 5000 --hyperparameter-tuning --promote-if-better",
        Change,
        "hivectl ml train --model anomaly --window-days 365 --min-samples 5000 --tune --promote-if-better",
    ),
    ("train_predictive_models.py --model-type scheduling", Change, "hivectl ml train --model scheduling"),
    ("train_predictive_models.py --model-type all", Change, "hivectl ml train --model all"),
    ("train_predictive_models.py --model-type load", Change, "hivectl ml train --model load"),
    ("train_predictive_models.py --model-type=teapot --promote-if-better", Change, "hivectl ml train --model KIND --promote-if-better"),
    ("train_predictive_models.py --model-algorithm xgboost", Change, "hivectl ml train --algorithm xgboost"),
    ("train_initial_models.sh --dry-run", Look, "hivectl ml train --model anomaly,load,scheduling --promote-if-better --dry-run"),
    (
        "train_models_production.py --window-days=540 --min-samples=100 --backfill-errors",
        Change,
        "hivectl ml train --promote-if-better --window-days 540 --min-samples 100 --backfill-errors",
    ),
    ("train_specialist_model.py --specialist-type technical --data-dir D", Change, "hivectl ml models register PATH --name technical"),
    ("fluxo_retreinamento_completo.sh", Change, "hivectl ml train --promote-if-better"),
    (
        "drift_triggered_retraining.py --check-once --dry-run",
        Look,
        "hivectl ml retrain --if-drift --promote-if-better --check-once --dry-run",
    ),
    ("drift_triggered_retraining", Change, "hivectl ml retrain --if-drift --promote-if-better"),
    ("auto_retrain.py --dry-run", Look, "hivectl ml retrain --if-drift --dry-run"),
    // What collects, judges and compares.
    (
        "collect_production_data.py --specialist all --min-samples 10000 --output-dir D --min-confidence 0.7 --days 90",
        Look,
        "hivectl ml dataset features --tickets PLACE --out matrix.parquet",
    ),
    (
        "generate_training_datasets.py --specialist-type t --num-samples 5000 --output-path p",
        Look,
        "hivectl ml dataset synthetic --out tickets.parquet --rows 5000",
    ),
    (
        "validate_models --models-dir M --test-data-dir T --output-dir O --specialist all",
        Look,
        "hivectl ml validate --models-dir M --test-data T --report O",
    ),
    (
        "ab_testing --action start --specialist business --new-version v12 --baseline-version Production --traffic 10.0",
        Look,
        "hivectl ml models compare business#production business@12 --tickets PLACE",
    ),
    (
        "ab_testing.py --action check --test-id business_v12_20240212_143000",
        Look,
        "hivectl ml models compare business#production business@12 --tickets PLACE",
    ),
    (
        "ab_testing --action expand --test-id business_v12_20240212_143000 --traffic 50.0",
        Look,
        "hivectl ml models compare business#production business@12 --tickets PLACE",
    ),
    ("drift_job.py --window-days 7", Look, "hivectl ml drift check --exit-code --window-days 7"),
    ("model_performance_monitor.py --window-days 30", Look, "hivectl ml validate --window-days 30"),
    ("test_model_accuracy.py --days-back 7", Look, "hivectl ml validate --window-days 7"),
    ("rollback_model.sh --specialist t --to-version 2 --reason bad", Change, "hivectl ml models rollback t --to 2 --reason bad"),
    // mlflow.
    ("mlflow models list", Look, "hivectl ml models list"),
    ("mlflow models list --name ticket-duration-predictor", Look, "hivectl ml models list ticket-duration-predictor"),
    ("mlflow models transition-model-version-stage --name m --version 3 --stage Production", Change, "hivectl ml models promote m@3"),
    ("MlflowClient().get_latest_versions(NAME, stages=['Production'])", Look, "hivectl ml models list --stage production"),
    // kubectl and helm.
    ("kubectl get jobs -l job=ml-training", Look, "hivectl ml jobs list"),
    ("kubectl get cronjobs orchestrator-ml-training -n neural-hive-orchestration", Look, "hivectl ml jobs list"),
    ("kubectl logs -f job/orchestrator-ml-training-28391", Look, "hivectl ml jobs list"),
    ("kubectl describe cronjob orchestrator-ml-training", Look, "hivectl ml jobs list"),
    ("kubectl logs --tail=100 cronjob/orchestrator-ml-drift-check", Look, "hivectl ml drift history"),
    ("kubectl get cronjobs drift-retraining", Look, "hivectl ml jobs list"),
    ("kubectl get configmap orchestrator-config -o yaml", Look, "hivectl config list"),
    ("kubectl edit configmap orchestrator-config", Change, "hivectl config set KEY VALUE"),
    ("kubectl get pods -n mlflow", Look, "hivectl doctor --check registry"),
    ("kubectl top pods", Look, "hivectl doctor"),
    ("kubectl scale deployment orchestrator-dynamic --replicas=3", Look, "hivectl doctor"),
    ("kubectl exec deployment/orchestrator-dynamic -- python -m src.ml.training_job", Change, "hivectl ml train --promote-if-better"),
    ("kubectl exec deployment/orchestrator-dynamic -- python3 /app/scripts/validate_ml_models.py", Look, "hivectl ml validate"),
    ("kubectl exec deployment/orchestrator-dynamic -- curl http://mlflow:5000/health", Look, "hivectl doctor --check registry"),
    ("kubectl create job ml-retrain-emergency-1 --from=cronjob/orchestrator-ml-training", Change, "hivectl ml train --promote-if-better"),
    // Python and the MongoDB shell.
    ("MLPredictor(get_settings()).load_models()", Change, "hivectl ml models cache warm NAME@VERSION"),
    ("MLPredictor.predict_duration(ticket)", Look, "hivectl ml predict --model duration --tickets PLACE"),
    ("EvidentlyMonitor(config).update_reference_data()", Change, "hivectl ml drift baseline save NAME@VERSION --tickets PLACE"),
    ("db.execution_tickets.getIndexes()", Look, "hivectl doctor --check mongodb"),
    ("db.execution_tickets.createIndex({created_at: -1, status: 1})", Change, "hivectl doctor --check mongodb --create-indexes"),
    // Endpoints.
    ("curl -X POST http://orchestrator-dynamic:8000/api/v1/ml/train", Change, "hivectl ml train"),
    ("curl http://orchestrator-dynamic:8000/api/v1/ml/models", Look, "hivectl ml models list"),
    ("curl http://mlflow:5000/health", Look, "hivectl doctor --check registry"),
    ("curl http://approval-service:8000/api/v1/feedback/health", Look, "hivectl ml validate"),
    ("curl http://prometheus:9090/api/v1/query?query=neural_hive_mlflow_model_f1", Look, "hivectl ml stats"),
];

/// Whether a command changes something that is not its own output.
fn changes(command: &str) -> bool {
    let only_looks = ["--dry-run"].iter().any(|word| command.contains(word));
    let verbs = ["ml train", "ml retrain", "models register", "alias set", "config set", "cache warm", "baseline save", "--create-indexes"];
    !only_looks && (verbs.iter().any(|verb| command.contains(verb)) || SERVING.iter().any(|verb| command.contains(verb)))
}

#[test]
fn every_line_of_the_guides_and_scripts_has_its_answer_and_a_look_is_answered_with_a_look() {
    let home = Home::new();
    let mut wrong = Vec::new();
    for (typed, did, now) in LINES {
        let words = shlex::split(typed).unwrap_or_else(|| typed.split(' ').map(str::to_owned).collect());
        let words: Vec<&str> = ["explain", "-o", "json"].into_iter().chain(words.iter().map(String::as_str)).collect();
        let ran = home.run(&words);
        let said = if ran.code == 0 { ran.json(0)["data"]["command"].as_str().unwrap_or_default().to_owned() } else { ran.stderr.clone() };
        if said != *now {
            wrong.push(format!("{typed}\n  said {said}\n  want {now}"));
        }
        assert_eq!(changes(now), *did == Change, "{typed}: {now}");
        let promoted = ["promote", "transition", "rollback"].iter().any(|word| typed.contains(word));
        assert!(promoted || !SERVING.iter().any(|verb| said.contains(verb)), "{typed} is answered with a change of what serves: {said}");
    }
    // A whole line between quotes is the same line.
    for (typed, _, now) in LINES.iter().step_by(7).filter(|(typed, ..)| typed.contains(' ')) {
        assert_eq!(home.run(&["explain", typed, "-o", "json"]).json(0)["data"]["command"], *now, "{typed}");
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), LINES.len(), wrong.join("\n"));
}

#[test]
fn a_kind_that_is_not_there_is_told_and_no_other_is_trained_in_its_place() {
    let home = Home::new();
    let ran = home.run(&["explain", "train_predictive_models.py", "--model-type", "teapot"]).expect(0);
    assert!(ran.stdout.contains("does not take 'teapot'") && !ran.stdout.contains("--model duration"), "{}", ran.stdout);
}
