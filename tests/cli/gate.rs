//! Gates of models that hivectl cannot run: a CatBoost and a TensorFlow model with nothing but logged metrics, judged at
//! and beside each border of a policy.

use rusqlite::Connection;
use serde_json::Value;

use crate::support::{Home, json, ran, registry_file};

const CATBOOST: &str = "flavors:\n  catboost: {catboost_version: 1.2.5, data: model.cb, model_type: CatBoostRegressor}\n  \
                        python_function: {loader_module: mlflow.catboost, data: model.cb}\nsignature:\n  \
                        inputs: '[{\"type\": \"double\", \"name\": \"x\"}]'\n  outputs: '[{\"type\": \"double\"}]'\n";
const TENSORFLOW: &str =
    "flavors:\n  tensorflow: {data: model.bin, model_type: keras}\n  python_function: {loader_module: mlflow.tensorflow}\n";
const TENSOR_SIGNATURE: &str =
    "signature:\n  inputs: '[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"float32\", \"shape\": [-1, 8]}}]'\n";

/// Registers a model as another tool logs it: metrics that nobody calls a claim.
fn logged(home: &Home, name: &str, mlmodel: &str, metrics: &str) -> u64 {
    let folder = format!("{name}-model");
    home.write(&format!("{folder}/MLmodel"), mlmodel);
    // Other bytes each time, so that it is another version.
    home.write(&format!("{folder}/model.cb"), format!("trees of {metrics}"));
    let words = ["ml", "models", "register", &folder, "--name", name, "--metrics", metrics, "--tag", "team=search", "-o", "json"];
    let document = home.run(&words).json(0);
    let connection = Connection::open(registry_file(home)).expect("the registry");
    connection.execute("DELETE FROM model_version_tags WHERE key = 'hivectl.metrics'", []).expect("a statement");
    document["data"]["version"].as_u64().unwrap_or_else(|| panic!("no version in {document:#}"))
}

fn policy(home: &Home, text: &str) {
    home.write("policy.yaml", text);
    home.write(".hivectl.yaml", "policy: policy.yaml\n");
}

/// The reasons of a refusal.
fn refused(home: &Home, version: &str) -> String {
    json(home, &format!("ml models promote {version} --dry-run"), 3)["data"]["refused"]["causes"].to_string()
}

/// The criteria of the plan of a promotion that passes.
fn passes(home: &Home, version: &str) -> Value {
    let plan = json(home, &format!("ml models promote {version} --dry-run"), 0)["data"]["plan"].clone();
    assert_eq!(plan["gate"]["passed"], true, "{plan:#}");
    plan["gate"]["criteria"].clone()
}

#[test]
fn a_catboost_model_is_promoted_and_refused_on_its_logged_metrics() {
    let home = Home::new();
    policy(&home, "models:\n  price:\n    rmse: \"< 3\"\n    r2: \"> 0.9 desired\"\n");
    for (metrics, why) in [
        (r#"{"rmse": 3.0, "example_count": 80}"#, "rmse is 3.0000, required < 3 (policy.yaml:3)"),
        (r#"{"mae": 1.0, "example_count": 80}"#, "rmse is not known, required < 3 (policy.yaml:3)"),
        (r#"{"rmse": 2.0}"#, "judged_tickets is not known, required >= 30 (default)"),
        (r#"{"rmse": 2.0, "example_count": 29}"#, "judged_tickets is 29, required >= 30 (default)"),
    ] {
        let version = logged(&home, "price", CATBOOST, metrics);
        let causes = refused(&home, &format!("price@{version}"));
        assert!(causes.contains(why), "{metrics}: {causes}");
        let typed = ran(&home, &format!("ml models promote price@{version} --confirm price")).expect(3);
        assert!(typed.stderr.contains(why), "{}", typed.stderr);
    }
    let version = logged(&home, "price", CATBOOST, r#"{"rmse": 2.9999, "example_count": 30}"#);
    let criteria = passes(&home, &format!("price@{version}"));
    let told = |place: usize, key: &str| criteria[place][key].clone();
    assert_eq!((told(0, "metric"), told(0, "value"), told(0, "threshold")), ("rmse".into(), 2.9999.into(), 3.0.into()));
    assert_eq!((told(0, "rule"), told(1, "rule"), told(2, "rule")), ("policy.yaml:3".into(), "policy.yaml:4".into(), "default".into()));
    assert_eq!((told(1, "passed"), told(1, "required")), (false.into(), false.into()), "desired and missed");
    let done = ran(&home, &format!("ml models promote price@{version} --confirm price")).expect(0);
    assert!(done.stderr.contains("RULE") && done.stderr.contains("policy.yaml:3"), "{}", done.stderr);
    assert_eq!(json(&home, &format!("ml models show price@{version}"), 0)["data"]["stage"], "Production");
}

#[test]
fn a_model_that_nobody_knows_is_told_how_a_policy_names_it() {
    let home = Home::new();
    // Its name holds the word of a kind, and tells nothing.
    let version = logged(&home, "my-duration-net", TENSORFLOW, r#"{"mae_pct": 1.0, "example_count": 80}"#);
    let refusal = json(&home, &format!("ml models promote my-duration-net@{version} --dry-run"), 3)["data"]["refused"].clone();
    assert!(refusal["causes"].to_string().contains("no rule of a policy names it"), "{refusal:#}");
    assert!(refusal["hints"].to_string().contains("hivectl explain policy"), "{refusal:#}");
    policy(&home, "globs:\n  \"*-net\":\n    mae_pct: \"<= 1\"\n");
    assert_eq!(passes(&home, &format!("my-duration-net@{version}"))[0]["rule"], "policy.yaml:3");
}

#[test]
fn a_tensorflow_model_is_judged_by_signature_digest_and_age() {
    let home = Home::new();
    policy(&home, "tags:\n  team=search:\n    auc: \">= 0.9\"\n    signature: present\n    digest: present\n    age_days: \"<= 2\"\n");
    let metrics = r#"{"auc": 0.9, "example_count": 30}"#;
    let bare = logged(&home, "rank", TENSORFLOW, metrics);
    assert!(refused(&home, &format!("rank@{bare}")).contains("signature is absent, required present (policy.yaml:4)"));
    let signed = logged(&home, "rank", &format!("{TENSORFLOW}{TENSOR_SIGNATURE}"), metrics);
    let named = format!("rank@{signed}");
    let criteria = passes(&home, &named);
    assert_eq!((&criteria[2]["metric"], &criteria[2]["value"]), (&Value::from("digest"), &Value::from(1.0)));
    let registry = Connection::open(registry_file(&home)).expect("the registry");
    let of_this = "SELECT substr(source, 9) FROM model_versions WHERE version = ?1";
    let without_digest = format!("rank@{}", logged(&home, "rank", &format!("{TENSORFLOW}{TENSOR_SIGNATURE}\n"), metrics));
    let gone = registry.execute(&format!("DELETE FROM hivectl_artifacts WHERE model_id = ({of_this})"), [3]).expect("forgotten");
    assert!(gone > 0);
    assert!(refused(&home, &without_digest).contains("digest is absent, required present (policy.yaml:5)"));
    let made = |days: f64| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_millis() as i64;
        let at = now - (days * 86_400_000.0) as i64;
        registry.execute("UPDATE model_versions SET creation_time = ?1", [at]).expect("made older");
    };
    made(1.99);
    passes(&home, &named);
    made(2.01);
    let causes = refused(&home, &named);
    assert!(causes.contains("age_days is 2.01") && causes.contains("(policy.yaml:6)"), "{causes}");
}

#[test]
fn precision_and_recall_need_ten_positives_unless_the_rule_says_otherwise() {
    let home = Home::new();
    let rule = |more: &str| policy(&home, &format!("models:\n  fraud:\n    precision: \"> 0.75\"\n{more}"));
    rule("");
    let with = |found: u32, missed: u32, wrong: u32| {
        let counts = format!(r#""true_positives": {found}, "false_negatives": {missed}, "false_positives": {wrong}"#);
        let version = logged(&home, "fraud", CATBOOST, &format!(r#"{{"precision": 1.0, "example_count": 54, {counts}}}"#));
        format!("fraud@{version}")
    };
    let four = with(4, 0, 0);
    assert!(refused(&home, &four).contains("positives is 4, required >= 10 (default)"));
    assert!(refused(&home, &with(9, 1, 0)).contains("positives is 9"), "nine were taken for one");
    assert!(refused(&home, &with(9, 0, 1)).contains("positives is 9"), "nine are one");
    passes(&home, &with(9, 1, 1));
    let unknown = logged(&home, "fraud", CATBOOST, r#"{"precision": 1.0, "example_count": 54}"#);
    assert!(refused(&home, &format!("fraud@{unknown}")).contains("positives is not known"));
    rule("    positives: \">= 4\"\n");
    passes(&home, &four);
    rule("    positives: off\n    judged_tickets: off\n");
    assert_eq!(passes(&home, &format!("fraud@{unknown}")).as_array().map(Vec::len), Some(1));
}

#[test]
fn a_version_is_not_worse_than_the_champion_by_more_than_two_percent() {
    let home = Home::new();
    policy(&home, "models:\n  price:\n    rmse: \"< 100 and not worse than champion by more than 2 %\"\n    judged_tickets: off\n");
    let first = logged(&home, "price", CATBOOST, r#"{"rmse": 50.0}"#);
    let criteria = passes(&home, &format!("price@{first}"));
    assert!(criteria[1]["skipped"].as_str().is_some_and(|why| why.contains("no version serves")), "{criteria:#}");
    ran(&home, &format!("ml models promote price@{first} --confirm price")).expect(0);
    let border = logged(&home, "price", CATBOOST, r#"{"rmse": 51.0}"#);
    let criteria = passes(&home, &format!("price@{border}"));
    let champion = &criteria[1]["champion"];
    assert_eq!((&champion["version"], &champion["value"], &criteria[1]["threshold"]), (&first.into(), &50.0.into(), &51.0.into()));
    let beside = logged(&home, "price", CATBOOST, r#"{"rmse": 51.01}"#);
    let causes = refused(&home, &format!("price@{beside}"));
    assert!(causes.contains("rmse is 51.0100, required <= 51 (@1 has 50, 2 % are allowed) (policy.yaml:3)"), "{causes}");
    // A champion of which the number is not known is no reason to pass.
    let registry = Connection::open(registry_file(&home)).expect("the registry");
    for table in ["logged_model_metrics", "latest_metrics", "metrics"] {
        let column = if table == "logged_model_metrics" { "metric_name" } else { "key" };
        registry
            .execute(
                &format!(
                    "UPDATE {table} SET {column} = 'other' WHERE {}",
                    if column == "key" { "value = 50.0" } else { "metric_value = 50.0" }
                ),
                [],
            )
            .expect("renamed");
    }
    assert!(refused(&home, &format!("price@{border}")).contains("that of @1, which is not known"));
}

#[test]
fn two_rules_of_one_rank_that_contradict_end_with_11_and_both_lines() {
    let home = Home::new();
    let version = logged(&home, "team-price", CATBOOST, r#"{"rmse": 2.0, "example_count": 80}"#);
    policy(&home, "globs:\n  \"team-*\":\n    rmse: \"< 3\"\n  \"*-price\":\n    rmse: \"< 1\"\n");
    // The longer glob decides; of two as long neither.
    assert!(refused(&home, &format!("team-price@{version}")).contains("(policy.yaml:5)"));
    policy(&home, "globs:\n  \"team-*\":\n    rmse: \"< 3\"\n  \"*price\":\n    rmse: \"< 1\"\n");
    for line in [format!("ml models promote team-price@{version} --dry-run"), "config check".to_owned()] {
        let said = ran(&home, &line).expect(11).stderr;
        assert!(said.contains("policy.yaml:3") && said.contains("policy.yaml:5") && said.contains("contradict"), "{line}: {said}");
    }
    policy(&home, "tags:\n  team=search:\n    rmse: \"< 3\"\n  team:\n    rmse: \"< 1\"\n");
    let said = ran(&home, &format!("ml models promote team-price@{version}")).expect(11).stderr;
    assert!(said.contains("policy.yaml:3 and ") && said.contains("policy.yaml:5 contradict"), "{said}");
    policy(&home, "models:\n  team-price:\n    rmse: \"< 3\"\ntags:\n  team:\n    rmse: \"< 1\"\n");
    assert_eq!(passes(&home, &format!("team-price@{version}"))[0]["rule"], "policy.yaml:3", "the name comes first");
    policy(&home, "models:\n  team-price:\n    rmse: \"< 3\"\n  team-price:\n    rmse: \"< 1\"\n");
    let said = ran(&home, "config check").expect(11).stderr;
    assert!(said.contains("policy.yaml:2") && said.contains("policy.yaml:4"), "{said}");
}

#[test]
fn a_training_is_judged_by_the_rule_for_its_name_and_is_told_although_it_is_quiet() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 400);
    policy(&home, "models:\n  nightly:\n    mae_pct: \"< 0.001\"\nglobs:\n  \"*\":\n    mae_pct: \"< 100000\"\n");
    let train = |more: &str| ran(&home, &format!("ml train --model duration --trees 3 --tickets t.ndjson {more}"));
    let strict = train("--name nightly -q").expect(0);
    assert!(
        strict.stderr.contains("nightly@1 failed its gate: mae_pct is ") && strict.stderr.contains("(policy.yaml:3)"),
        "{}",
        strict.stderr
    );
    let document = train("--name nightly -q -o name").expect(0);
    assert!(document.stderr.contains("failed its gate"), "{}", document.stderr);
    let lax = train("-q").expect(0);
    assert!(!lax.stderr.contains("gate"), "{}", lax.stderr);
    let gate = json(&home, "ml models show ticket-duration-predictor@1", 0)["data"]["gate"].clone();
    assert_eq!((&gate["passed"], &gate["criteria"][0]["rule"]), (&Value::from(true), &Value::from("policy.yaml:6")));
}

#[test]
fn f1_of_anomalies_is_desired_and_decides_nothing() {
    let home = Home::new();
    let criteria = |f1: f64| {
        let metrics = format!(r#"{{"precision": 0.9, "recall": 0.9, "f1": {f1}, "example_count": 80, "positives": 10}}"#);
        let version = logged(&home, "ticket-anomaly-detector", CATBOOST, &metrics);
        let criteria = passes(&home, &format!("ticket-anomaly-detector@{version}"));
        criteria.as_array().expect("criteria").iter().find(|one| one["metric"] == "f1").expect("f1").clone()
    };
    let (border, beside) = (criteria(0.65), criteria(0.6501));
    assert_eq!((&border["passed"], &border["required"], &border["rule"]), (&false.into(), &false.into(), &"default".into()));
    assert_eq!(beside["passed"], true);
}
