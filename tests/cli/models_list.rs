//! `ml models list` and `show`: the fields for scripts, and names that are nearly right.

use crate::support::{Home, MODEL, fields, trained};

#[test]
fn list_and_show_say_what_is_registered() {
    let (home, trained) = trained();
    let list = home.run(&["ml", "models", "list", "-o", "json"]).json(0);
    let items = list["data"]["items"].as_array().expect("items");
    assert_eq!(items.len(), 2);
    for item in items {
        fields(item, &["name", "production", "staging", "latest", "version_count"]);
        fields(&item["latest"], &["version", "stage", "created_at", "metrics"]);
        assert!(item["production"].is_null());
        assert_eq!(item["latest"]["version"], 1);
        // Too few anomalies judged the detector for a gate.
        let waits = item["name"] == "ticket-duration-predictor";
        assert_eq!(item["staging"]["version"].as_u64(), waits.then_some(1), "{item}");
    }
    let names = home.run(&["ml", "models", "list", "-o", "name"]).expect(0).stdout;
    assert_eq!(names, "ticket-anomaly-detector\nticket-duration-predictor\n");

    let shown = home.run(&["ml", "models", "show", "ticket-duration-predictor@1", "-o", "json"]).json(0);
    let data = &shown["data"];
    fields(data, &["name", "version", "stage", "aliases", "metrics", "gate", "artifacts", "schema", "importances", "training_window"]);
    fields(&data["schema"], &["name", "fingerprint", "features"]);
    assert_eq!(data["schema"]["features"].as_array().map(Vec::len), Some(15));
    assert_eq!(data["gate"], trained["data"]["models"][0]["gate"]);
    for artifact in data["artifacts"].as_array().expect("artifacts") {
        fields(artifact, &["path", "size_bytes", "sha256"]);
    }
    fields(&data["importances"][0], &["feature", "value"]);
    fields(&data["training_window"], &["from", "to"]);
}

#[test]
fn a_mistyped_name_gets_the_nearest_one() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 200);
    home.run(&["ml", "train", "--model", "duration", "--tickets", "t.ndjson"]).expect(0);
    let ran = home.run(&["ml", "models", "show", "ticket-duration-predicter"]).expect(4);
    assert!(ran.stderr.contains("did you mean 'ticket-duration-predictor'?"), "{}", ran.stderr);
    let ran = home.run(&["ml", "models", "show", "ticket-duration-predictor@9"]).expect(4);
    assert!(ran.stderr.contains("ticket-duration-predictor@1"), "{}", ran.stderr);
    assert!(ran.stdout.is_empty());
    let ran = home.run(&["ml", "models", "lits"]).expect(2);
    assert!(ran.stderr.contains("list"), "{}", ran.stderr);
}

#[test]
fn a_list_says_whose_quality_it_shows_and_wide_is_wider() {
    let home = Home::with_models();
    let list = home.run(&["ml", "models", "list"]).expect(0).stdout;
    let line = list.lines().find(|line| line.starts_with(MODEL)).expect("the model").to_owned();
    assert!(line.contains(" % (@2) "), "version 2 serves: {line}");
    let wide = home.run(&["ml", "models", "list", "-o", "wide"]).expect(0).stdout;
    let columns =
        |text: &str| text.lines().next().map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).expect("headers");
    let (usual, all) = (columns(&list), columns(&wide));
    assert!(all.starts_with(&usual) && all.len() > usual.len(), "{usual:?}, {all:?}");
    assert!(wide.contains("both") && wide.contains("champion=2"), "{wide}");
}

#[test]
fn show_tells_each_metric_once_and_with_its_unit() {
    let (home, _) = trained();
    let shown = home.run(&["ml", "models", "show", &format!("{MODEL}@1")]).expect(0).stdout;
    let metrics: Vec<&str> = shown.lines().skip_while(|line| *line != "Metrics").skip(2).take_while(|line| !line.is_empty()).collect();
    let of = |name: &str| metrics.iter().find(|line| line.split_whitespace().next() == Some(name)).copied();
    assert!(of("mae_pct").is_some_and(|line| line.ends_with(" %")) && of("mae_percentage").is_none(), "{shown}");
    for name in ["mae", "rmse", "bias", "p90_absolute_error"] {
        let unit = of(name).and_then(|line| line.split_whitespace().last());
        assert!(unit.is_some_and(|unit| ["ms", "s", "m", "h"].contains(&unit)), "{name}: {shown}");
    }
}
