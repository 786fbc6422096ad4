//! `ml predict --rows` and `ml validate --test-data`: a model of any tool on a table of its own columns.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::common::shared::shared;
use crate::support::{Home, json, ran};

/// Files that the libraries wrote, with what they answer.
fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rooms/formats/fixtures")
}

fn answers() -> Value {
    serde_json::from_slice(&std::fs::read(fixtures().join("answers.json")).expect("a fixture")).expect("JSON")
}

/// The rows of the fixtures as CSV with these headers.
fn rows(headers: &str, answers: &Value) -> String {
    let lines = answers["rows"].as_array().expect("rows").iter().map(|row| {
        let cells: Vec<String> = row.as_array().expect("a row").iter().map(Value::to_string).collect();
        cells.join(",") + "\n"
    });
    std::iter::once(format!("{headers}\n")).chain(lines).collect()
}

/// A home with each of these files registered under its own name, as version 1 of `m0`, `m1`, …
fn registered(files: &[&str]) -> Home {
    let home = Home::new();
    for (place, file) in files.iter().enumerate() {
        std::fs::copy(fixtures().join(file), home.path().join(file)).expect("a fixture");
        ran(&home, &format!("ml models register {file} --name m{place}")).expect(0);
    }
    home
}

fn close(ours: &Value, theirs: &Value) -> bool {
    let (ours, theirs) = (ours.as_f64().expect("a number"), theirs.as_f64().expect("a number"));
    (ours - theirs).abs() <= 2e-6 * theirs.abs().max(1.0)
}

#[test]
fn a_model_of_any_tool_answers_for_rows_as_its_library_does() {
    let answers = answers();
    let files =
        ["forest.protocol2.pkl", "forest.zlib.joblib", "xgboost.pkl", "stopped.ubj", "stopped.booster.ubj", "old.model", "tree.pkl"];
    let home = registered(&files);
    home.write("unnamed.csv", rows("a,b,c", &answers));
    home.write("named.csv", rows("first,second,third", &answers));
    for (place, file) in files.iter().enumerate() {
        let table = if file.starts_with("forest") { "named" } else { "unnamed" };
        let said = json(&home, &format!("ml predict --model m{place}@1 --rows {table}.csv"), 0)["data"].clone();
        let items = said["items"].as_array().expect("rows");
        assert_eq!((items.len(), &said["row_count"]), (10, &Value::from(10)), "{file}");
        for (row, item) in items.iter().enumerate() {
            assert_eq!(item["row"], row + 1, "{file}");
            assert!(close(&item["prediction"], &answers[file][row][0]), "{file}: {item} for {}", answers[file][row]);
        }
    }
    // Columns are found by their names: in another order, among others.
    let turned: String = rows("first,second,third", &answers)
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            format!("{};more;{};{}\n", cells[2], cells[0], cells[1])
        })
        .collect();
    home.write("turned.csv", &turned);
    let turned = json(&home, "ml predict --model m0@1 --rows turned.csv", 0)["data"]["items"].clone();
    assert!((0..10).all(|row| close(&turned[row]["prediction"], &answers[files[0]][row][0])));
    let refused = json(&home, "ml predict --model m0@1 --rows unnamed.csv", 2)["error"].to_string();
    assert!(refused.contains("no column 'first'") && refused.contains("a, b, c"), "{refused}");
    home.write("twice.csv", "first,second,third,first\n1,2,3,4\n");
    let refused = json(&home, "ml predict --model m0@1 --rows twice.csv", 2)["error"].to_string();
    assert!(refused.contains("column 'first' twice") && refused.contains("first, second, third, first"), "{refused}");
}

#[test]
fn rounds_and_probabilities_can_be_asked_for() {
    let answers = answers();
    let home = registered(&["stopped.ubj", "stopped.booster.ubj", "classifier.pkl", "lightgbm.pkl", "isolation.pkl"]);
    home.write("rows.csv", rows("a,b,c", &answers));
    let predict = |words: &str| json(&home, &format!("ml predict --rows rows.csv --model {words}"), 0)["data"].clone();
    let stopped = predict("m0@1");
    assert!(stopped["rounds_summary"].as_str().is_some_and(|told| told.contains("used: early stopping at")), "{stopped:#}");
    let all = predict("m0@1 --rounds all");
    assert!(all["rounds_summary"].as_str().is_some_and(|told| told.contains("all used")), "{all:#}");
    let inspected = json(&home, "ml models inspect m0@1", 0)["data"].clone();
    assert!(inspected["used_rounds"].as_u64() < inspected["rounds"].as_u64(), "{inspected:#}");
    assert_eq!(inspected["used_rounds"].as_u64(), inspected["best_iteration"].as_u64().map(|best| best + 1));
    assert_eq!(json(&home, "ml models inspect stopped.ubj --rounds all", 0)["data"]["used_rounds"], inspected["rounds"]);
    for row in 0..10 {
        assert!(close(&all["items"][row]["prediction"], &answers["stopped.booster.ubj"][row][0]));
        assert!(close(&predict("m1@1 --rounds best")["items"][row]["prediction"], &answers["stopped.ubj"][row][0]));
    }
    for (model, file) in [("m2@1", "classifier.pkl"), ("m3@1", "lightgbm.pkl")] {
        let said = predict(&format!("{model} --proba"))["items"].clone();
        for row in 0..10 {
            let shares: Vec<&Value> = (0..3).map(|class| &said[row][format!("probability_{class}")]).collect();
            assert!(shares.iter().zip(answers[file][row].as_array().expect("shares")).all(|(ours, theirs)| close(ours, theirs)), "{file}");
            let best = (0..3).fold(0, |best, class| if shares[class].as_f64() > shares[best].as_f64() { class } else { best });
            assert_eq!(said[row]["prediction"].as_f64(), Some(best as f64), "{file}");
        }
    }
    // A booster takes nothing infinite, and its wrapper does; isolation forests do, other forests not.
    home.write("infinite.csv", "a,b,c\n1,2,3\n1,inf,3\n");
    for (model, refuses) in [("m0@1", false), ("m1@1", true), ("m4@1", false)] {
        let said = home.run(&["ml", "predict", "--model", model, "--rows", "infinite.csv", "-o", "json"]);
        if refuses {
            let refused = said.json(11)["error"].to_string();
            assert!(refused.contains("infinite.csv:3") && refused.contains("column 'b'"), "{refused}");
        } else {
            said.expect(0);
        }
    }
    let shown = json(&home, "ml models show m0@1", 0)["data"].clone();
    assert_eq!(shown["rounds_summary"], inspected["rounds_summary"]);
    let marks = predict("m4@1")["items"].clone();
    for row in 0..10 {
        assert!(close(&marks[row]["score"], &answers["isolation.pkl"][row][0]));
        assert!(matches!(marks[row]["prediction"].as_f64(), Some(-1.0 | 1.0)));
    }
    ran(&home, "ml predict --model m0@1 --rows rows.csv --proba --out said.parquet").expect(0);
    ran(&home, "ml predict --model m0@1 --rows rows.csv --out said.csv").expect(0);
    let written = std::fs::read_to_string(home.path().join("said.csv")).expect("written");
    assert_eq!((written.lines().next(), written.lines().count()), (Some("row,prediction"), 11));
    let piped = home.run_with_input(&["ml", "predict", "--model", "m0@1", "--rows", "-", "-o", "csv"], rows("a,b,c", &answers).as_bytes());
    assert_eq!(piped.stdout, written, "{}", piped.stderr);
    for word in ["--tickets t.ndjson", "--database d", "--collection c", "--size-field s", "--explain"] {
        ran(&home, &format!("ml predict --model m0@1 --rows rows.csv {word}")).expect(2);
    }
    for word in ["--window-days 3", "--as-of 2026-01-31T12:00:00Z", "--status failed", "--database d", "--max-version-age 3d"] {
        ran(&home, &format!("ml validate m0@1 --test-data rows.csv {word}")).expect(2);
    }
    home.write("twice.csv", "a,b,a\n1,2,3\n");
    home.write("two.json", "{\"instances\": [[1, 2, 3]], \"dataframe_records\": [{\"a\": 1}]}");
    let refused = json(&home, "ml predict --model m0@1 --rows two.json", 2)["error"].to_string();
    assert!(refused.contains("'dataframe_records' and 'instances'"), "{refused}");
    // Of a model without names the place of a column is what it is.
    ran(&home, "ml predict --model m0@1 --rows twice.csv").expect(0);
    home.write("python.json", "[[NaN, 1, 2], [Infinity, 1, -Infinity]]");
    assert_eq!(json(&home, "ml predict --model m0@1 --rows python.json", 0)["data"]["row_count"], 2);
    home.write("fine.csv", "a,b,c\n1,16777217.5,16777217\n");
    assert!(ran(&home, "ml predict --model m0@1 --rows fine.csv").expect(0).stderr.contains("2 values have more digits"));
    home.write("empty.csv", "a,b,c\n");
    ran(&home, "ml predict --model m0@1 --rows empty.csv").expect(14);
    home.write("words.csv", "a,b,c\n1,2,x\n");
    let refused = json(&home, "ml predict --model m0@1 --rows words.csv", 11)["error"].to_string();
    assert!(refused.contains("words.csv:2: 'x' in column 'c' is no number"), "{refused}");
}

#[test]
fn a_table_judges_a_registered_version() {
    let home = Home::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/fixtures");
    for file in ["technical_model.pkl", "technical_test.csv"] {
        std::fs::copy(folder.join(file), home.path().join(file)).expect("a fixture");
    }
    ran(&home, "ml models register technical_model.pkl --name technical").expect(0);
    let expected: Value = serde_json::from_slice(&std::fs::read(folder.join("expected.json")).expect("a fixture")).expect("JSON");
    let judged = json(&home, "ml validate technical@1 --test-data technical_test.csv", 0)["data"]["models"][0].clone();
    assert!(close(&judged["metrics"]["f1_macro"], &expected["technical"]["f1_macro"]), "{judged:#}");
    assert_eq!((&judged["name"], &judged["passed"]), (&Value::from("technical@1"), &Value::from(true)));
    let table = std::fs::read_to_string(home.path().join("technical_test.csv")).expect("a fixture");
    home.write("renamed.csv", table.replacen("label", "verdict", 1));
    let renamed = json(&home, "ml validate technical@1 --test-data renamed.csv --label verdict", 0)["data"]["models"][0].clone();
    assert_eq!(renamed["metrics"], judged["metrics"]);
    let absent = json(&home, "ml validate technical@1 --test-data renamed.csv", 11)["data"]["models"][0].clone();
    assert!(absent["checks"].to_string().contains("no column 'label'"), "{absent:#}");
    ran(&home, "ml validate --test-data renamed.csv").expect(2);
    ran(&home, "ml validate technical@9 --test-data renamed.csv").expect(4);
}

#[test]
fn what_is_no_model_is_not_registered() {
    let home = Home::new();
    for (file, text) in [("a.json", "{}"), ("b.json", "[]"), ("c.txt", "tree\n"), ("d.pkl", "pickle"), ("e.ubj", "")] {
        home.write(file, text);
        let refused = json(&home, &format!("ml models register {file} --name outside"), 11)["error"].to_string();
        assert!(refused.contains("no model that can be registered"), "{refused}");
    }
    assert!(!home.has_registry());
}

/// A file or folder that is broken is no use to anybody; one that is whole and not understood may be served by others.
#[test]
fn what_is_broken_is_not_registered_and_what_is_foreign_is() {
    let home = Home::new();
    let refused = |file: &str, told: &str| {
        let error = json(&home, &format!("ml models register {file} --name outside"), 11)["error"].to_string();
        assert!(error.contains("no model that can be registered") && error.contains(told), "{file}: {error}");
    };
    for file in std::fs::read_dir(fixtures()).expect("fixtures") {
        let path = file.expect("a fixture").path();
        if path.is_dir() {
            continue;
        }
        let (name, bytes) = (path.file_name().expect("a name").to_string_lossy().into_owned(), std::fs::read(&path).expect("a fixture"));
        if name.ends_with(".py") || name == "answers.json" {
            continue;
        }
        // A text is whole where all its trees are, whatever is gone behind them.
        let shorter = if name.ends_with(".txt") { bytes.len() / 3 } else { bytes.len() - 1 };
        let half = if name.ends_with(".txt") { bytes.len() / 4 } else { bytes.len() / 2 };
        for length in [half, bytes.len() * 9 / 10, shorter] {
            std::fs::write(home.path().join(&name), &bytes[..length]).expect("written");
            refused(&name, "");
        }
    }
    let whole = std::fs::read(fixtures().join("stopped.ubj")).expect("a fixture");
    let folder = home.path().join("folder");
    std::fs::create_dir(&folder).expect("made");
    std::fs::write(folder.join("model.ubj"), &whole).expect("written");
    for (mlmodel, told) in [
        ("flavors: [", "not one YAML document"),
        ("flavors: {}\n---\nflavors: {}\n", "more than one document"),
        ("flavors: {xgboost: {data: model.ubj, data: model.ubj}}\n", "duplicate"),
        ("flavors: {xgboost: {data: /model.ubj}}\n", "leads out"),
        ("flavors: {xgboost: {data: other.ubj}}\n", "'other.ubj' as the model"),
        (&format!("flavors: {{}}\n# {}\n", "x".repeat(10 << 20)), "at most"),
    ] {
        home.write("folder/MLmodel", mlmodel);
        refused("folder", told);
    }
    home.write("folder/MLmodel", "flavors: {xgboost: {data: model.ubj}}\n");
    std::fs::write(folder.join("model.ubj"), &whole[..whole.len() - 9]).expect("written");
    refused("folder", "model.ubj: this model file is broken");
    assert!(!home.has_registry());

    std::fs::write(home.path().join("foreign.pkl"), b"\x80\x04\x8c\x04mine\x8c\x05Model\x93)\x81.").expect("written");
    let taken = ran(&home, "ml models register foreign.pkl --name foreign").expect(0);
    assert!(taken.stderr.contains("hivectl itself cannot run it") && taken.stderr.contains("mine.Model"), "{}", taken.stderr);
    home.write("folder/MLmodel", "flavors: {pytorch: {model_data: data}}\n");
    ran(&home, "ml models register folder --name deep").expect(0);
}

/// Small files that were once read wrongly; the labels are the libraries' own answers.
#[test]
fn files_that_were_once_read_wrongly_are_read_as_their_libraries_mean_them() {
    let Some(cases) = shared("cases/model-files") else { return };
    for case in std::fs::read_dir(cases).expect("cases") {
        let case = case.expect("a case").path();
        let home = Home::new();
        let (models, data) = (case.join("models"), case.join("data"));
        let words = ["ml", "validate", "--models-dir", &models.to_string_lossy(), "--test-data", &data.to_string_lossy(), "-o", "json"];
        let said: Value = serde_json::from_str(&home.run(&words).stdout).expect("JSON");
        for model in said["data"]["models"].as_array().expect("models") {
            let metrics = &model["metrics"];
            let right = match model["kind"].as_str() {
                Some("regression") => metrics["mae_pct"].as_f64().is_some_and(|percent| percent < 1e-4),
                Some("classifier") => metrics["accuracy"] == 1.0,
                Some("anomaly") => metrics["f1"] == 1.0,
                _ => false,
            };
            assert!(right, "{}: {model:#}", case.display());
        }
    }
}
