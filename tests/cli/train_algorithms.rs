//! `ml train`: the algorithms, the scheduler's model, and parameters out of range.

use serde_json::Value;

use crate::support::Home;

pub fn train(home: &Home, more: &[&str]) -> Value {
    let arguments: Vec<&str> = ["ml", "train", "--tickets", "t.ndjson", "-o", "json"].iter().chain(more).copied().collect();
    home.run(&arguments).json(0)["data"]["models"][0].clone()
}

#[test]
fn the_scheduling_model_is_boosted_gated_in_ms_and_kept_in_xgboosts_form() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 800);
    let model = train(&home, &["--model", "scheduling"]);
    assert_eq!((&model["name"], &model["learner"]["algorithm"]), (&Value::from("scheduling-predictor-xgboost"), &Value::from("boosting")));
    let criterion = &model["gate"]["criteria"][0];
    assert_eq!((&criterion["metric"], &criterion["threshold"]), (&Value::from("mae"), &Value::from(5000.0)));
    let shown = home.run(&["ml", "models", "show", "scheduling@1", "-o", "json"]).json(0);
    let artifacts = shown["data"]["artifacts"].as_array().expect("artifacts").clone();
    let paths: Vec<&str> = artifacts.iter().filter_map(|artifact| artifact["path"].as_str()).collect();
    assert!(paths.contains(&"model.ubj") && paths.contains(&"model.onnx") && !paths.contains(&"model.pkl"), "{paths:?}");
    let predicted = home.run(&["ml", "predict", "--model", "scheduling@1", "--tickets", "t.ndjson", "-o", "jsonl"]).expect(0).stdout;
    assert_eq!(predicted.lines().count(), 800);
}

#[test]
fn both_algorithms_learn_durations_and_what_was_asked_is_recorded() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 800);
    let forest = train(&home, &["--model", "duration"]);
    assert_eq!((&forest["learner"]["algorithm"], &forest["learner"]["depth"]), (&Value::from("forest"), &Value::from(10)));
    let more = ["--model", "duration", "--algorithm", "boosting", "--objective", "huber", "--trees", "300", "--early-stopping", "10"];
    let boosted = train(&home, &more);
    assert_eq!((&boosted["learner"]["loss"], &boosted["learner"]["patience"]), (&Value::from("huber"), &Value::from(10)));
    assert!(boosted["metrics"]["mae"].as_f64() < forest["metrics"]["mae"].as_f64().map(|mae| mae * 2.0));
    let shown = home.run(&["ml", "models", "show", "duration@2", "-o", "json"]).json(0);
    assert_eq!(shown["data"]["params"]["objective"], "huber", "{shown:#}");
    let compared = home.run(&["ml", "models", "compare", "duration@1", "duration@2", "-o", "json"]).json(0);
    assert!(compared["data"]["metrics"].as_array().is_some_and(|metrics| !metrics.is_empty()));
}

#[test]
fn numbers_that_make_no_sense_are_refused_before_anything_is_read() {
    let home = Home::new();
    let boosting = ["--algorithm", "boosting"];
    for (more, word) in [
        (&["--learning-rate", "7"][..], "learning rate is 7"),
        (&["--row-share", "0"], "row share is 0"),
        (&["--l2", "NaN"], "L2 is NaN"),
        (&["--early-stopping", "0"], "patience"),
        (&["--depth", "257"], "depth"),
    ] {
        let line = [&["ml", "train", "--tickets", "absent.ndjson"], &boosting[..], more].concat();
        let refused = home.run(&line).expect(2);
        assert!(refused.stderr.contains(word), "{line:?}: {}", refused.stderr);
    }
    let refused = home.run(&["ml", "train", "--tickets", "absent.ndjson", "--column-share", "1.5"]).expect(2);
    assert!(refused.stderr.contains("max features is 1.5"), "{}", refused.stderr);
}

#[test]
fn flags_carry_the_names_of_the_field_and_the_former_words_mean_the_same() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 400);
    let learner = |more: &[&str]| train(&home, &[&["--model", "duration", "--dry-run"], more].concat())["learner"].clone();
    let forest = learner(&[
        "--n-estimators",
        "3",
        "--max-depth",
        "4",
        "--min-samples-split",
        "6",
        "--min-samples-leaf",
        "3",
        "--max-features",
        "0.5",
    ]);
    assert_eq!(forest, learner(&["--trees", "3", "--depth", "4", "--min-split", "6", "--min-leaf", "3", "--column-share", "0.5"]));
    assert_eq!((&forest["min_split"], &forest["column_share"]), (&Value::from(6), &Value::from(0.5)));
    let boosted = ["--algorithm", "boosting", "--n-estimators", "3"];
    let now = ["--subsample", "0.5", "--colsample-bytree", "0.5", "--reg-alpha", "0.1", "--reg-lambda", "2"];
    let before = ["--row-share", "0.5", "--column-share", "0.5", "--l1", "0.1", "--l2", "2"];
    assert_eq!(learner(&[&boosted[..], &now].concat()), learner(&[&boosted[..], &before].concat()));
}

#[test]
fn a_flag_that_nothing_would_use_is_refused_and_says_who_uses_it() {
    let home = Home::new();
    let lines: [(&[&str], &str, &str); 8] = [
        (&["--model", "duration", "--learning-rate", "0.2"], "--learning-rate does nothing for the duration model", "--algorithm boosting"),
        (&["--learning-rate", "0.2"], "--learning-rate does nothing for the duration and anomaly models", "--algorithm boosting"),
        (&["--model", "scheduling", "--max-features", "0.5"], "--max-features does nothing", "--colsample-bytree"),
        (&["--model", "duration", "--max-samples", "64"], "--max-samples does nothing", "--model anomaly"),
        (&["--model", "anomaly", "--max-depth", "4"], "--max-depth does nothing", "--model duration"),
        (&["--model", "anomaly", "--permutation"], "--permutation does nothing", "--model duration"),
        (&["--model", "duration", "--variant", "outcome"], "--variant does nothing", "--model anomaly"),
        (&["--model", "anomaly", "--subsample", "256"], "share of the tickets", "--max-samples 256"),
    ];
    for (more, message, advice) in lines {
        let refused = home.run(&[&["ml", "train", "--tickets", "absent.ndjson"], more].concat()).expect(2);
        assert!(refused.stderr.contains(message) && refused.stderr.contains(advice), "{more:?}: {}", refused.stderr);
    }
}

#[test]
fn what_shuffling_a_feature_costs_is_told_where_it_is_asked_for() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 800);
    assert_eq!(train(&home, &["--model", "duration", "--dry-run"])["permutation_importances"], Value::Array(Vec::new()));
    let model = train(&home, &["--model", "duration", "--dry-run", "--permutation"]);
    let told = model["permutation_importances"].as_array().expect("features");
    let cost = |place: usize| told[place]["mean_ms"].as_f64().expect("a number");
    assert!(told.len() == 15 && cost(0) > 0.0 && cost(0) >= cost(1), "{told:#?}");
    assert!((cost(14) - cost(0)).abs() > 0.0 && cost(14) < cost(0) / 10.0, "{told:#?}");
}
