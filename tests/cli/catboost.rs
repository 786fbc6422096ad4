//! CatBoost's JSON, on a table: what CatBoost answered stands beside the files (`fixtures/catboost/make.py`).

use std::path::Path;

use serde_json::Value;

use crate::support::{Home, json, ran};

/// A label, or a number: CatBoost adds in 64 bits, in the order of the trees.
fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(ours), Some(theirs)) => (ours - theirs).abs() <= 1e-12 * theirs.abs().max(1e-3),
        _ => ours == theirs,
    }
}

#[test]
fn catboost_json_answers_as_catboost_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/fixtures/catboost");
    let home = Home::new();
    for entry in std::fs::read_dir(&folder).expect("the fixtures") {
        let path = entry.expect("an entry").path();
        std::fs::copy(&path, home.path().join(path.file_name().expect("a name"))).expect("copied");
    }
    let answers: Value = serde_json::from_slice(&std::fs::read(folder.join("answers.json")).expect("read")).expect("JSON");
    for (name, theirs) in answers.as_object().expect("models") {
        ran(&home, &format!("ml models register {name}.json --name {name}")).expect(0);
        let said = json(&home, &format!("ml predict --model {name}@1 --rows rows.csv --proba"), 0)["data"]["items"].clone();
        assert_eq!(said.as_array().map(Vec::len), theirs["predict"].as_array().map(Vec::len), "{name}");
        for (row, predicted) in theirs["predict"].as_array().expect("rows").iter().enumerate() {
            // Several classes stand in a list of one label, several targets in one of numbers.
            let answered = match predicted.as_array().map(Vec::as_slice) {
                None => same(&said[row]["prediction"], predicted),
                Some([label]) => same(&said[row]["prediction"], label),
                Some(targets) => targets.iter().enumerate().all(|(place, number)| same(&said[row][format!("prediction_{place}")], number)),
            };
            assert!(answered, "{name}, row {row}: {} for {predicted}", said[row]);
            let labels = theirs["classes"].as_array().into_iter().flatten();
            for (label, share) in labels.zip(theirs["proba"][row].as_array().into_iter().flatten()) {
                let column = format!("probability_{}", label.as_str().expect("a label"));
                assert!(same(&said[row][&column], share), "{name}, row {row}, {column}: {} for {share}", said[row]);
            }
        }
    }
    for (name, word) in [("kinds", "categorical features"), ("other_shapes", "grow_policy")] {
        let taken = ran(&home, &format!("ml models register {name}.json --name {name}")).expect(0);
        assert!(taken.stderr.contains(word), "{name}: {}", taken.stderr);
    }
    home.write("m.cbm", "CBM1 and what follows");
    let refused = json(&home, "ml models register m.cbm --name cbm", 11)["error"].to_string();
    assert!(refused.contains("format='json'"), "{refused}");
}
