//! What the doctor finds.

use serde_json::Value;

use crate::support::{Home, MODEL};

fn state<'v>(data: &'v Value, id: &str) -> &'v str {
    let checks = data["checks"].as_array().expect("checks");
    checks.iter().find(|check| check["id"] == id).and_then(|check| check["state"].as_str()).unwrap_or_else(|| panic!("no {id} in {data}"))
}

#[test]
fn with_nothing_configured_there_are_ten_checks_and_none_fails() {
    let home = Home::new();
    let data = home.run(&["doctor", "-o", "json"]).json(0)["data"].clone();
    let checks = data["checks"].as_array().expect("checks");
    assert!(checks.len() >= 10, "{data}");
    for check in checks {
        assert!(matches!(check["state"].as_str(), Some("pass" | "warn" | "skipped")), "{check}");
        assert!(check["evidence"].as_str().is_some_and(|text| !text.is_empty()) && check["duration_ms"].is_number(), "{check}");
        assert!(check.get("remedy").is_some() && check["id"].is_string(), "{check}");
    }
    assert!(std::fs::read_dir(home.path()).expect("a home").next().is_none(), "the doctor left something behind");
    let some = home.run(&["doctor", "--check", "machine,config", "-o", "json"]).json(0);
    assert!(some["data"]["checks"].as_array().is_some_and(|checks| checks.iter().all(|check| check["id"] != "registry_reachable")));
}

#[test]
fn a_good_registry_passes_and_a_broken_one_is_the_first_line() {
    let home = Home::with_models();
    let data = home.run(&["doctor", "-o", "json"]).json(0)["data"].clone();
    for id in ["registry_reachable", "one_production", "champion_alias", "audit_chain", "digests", "registry_version", "locks"] {
        assert_eq!(state(&data, id), "pass", "{data}");
    }
    let database = home.path().join(".local/share/hivectl/registry.db");
    let connection = rusqlite::Connection::open(&database).expect("the registry");
    // What another tool can leave behind once it has dropped the guard.
    connection.execute_batch("DROP INDEX IF EXISTS hivectl_one_production").expect("dropped");
    let indexes = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '%Production%'";
    let names: Vec<String> = {
        let mut statement = connection.prepare(indexes).expect("a query");
        statement.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("names")
    };
    for name in names {
        connection.execute_batch(&format!("DROP INDEX \"{name}\"")).expect("dropped");
    }
    connection.execute("UPDATE model_versions SET current_stage = 'Production' WHERE name = ?1", [MODEL]).expect("three in Production");
    drop(connection);
    let ran = home.run_with(&["doctor", "-o", "json"], &[("MONGODB_URI", "mongodb://127.0.0.1:9")]);
    let data = ran.json(13)["data"].clone();
    assert_eq!(data["checks"][0]["state"], "fail", "{data}");
    assert_eq!(state(&data, "one_production"), "fail");
    let remedy =
        data["checks"].as_array().expect("checks").iter().find(|check| check["id"] == "one_production").expect("it")["remedy"].to_string();
    assert!(remedy.contains(&format!("hivectl ml models archive {MODEL}@")), "{remedy}");
    assert_eq!((state(&data, "mongodb_reachable"), &data["exit_code"]), ("fail", &13.into()));
}

#[test]
fn what_fails_has_the_code_of_its_kind() {
    let home = Home::new();
    let away = home.run_with(&["doctor", "-o", "json"], &[("PROMETHEUS_URL", "http://127.0.0.1:9")]).json(9);
    assert_eq!(state(&away["data"], "prometheus_reachable"), "fail");
    home.write_config("regestry: x\n");
    let wrong = home.run(&["doctor", "-o", "json"]).json(11);
    assert_eq!(state(&wrong["data"], "config_files"), "fail");
    let home = Home::new();
    home.write("not.db", "this is no database, and long enough that nobody takes it for one");
    let ran = home.run(&["doctor", "--registry", "not.db", "-o", "json"]);
    assert!(ran.code == 11 && ran.stdout.contains("registry_reachable"), "{} {}", ran.code, ran.stdout);
    // A server that takes the connection and never answers is late, and nothing else waits for it.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let uri = format!("mongodb://{}", silent.local_addr().expect("an address"));
    let late = home.run_with(&["doctor", "-o", "json", "--timeout", "1h"], &[("MONGODB_URI", &uri)]).json(9);
    assert_eq!((state(&late["data"], "mongodb_reachable"), state(&late["data"], "config_files")), ("fail", "pass"));
}

#[test]
fn a_check_that_is_named_and_not_configured_is_told_as_skipped() {
    let home = Home::new();
    for (named, id) in [("mongodb", "mongodb_reachable"), ("prometheus", "prometheus_reachable"), ("tickets", "tickets")] {
        for check in [named.to_owned(), format!("registry,{named}")] {
            let data = home.run(&["doctor", "--check", &check, "-o", "json"]).json(0)["data"].clone();
            assert_eq!(state(&data, id), "skipped", "{check}: {data}");
            let checks = data["checks"].as_array().expect("checks");
            let remedy = checks.iter().find(|check| check["id"] == id).and_then(|check| check["remedy"].as_str());
            assert!(remedy.is_some_and(|remedy| remedy.contains("`hivectl config set ")), "{data}");
        }
    }
    let on_a_server = home.run_with(&["doctor", "--check", "tickets", "-o", "json"], &[("MONGODB_URI", "mongodb://127.0.0.1:9")]).json(0);
    assert_eq!(state(&on_a_server["data"], "tickets"), "skipped");
    // Nothing that was asked for is left out where the settings cannot be read.
    home.write_config("regestry: x\n");
    let wrong = home.run(&["doctor", "--check", "registry", "-o", "json"]).json(11);
    assert_eq!(state(&wrong["data"], "config_files"), "fail");
}

#[test]
fn the_bundle_holds_everything_but_secrets() {
    let home = Home::new();
    let uri = "mongodb://user:s3cr3t-canary@127.0.0.1:9/";
    home.run_with(&["doctor", "--bundle", "report.json", "--timeout", "1s"], &[("MONGODB_URI", uri)]).expect(9);
    let bundle = std::fs::read_to_string(home.path().join("report.json")).expect("the bundle");
    let document: Value = serde_json::from_str(&bundle).expect("one document");
    assert!(document["found"]["checks"].as_array().is_some_and(|checks| checks.len() >= 10));
    assert!(document["settings"].as_array().is_some_and(|settings| settings.iter().any(|setting| setting["key"] == "tickets")));
    assert!(!bundle.contains("canary") && !bundle.contains(home.path().to_str().expect("a path")), "{bundle}");
}

#[test]
fn a_misspelt_variable_is_told_with_the_one_that_is_meant() {
    let home = Home::new();
    let words = ["doctor", "--check", "config", "-o", "json"];
    let data = home.run_with(&words, &[("ML_PREDICTIONS_ENABLED", "true"), ("ML_MIN_TRAINING_SAMPLES", "100")]).json(0)["data"].clone();
    assert_eq!(state(&data, "config_variables"), "pass", "{data}");
    let variables = [("HIVECTL_REGISTRI", "x.db"), ("ML_TRAINING_WINDOW_DAY", "30"), ("ML_COLOUR", "red")];
    let data = home.run_with(&words, &variables).json(0)["data"].clone();
    assert_eq!(state(&data, "config_variables"), "warn", "{data}");
    let told = data.to_string();
    for part in ["HIVECTL_REGISTRI (is HIVECTL_REGISTRY meant?)", "ML_TRAINING_WINDOW_DAY (is ML_TRAINING_WINDOW_DAYS meant?)", "ML_COLOUR"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
}
