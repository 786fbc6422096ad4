//! Registries as other tools leave them, and addresses as people type them.

use std::io::{Read, Write};
use std::net::TcpListener;

use rusqlite::Connection;

use crate::support::{Home, MODEL, registry_file};

/// Answers every request as `answer` says, from its first lines: the status and the body, JSON where it begins with `{`.
fn server(answer: impl Fn(&str) -> (u16, String) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    // It ends with the process of the tests.
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let Ok(mut client) = client else { return };
            let (mut request, mut bytes) = (Vec::new(), [0; 4096]);
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                match client.read(&mut bytes) {
                    Ok(count @ 1..) => request.extend_from_slice(&bytes[..count]),
                    _ => break,
                }
            }
            let (status, body) = answer(&String::from_utf8_lossy(&request));
            let kind = if body.starts_with('{') { "application/json" } else { "text/html" };
            let head =
                format!("HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = client.write_all(format!("{head}{body}").as_bytes());
        }
    });
    url
}

#[test]
fn a_404_of_a_web_server_is_no_empty_registry() {
    let home = Home::new();
    let below = server(|request| match request.starts_with("GET /ml/version ") {
        true => (200, "3.17.2".into()),
        false => (404, "<html>nothing here</html>".into()),
    });
    for words in [&["ml", "models", "list"][..], &["ml", "models", "show", "m"]] {
        for path in ["", "/ml/api"] {
            let url = format!("{below}{path}");
            let refused = home.run(&[words, &["--registry", &url]].concat()).expect(11).stderr;
            assert!(refused.contains(&format!("an MLflow server answers at {below}/ml: use that as `--registry`")), "{refused}");
            assert!(!refused.contains("the registry is empty"), "{refused}");
        }
    }
    let other = server(|_| (404, "{\"detail\":\"Not Found\"}".into()));
    let refused = home.run(&["ml", "models", "show", "m", "--registry", &other]).expect(11).stderr;
    assert!(refused.contains("--static-prefix") && !refused.contains("answers at"), "{refused}");
}

#[test]
fn an_alias_may_stand_behind_an_at_and_a_slash_in_a_name() {
    let home = Home::with_models();
    let shown = |reference: &str| home.run(&["ml", "models", "show", reference, "-o", "name"]).expect(0).stdout;
    assert_eq!(shown(&format!("{MODEL}@champion")), shown(&format!("{MODEL}:champion")));
    assert_eq!(shown(&format!("{MODEL}@champion")), shown(&format!("models:/{MODEL}@champion")));
    let absent = home.run(&["ml", "models", "show", &format!("{MODEL}@winner")]).expect(4).stderr;
    assert!(absent.contains("the version with the alias winner"), "{absent}");
    let registry = Connection::open(registry_file(&home)).expect("the registry");
    let renamed = "INSERT INTO registered_models (name, creation_time, last_updated_time) SELECT 'team/duration', 1, 1;
         INSERT INTO model_versions (name, version, creation_time, last_updated_time, current_stage, source, status)
         VALUES ('team/duration', 1, 1, 1, 'None', 'runs:/x/model', 'READY')";
    registry.execute_batch(renamed).expect("another tool's model");
    for reference in ["team/duration", "team/duration@1", "models:/team/duration/1"] {
        assert_eq!(shown(reference), "team/duration@1\n", "{reference}");
    }
    home.run(&["ml", "models", "show", "../duration@1"]).expect(2);
}

#[test]
fn what_was_not_registered_whole_is_shown_and_never_the_latest() {
    let home = Home::with_models();
    let registry = Connection::open(registry_file(&home)).expect("the registry");
    let say = |word: &str| {
        registry.execute("UPDATE model_versions SET status = ?1 WHERE name = ?2 AND version = 3", [word, MODEL]).expect("said")
    };
    for (word, told) in [("FAILED_REGISTRATION", "FAILED"), ("PENDING_REGISTRATION", "PENDING")] {
        assert_eq!(say(word), 1);
        let latest = home.run(&["ml", "models", "show", &format!("{MODEL}@latest"), "-o", "name"]).expect(0).stdout;
        assert_eq!(latest, format!("{MODEL}@2\n"));
        let list = home.run(&["ml", "models", "list", MODEL]).expect(0).stdout;
        assert!(list.contains(told), "{list}");
        let json = home.run(&["ml", "models", "list", MODEL, "-o", "json"]).json(0);
        assert_eq!(json["data"]["items"][0]["registration"], told.to_lowercase(), "{json:#}");
        let id = format!("{MODEL}@3");
        for more in [&[][..], &["--force-gate", "--reason", "now"]] {
            let refused = home.run(&[&["ml", "models", "promote", &id, "--confirm", &id], more].concat()).expect(4).stderr;
            assert!(refused.contains(&format!("{id} was not registered whole: {told}")), "{refused}");
        }
        let all = home.run(&["ml", "models", "list", "-o", "json"]).json(0);
        let model = all["data"]["items"].as_array().expect("models").iter().find(|model| model["name"] == MODEL).expect("the model");
        assert_eq!(model["latest"]["version"], 2, "{model:#}");
    }
}

#[test]
fn what_has_no_files_is_promoted_by_nobody() {
    let home = Home::with_models();
    let registry = Connection::open(registry_file(&home)).expect("the registry");
    let source: String = registry
        .query_row("SELECT source FROM model_versions WHERE name = ?1 AND version = 3", [MODEL], |row| row.get(0))
        .expect("a source");
    let model = source.strip_prefix("models:/").expect("a logged model").to_owned();
    let folder = home.path().join(format!(".local/share/hivectl/mlruns/1/models/{model}/artifacts"));
    std::fs::remove_dir_all(&folder).expect("gone");
    let id = format!("{MODEL}@3");
    for more in [&[][..], &["--force-gate", "--reason", "now"]] {
        let refused = home.run(&[&["ml", "models", "promote", &id, "--confirm", &id], more].concat()).expect(4).stderr;
        assert!(refused.contains("gone from"), "{refused}");
    }
}

#[test]
fn versions_and_runs_in_two_places_are_refused_and_in_one_are_not() {
    let home = Home::with_models();
    let place = registry_file(&home).display().to_string();
    let same = format!("sqlite:///{place}");
    let list =
        |registry: &str| home.run_with(&["ml", "models", "list"], &[("MLFLOW_TRACKING_URI", &same), ("MLFLOW_REGISTRY_URI", registry)]);
    let _ = list(&same).expect(0);
    let refused = list("http://u:s3cr3t@versions:5000").expect(11).stderr;
    for part in ["http://u:***@versions:5000", "MLFLOW_REGISTRY_URI", "MLFLOW_TRACKING_URI", "--registry PLACE"] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
    let named = home.run_with(
        &["ml", "models", "list", "--registry", &place],
        &[("MLFLOW_TRACKING_URI", &same), ("MLFLOW_REGISTRY_URI", "http://versions:5000")],
    );
    let _ = named.expect(0);
}

#[test]
fn a_workspace_is_asked_for_by_flag_variable_and_context() {
    let home = Home::new();
    let url = server(|request| {
        let workspace = request.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("x-mlflow-workspace: ").map(str::to_owned));
        (500, format!("{{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"workspace is {}\"}}", workspace.unwrap_or_default()))
    });
    home.write_config(format!("contexts:\n  team:\n    registry: {url}\n    workspace: of-context\n"));
    let asked = |words: &[&str], variables: &[(&str, &str)]| {
        let words = [&["ml", "models", "list", "--timeout", "1s"], words].concat();
        home.run_with(&words, variables).stderr
    };
    let at = ["--registry", &url];
    assert!(asked(&at, &[("MLFLOW_WORKSPACE", "of-mlflow")]).contains("workspace is of-mlflow"));
    assert!(asked(&[&at[..], &["--workspace", "typed"]].concat(), &[("MLFLOW_WORKSPACE", "of-mlflow")]).contains("workspace is typed"));
    assert!(asked(&["--context", "team"], &[]).contains("workspace is of-context"));
    let refused = home.run(&["ml", "models", "list", "--workspace", "typed"]).expect(2).stderr;
    assert!(refused.contains("--workspace is typed, and this registry is no MLflow server"), "{refused}");
}

#[test]
fn an_address_that_is_refused_shows_no_password() {
    let home = Home::new();
    for (words, variables, code) in [
        (&["ml", "stats"][..], &[("MONGODB_URI", "u:s3cr3t@host")][..], 2),
        (&["ml", "stats", "--tickets", "u:s3cr3t@host:27017/db"], &[], 2),
        (&["ml", "models", "list", "--registry", "postgresql://u:s3cr3t@h/db"], &[], 2),
        (&["ml", "models", "list", "--registry", "u:s3cr3t@h"], &[], 2),
        (&["ml", "models", "list"], &[("MLFLOW_TRACKING_URI", "mysql://u:s3cr3t@h/db")], 2),
    ] {
        let refused = home.run_with(words, variables).expect(code);
        assert!(!refused.stderr.contains("s3cr3t") && refused.stderr.contains("u:***@h"), "{words:?}: {}", refused.stderr);
    }
}

/// A folder as MLflow 2 and 3 write one: a model of ours, its run, stages, aliases and tags.
fn file_store(home: &Home) -> String {
    let root = home.path().join("mlruns");
    let run = "fa3ccd36a5c2438ea18b516f7b58943c";
    let artifacts = root.join(format!("844/{run}/artifacts/model"));
    std::fs::create_dir_all(&artifacts).expect("a folder");
    let _ = home.run(&["ml", "models", "export", &format!("{MODEL}@2"), "e.hivectl-model"]);
    let registry = Connection::open(registry_file(home)).expect("the registry");
    let source: String = registry
        .query_row("SELECT source FROM model_versions WHERE name = ?1 AND version = 2", [MODEL], |row| row.get(0))
        .expect("a source");
    let model = source.strip_prefix("models:/").expect("a logged model").to_owned();
    crate::common::folders::copy_folder(&home.path().join(format!(".local/share/hivectl/mlruns/1/models/{model}/artifacts")), &artifacts);
    let write = |name: &str, text: &str| {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("written");
    };
    write("844/meta.yaml", "experiment_id: '844'\nname: exp\n");
    write(&format!("844/{run}/meta.yaml"), &format!("run_id: {run}\nrun_name: fine\nstart_time: 1\nend_time: 2\n"));
    write(&format!("844/{run}/metrics/mae"), "1 9.5 0\n2 1.5 1\n");
    write("models/dur/meta.yaml", "aliases:\n  champion: '1'\ncreation_timestamp: 1796053173288\ndescription: desc\nname: dur\n");
    write("models/dur/aliases/champion", "1");
    write("models/dur/version-1/tags/team", "blue");
    let version = |number: u32, stage: &str, status: &str, source: &str| {
        format!(
            "aliases: []\ncreation_timestamp: 1796053173289\ncurrent_stage: {stage}\ndescription: null\nlast_updated_timestamp: 1796053173395\n\
             name: dur\nrun_id: {run}\nsource: {source}\nstatus: {status}\nversion: {number}\n"
        )
    };
    // As it was written before the folder was moved here.
    write(
        "models/dur/version-1/meta.yaml",
        &version(1, "Production", "READY", &format!("file:///elsewhere/mlruns/844/{run}/artifacts/model")),
    );
    write("models/dur/version-2/meta.yaml", &version(2, "None", "READY", &format!("runs:/{run}/model")));
    write("models/dur/version-3/meta.yaml", &version(3, "None", "FAILED_REGISTRATION", "runs:/gone/model"));
    write("models/dur/version-4/meta.yaml", &version(4, "None", "READY", "file:///etc"));
    root.display().to_string()
}

#[test]
fn a_file_store_is_listed_shown_pulled_from_and_used_to_predict() {
    let home = Home::with_models();
    let place = file_store(&home);
    for word in ["./mlruns".to_owned(), format!("file://{place}"), place.clone()] {
        let list = home.run(&["ml", "models", "list", "--registry", &word, "-o", "name"]).expect(0).stdout;
        assert_eq!(list, "dur\n", "{word}");
    }
    let at = |words: &[&str]| home.run(&[words, &["--registry", "./mlruns"]].concat());
    let versions = at(&["ml", "models", "list", "dur"]).expect(0).stdout;
    assert!(versions.contains("champion") && versions.contains("FAILED"), "{versions}");
    let shown = at(&["ml", "models", "show", "dur@1", "-o", "json"]).json(0);
    assert_eq!((&shown["data"]["stage"], &shown["data"]["tags"]["team"]), (&"Production".into(), &"blue".into()), "{shown:#}");
    for reference in ["dur@champion", "dur#production", "dur@2"] {
        let predicted = at(&["ml", "predict", "--model", reference, "--tickets", "tickets.parquet", "-o", "json"]);
        assert_eq!(predicted.code, 0, "{reference}: {}", predicted.stderr);
    }
    let _ = at(&["ml", "predict", "--model", "dur@3", "--tickets", "tickets.parquet"]).expect(4);
    let outside = at(&["ml", "predict", "--model", "dur@4", "--tickets", "tickets.parquet"]).expect(11).stderr;
    assert!(outside.contains("outside of this store"), "{outside}");
    let _ = home.run(&["ml", "models", "pull", "dur@1", "--source", "./mlruns"]).expect(0);
    let _ = home.run(&["ml", "models", "show", "dur@1"]).expect(0);
}

#[test]
fn a_file_store_is_not_written_and_the_way_into_a_database_is_told() {
    let home = Home::with_models();
    let place = file_store(&home);
    for words in [&["ml", "models", "promote", "dur@2", "--confirm", "dur@2"][..], &["ml", "models", "tag", "dur@2", "a=b"]] {
        let refused = home.run(&[words, &["--registry", "./mlruns"]].concat()).expect(2).stderr;
        let way = format!("mlflow migrate-filestore --source {place} --target sqlite:///mlflow.db");
        assert!(refused.contains(&way) && refused.contains("--registry sqlite:///mlflow.db"), "{words:?}: {refused}");
    }
}
