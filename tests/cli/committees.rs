//! Models of models, several targets and categories of scikit-learn, on tables: scikit-learn's own answers are the judge.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::common::python::python;
use crate::support::{Home, json, ran};

/// Models whose library adds in the same width and order: their answers are the same to the last bit.
const EXACT: [&str; 12] = [
    "bagging",
    "bagging_plain",
    "bagging_forests",
    "boosted",
    "boosted_forests",
    "voting_weights",
    "targets",
    "targets_of_tree",
    "bagging_votes",
    "bagging_votes_of_two",
    "soft",
    "soft_of_two",
];

/// A label, or a number as close as the name of its model asks.
fn same(name: &str, ours: &Value, theirs: &Value) -> bool {
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(ours), Some(theirs)) if EXACT.contains(&name) => ours == theirs,
        (Some(ours), Some(theirs)) => (ours - theirs).abs() <= 1e-6 * theirs.abs().max(1e-6),
        _ => ours == theirs,
    }
}

#[test]
fn models_of_models_answer_as_scikit_learn_answers() {
    let Some(python) = python("HIVECTL_TEST_PYTHON") else { return };
    let home = Home::new();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/committees.py");
    let made = Command::new(python).arg(script).arg(home.path()).output().expect("Python starts");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let found: Value = serde_json::from_slice(&made.stdout).expect("one document");
    let mut wrong = Vec::new();
    for (name, model) in found["models"].as_object().expect("models") {
        let file = model["file"].as_str().expect("a file");
        ran(&home, &format!("ml models register {file} --name {name}")).expect(0);
        for (table, theirs) in model["tables"].as_object().expect("tables") {
            let answer =
                home.run(&["ml", "predict", "--model", &format!("{name}@1"), "--rows", &format!("{table}.csv"), "--proba", "-o", "json"]);
            if answer.code != 0 {
                wrong.push(format!("{name} on {table}: {}", answer.stderr));
                continue;
            }
            let said = answer.json(0)["data"]["items"].clone();
            assert_eq!(said.as_array().map(Vec::len), Some(500), "{name} on {table}");
            let differs = (0..500).find_map(|row| {
                let predicted = theirs.get("predict").is_none_or(|predicted| same(name, &said[row]["prediction"], &predicted[row]));
                let targets = theirs["targets"][row].as_array().into_iter().flatten().enumerate();
                let targets = targets.map(|(place, number)| (format!("prediction_{place}"), number));
                let labels = theirs["classes"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|label| format!("probability_{}", label.as_str().expect("a label")));
                let shares = labels.zip(theirs["proba"][row].as_array().into_iter().flatten());
                let column = targets.chain(shares).find(|(column, number)| !same(name, &said[row][column], number));
                let what = column
                    .map(|(column, number)| format!("{column} {number}"))
                    .or((!predicted).then(|| format!("prediction {}", theirs["predict"][row])));
                what.map(|what| format!("{name} on {table}, row {row}: {} for {what}", said[row]))
            });
            wrong.extend(differs);
        }
    }
    assert!(wrong.is_empty(), "{} models differ:\n{}", wrong.len(), wrong.join("\n"));
    let told = json(&home, "ml predict --model hard@1 --rows full.csv", 0)["data"]["notes"].to_string();
    assert!(told.contains("voting='hard'"), "{told}");
    let told = json(&home, "ml predict --model continued@1 --rows full.csv", 0)["data"]["notes"].to_string();
    assert!(told.contains("earlier training"), "{told}");
    let inspected = json(&home, "ml models inspect stacking_deep@1", 0)["data"].clone();
    assert_eq!((&inspected["task"], &inspected["trees"]), (&Value::from("regression"), &Value::from(8)));

    for (name, word) in found["refused"].as_object().expect("names") {
        let taken = ran(&home, &format!("ml models register {name}.pkl --name {name}")).expect(0);
        assert!(taken.stderr.contains(word.as_str().expect("a word")), "{name}: {}", taken.stderr);
        let refused = json(&home, &format!("ml predict --model {name}@1 --rows full.csv"), 11)["error"].clone();
        assert!(refused.to_string().contains(word.as_str().expect("a word")), "{name}: {refused:#}");
    }
}
