//! Settings and contexts, shown and changed.

use std::os::unix::fs::PermissionsExt as _;

use crate::common::terminal::Terminal;
use crate::models_home::{Home, MODEL};

const FILE: &str = "# ours\ncurrent_context: test\nwindow_days: 90 # a season\ncontexts:\n  prod:\n    registry: prod.db\n    protected: yes\n  test:\n    registry: test.db\n    prometheus: http://metrics:9090\n    namespace: ml\n";

#[test]
fn every_layer_wins_over_the_one_below_and_names_itself() {
    let home = Home::new();
    home.write_config(FILE);
    home.write(".hivectl.yaml", "window_days: 30\n");
    let get = |words: &[&str], variables: &[(&str, &str)]| {
        let data = home.run_with(&[&["config", "get", "registry", "-o", "json"], words].concat(), variables).json(0)["data"].clone();
        (data["value"].as_str().unwrap_or_default().to_owned(), data["origin"].as_str().unwrap_or_default().to_owned())
    };
    let ends = |found: (String, String), value: &str, origin: &str| assert!(found.0 == value && found.1.contains(origin), "{found:?}");
    ends(get(&[], &[]), "test.db", "context test, ");
    ends(get(&["--context", "prod"], &[]), "prod.db", "config.yaml:6");
    ends(get(&[], &[("MLFLOW_TRACKING_URI", "e.db")]), "e.db", "environment MLFLOW_TRACKING_URI");
    ends(get(&[], &[("MLFLOW_TRACKING_URI", "e.db"), ("HIVECTL_REGISTRY", "h.db")]), "h.db", "environment HIVECTL_REGISTRY");
    ends(get(&["--registry", "f.db"], &[("HIVECTL_REGISTRY", "h.db")]), "f.db", "--registry");
    ends(get(&[], &[("HIVECTL_CONTEXT", "prod")]), "prod.db", "context prod");
    let window = home.run(&["config", "get", "window_days", "-o", "json"]).json(0);
    assert_eq!((window["data"]["value"].as_str(), window["data"]["origin"].as_str()), (Some("30"), Some(".hivectl.yaml:1")));
    let namespace = home.run(&["config", "get", "namespace"]).expect(0);
    assert_eq!(namespace.stdout, "ml\n");
    let error = home.run(&["config", "get", "registri"]).expect(2);
    assert!(error.stderr.contains("did you mean 'registry'?"), "{}", error.stderr);
}

#[test]
fn one_line_changes_and_the_rest_of_the_file_stays() {
    let home = Home::new();
    home.write_config(FILE);
    home.run(&["config", "set", "window_days", "60"]).expect(0);
    assert_eq!(home.config(), FILE.replace("window_days: 90 # a season", "window_days: 60"));
    home.run(&["config", "use", "prod"]).expect(0);
    assert!(home.config().contains("current_context: prod\n"), "{}", home.config());
    let before = home.config();
    let planned = home.run(&["config", "set", "tickets", "t.ndjson", "--context", "test", "--dry-run"]).expect(0);
    assert!(planned.stdout.contains("would change contexts.test.tickets") && home.config() == before, "{}", planned.stdout);
    home.run(&["config", "set", "tickets", "t.ndjson", "--context", "new"]).expect(0);
    home.run(&["config", "unset", "contexts.test"]).expect(0);
    let contexts = home.run(&["config", "contexts", "-o", "json"]).json(0);
    let names: Vec<&str> = contexts["data"]["items"].as_array().expect("items").iter().filter_map(|item| item["name"].as_str()).collect();
    assert_eq!(names, ["new", "prod"]);
    assert_eq!((&contexts["data"]["items"][1]["current"], &contexts["data"]["items"][1]["protected"]), (&true.into(), &true.into()));
    let again = home.run(&["config", "set", "window_days", "60", "-o", "json"]).json(0);
    assert_eq!(again["data"]["changed"], false);
    let paths = home.run(&["config", "path", "-o", "name"]).expect(0);
    assert!(paths.stdout.starts_with(".hivectl.yaml\n") && paths.stdout.contains("config.yaml"), "{}", paths.stdout);
    home.run(&["config", "check"]).expect(0);
    home.run(&["config", "set", "window_days", "many"]).expect(2);
    home.run(&["config", "use", "nowhere"]).expect(11);
    assert!(home.config().contains("window_days: 60"));
}

#[test]
fn a_protected_context_asks_for_the_typed_name_before_every_change() {
    let home = Home::with_models();
    home.write_config("current_context: live\ncontexts:\n  live:\n    protected: yes\n");
    let before = home.run(&["audit", "log", "-o", "json"]).json(0)["data"].to_string();
    home.run(&["ml", "models", "export", &format!("{MODEL}@1"), "one.hivectl-model"]).expect(0);
    for line in [
        format!("hivectl ml models promote {MODEL}@3 --yes"),
        format!("hivectl ml models promote {MODEL}@3 --to staging --yes --force-gate --reason x"),
        format!("hivectl ml models rollback {MODEL} --yes"),
        format!("hivectl ml models archive {MODEL}@3 --yes"),
        "hivectl ml models archive --older --keep 3 --yes".to_owned(),
        format!("hivectl ml models alias set {MODEL} stable 1 --yes"),
        format!("hivectl ml models alias unset {MODEL} stable --yes"),
        format!("hivectl ml models tag {MODEL}@1 a=b --yes"),
        "hivectl ml models register model.hivectl-model --name other --yes".to_owned(),
        "hivectl ml models import one.hivectl-model --name other --yes".to_owned(),
        format!("hivectl ml drift baseline save {MODEL}@1 --yes --tickets tickets.parquet"),
        format!("hivectl ml drift baseline set {MODEL}@1 training --yes"),
        "hivectl ml train --model duration --promote-if-better --yes --tickets tickets.parquet".to_owned(),
        "hivectl config set namespace x --context live --yes".to_owned(),
        "hivectl config unset contexts.live --yes".to_owned(),
    ] {
        let ran = home.type_line(&line);
        // Nothing is old enough to archive, and another file is no model: then there is nothing to ask about.
        let nothing_to_do =
            ran.code == 0 && ran.stdout.contains("nothing") || ran.stderr.contains("model file") || ran.stderr.contains("no model");
        assert!(ran.code == 5 || nothing_to_do, "{line}: {}\n{}\n{}", ran.code, ran.stdout, ran.stderr);
        assert!(nothing_to_do || ran.stderr.contains("--confirm"), "{line}: {}", ran.stderr);
    }
    assert_eq!(home.run(&["audit", "log", "-o", "json"]).json(0)["data"].to_string(), before);
    home.run(&["ml", "models", "tag", &format!("{MODEL}@1"), "a=b", "--confirm", MODEL]).expect(0);
    let words = ["ml", "models", "promote", &format!("{MODEL}@3")];
    let terminal = Terminal::start(&home, env!("CARGO_BIN_EXE_hivectl"), &words, 200, &[]);
    terminal.wait_for("to go on:", 1);
    assert!(terminal.seen().contains("[live] Type") && terminal.seen().contains("context live [protected]"), "{}", terminal.seen());
    terminal.type_keys("\u{3}");
    let (status, seen) = terminal.end();
    assert_eq!(status.code(), Some(130), "{seen}");
}

#[test]
fn a_secret_is_read_from_its_place_and_shown_nowhere() {
    let home = Home::new();
    let secret = home.write("uri", "mongodb://u:s3cr3t-canary@127.0.0.1:9/\n");
    let mode = |mode| std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(mode)).expect("a mode");
    home.write_config(format!("tickets: {{file: {}}}\n", secret.display()));
    mode(0o644);
    let refused = home.run(&["config", "check"]).expect(11);
    assert!(refused.stderr.contains("others may read it (mode 644)") && refused.stderr.contains("chmod 600"), "{}", refused.stderr);
    mode(0o600);
    home.run(&["config", "check"]).expect(0);
    for words in [
        &["config", "list"][..],
        &["ml", "stats", "--timeout", "1s"],
        &["doctor", "--check", "mongodb,config", "--timeout", "1s"],
        &["ml", "train", "-v", "--timeout", "1s"],
    ] {
        let ran = home.run(words);
        assert!(!ran.stdout.contains("canary") && !ran.stderr.contains("canary"), "{words:?}\n{}\n{}", ran.stdout, ran.stderr);
    }
    let reached = home.run(&["ml", "stats", "--timeout", "1s"]).expect(9);
    assert!(reached.stderr.contains("127.0.0.1:9"), "{}", reached.stderr);
    home.write_config("tickets: {command: \"printf 'mongodb://u:s3cr3t-canary@127.0.0.1:9/'\"}\nprometheus: {env: METRICS}\n");
    home.run(&["config", "check"]).expect(11);
    home.run_with(&["config", "check"], &[("METRICS", "http://x:s3cr3t-canary@h")]).expect(0);
    home.write_config("tickets: mongodb://u:s3cr3t-canary@h/\n");
    let plain = home.run(&["config", "list"]).expect(11);
    assert!(plain.stderr.contains(":1: tickets holds a secret in plain text") && !plain.stderr.contains("canary"), "{}", plain.stderr);
}
