//! Registries in every state that other tools leave: what doctor suggests is typed, and takes nothing out of service unless
//! its sentence says so and asks.

use rusqlite::Connection;
use serde_json::Value;

use crate::support::{Home, MODEL, json, registry_file};

/// What another tool did to a registry with three versions in no stage, and the user's settings.
const STATES: &[(&str, &[&str], &str)] = &[
    ("an alias alone", &["champion 2"], ""),
    ("aliases alone, with a challenger", &["champion 2", "challenger 3"], ""),
    ("an alias beside an archived version", &["champion 2", "1 Archived"], ""),
    ("an alias that is not the newest, beside one in Staging", &["champion 1", "3 Staging"], ""),
    ("a stage alone", &["2 Production"], ""),
    ("a stage with others", &["2 Production", "1 Archived", "3 Staging"], ""),
    ("both agreeing", &["2 Production", "champion 2"], ""),
    ("both disagreeing", &["2 Production", "champion 3"], ""),
    ("both disagreeing, the alias at an archived one", &["3 Production", "champion 1", "1 Archived"], ""),
    ("two in Production", &["2 Production", "3 Production"], ""),
    ("two in Production, the alias at the older", &["2 Production", "3 Production", "champion 2"], ""),
    ("two in Production, the alias at a third", &["2 Production", "3 Production", "champion 1"], ""),
    ("three in Production", &["1 Production", "2 Production", "3 Production", "champion 2"], ""),
    ("an alias that was left at an archived version", &["champion 2", "2 Archived"], ""),
    ("nothing serves", &[], ""),
    ("nothing serves, all wait", &["1 Staging", "2 Staging", "3 Staging"], ""),
    ("all archived", &["1 Archived", "2 Archived", "3 Archived"], ""),
    ("an alias that names no version", &["champion 9"], ""),
    ("the version in Production was deleted", &["2 Deleted_Internal", "champion 2"], ""),
    ("a stage that nobody knows", &["2 Live", "champion 2"], ""),
    ("a file of what serves is gone", &["2 Production", "champion 2", "gone"], ""),
    ("a file of what serves was altered", &["champion 2", "altered"], ""),
    ("the alias is set to another one", &["champion 2"], "serving_alias: live\n"),
    ("the alias decides between two in Production", &["2 Production", "3 Production", "champion 2"], "serving: alias\n"),
    ("the stage decides a disagreement", &["2 Production", "champion 3"], "serving: stage\n"),
    ("both are wanted of a stage alone", &["2 Production"], "serving: both\n"),
];

/// One thing that another tool did.
fn act(home: &Home, what: &str) {
    let registry = Connection::open(registry_file(home)).expect("the registry");
    let run = |sql: &str| registry.execute_batch(sql).expect("a statement");
    let files = || {
        let source = "SELECT source FROM model_versions WHERE version = 2";
        let source: String = registry.query_row(source, [], |row| row.get(0)).expect("its source");
        let id = source.trim_start_matches("models:/").to_owned();
        let folders = registry_file(home).parent().expect("a folder").join("mlruns");
        walkdir(&folders).into_iter().find(|path| path.to_string_lossy().contains(&id) && path.ends_with("model.pkl")).expect("its file")
    };
    match what.split_once(' ') {
        None if what == "gone" => std::fs::remove_file(files()).expect("removed"),
        None => std::fs::write(files(), "other bytes").expect("written"),
        Some((version, stage)) if version.parse::<u32>().is_ok() => {
            run("DROP INDEX IF EXISTS hivectl_one_production");
            run(&format!("UPDATE model_versions SET current_stage = '{stage}' WHERE version = {version}"));
        }
        Some((alias, version)) => {
            run(&format!("INSERT OR REPLACE INTO registered_model_aliases (alias, version, name) VALUES ('{alias}', {version}, '{MODEL}')"))
        }
    }
}

fn walkdir(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { walkdir(&path) } else { vec![path] }).collect()
}

/// What serves, by all that tells so.
fn serving(home: &Home) -> Value {
    json(home, "ml models list", 0)["data"]["items"][0]["serving"]["version"].clone()
}

#[test]
fn what_doctor_suggests_takes_nothing_out_of_service_unless_it_says_so_and_asks() {
    let prepared = Home::with_versions(3);
    let registry = Connection::open(registry_file(&prepared)).expect("the registry");
    registry.execute("UPDATE model_versions SET current_stage = 'None'", []).expect("moved");
    drop(registry);
    let mut typed = 0;
    for (state, acts, settings) in STATES {
        let home = prepared.copy();
        acts.iter().for_each(|what| act(&home, what));
        if !settings.is_empty() {
            home.write_config(settings);
        }
        let before = serving(&home);
        let doctor = home.run(&["doctor", "--check", "registry", "-o", "json"]);
        let document: Value = serde_json::from_str(&doctor.stdout).unwrap_or_else(|error| panic!("{state}: {error}: {}", doctor.stderr));
        for check in document["data"]["checks"].as_array().expect("checks") {
            let Some(remedy) = check["remedy"].as_str() else { continue };
            // What is a template has to be filled in by a person.
            let lines = remedy.split('`').filter(|part| part.starts_with("hivectl ") && !part.contains("FILE"));
            for line in lines {
                typed += 1;
                let copy = home.copy();
                let ran = copy.type_line(line);
                assert!(matches!(ran.code, 0 | 3 | 13 | 10), "{state}: {line}\n{}\n{}", ran.stdout, ran.stderr);
                if serving(&copy) == before {
                    continue;
                }
                let says_so = ["puts the version of the alias into Production", "gives the alias to", "to keep"];
                assert!(says_so.iter().any(|words| remedy.contains(words)) && line.contains(" --confirm "), "{state}: {line}\n{remedy}");
                let (asks, _) = line.split_once(" --confirm ").expect("it confirms");
                home.copy().type_line(asks).expect(5);
            }
        }
    }
    assert!(STATES.len() >= 20 && typed >= 20, "{typed} commands of {} registries", STATES.len());
}
