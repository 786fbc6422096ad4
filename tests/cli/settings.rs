//! Files of settings that say too much, too little, or what cannot be: protection, commands, contexts, ranges.

use std::os::unix::fs::PermissionsExt as _;

use crate::models_home::{Home, MODEL, Ran};

const TEAM: &str = "current_context: team\ncontexts:\n  team:\n    protected: yes\n    registry: a.db\n";

fn asks(ran: Ran, name: &str) {
    let ran = ran.expect(5);
    assert!(ran.stderr.contains(&format!("--confirm {name}")), "{}", ran.stderr);
    assert!(ran.stderr.starts_with(&format!("context {name} [protected by ")) && ran.stderr.contains("would change "), "{}", ran.stderr);
}

#[test]
fn protection_is_taken_away_by_its_name_alone_wherever_that_is_written() {
    let home = Home::new();
    home.write_config(TEAM);
    for line in [
        "config set protected no --context team",
        "config set protected no --context team --project",
        "config set registry b.db --context team --project",
        "config unset protected --context team",
        "config unset contexts.team.protected",
        "config unset contexts.team",
    ] {
        asks(home.type_line(&format!("hivectl {line} --yes")), "team");
        assert!(home.config() == TEAM && !home.path().join(".hivectl.yaml").exists(), "{line}");
    }
    let planned = home.type_line("hivectl config set protected no --context team --project --dry-run").expect(0);
    assert!(planned.stderr.starts_with("context team [protected by "), "{}", planned.stderr);
    // What the top level gives to a context is its own as well.
    home.write_config("protected: yes\nregistry: a.db\ncontexts:\n  team:\n    namespace: x\n");
    for line in ["config set protected no", "config unset protected", "config set registry b.db", "config set registry b.db --project"] {
        asks(home.type_line(&format!("hivectl {line} --yes")), "team");
    }
    let _ = home.type_line("hivectl config set window_days 7").expect(0);
    home.write_config("protected: yes\n");
    let refused = home.type_line("hivectl config unset protected").expect(5);
    assert!(refused.stderr.contains("--confirm protected"), "{}", refused.stderr);
    let _ = home.type_line("hivectl config unset protected --confirm protected").expect(0);
    assert_eq!(home.config(), "");
}

#[test]
fn a_file_of_the_project_takes_no_protection_away() {
    let home = Home::with_models();
    home.write_config("current_context: team\ncontexts:\n  team:\n    protected: yes\n");
    home.write(".hivectl.yaml", "protected: no\ncontexts:\n  team:\n    protected: no\n");
    let refused = home.run(&["ml", "models", "tag", &format!("{MODEL}@3"), "z=1"]).expect(5);
    assert!(refused.stderr.contains("context team [protected]") && refused.stderr.contains("z=1"), "{}", refused.stderr);
    let told = home.run(&["config", "get", "protected", "-o", "json"]).json(0)["data"].clone();
    assert_eq!(told["value"], "yes");
    assert!(told["origin"].as_str().is_some_and(|origin| origin.ends_with(".config/hivectl/config.yaml:4")), "{told}");
    // The project's file may protect what the user's does not.
    home.write_config("current_context: team\ncontexts:\n  team:\n    protected: no\n");
    home.write(".hivectl.yaml", "contexts:\n  team:\n    protected: yes\n");
    home.run(&["ml", "models", "tag", &format!("{MODEL}@3"), "z=1"]).expect(5);
    home.run(&["ml", "models", "tag", &format!("{MODEL}@3"), "z=1", "--confirm", "team"]).expect(0);
}

#[test]
fn every_plan_and_question_begins_with_the_context() {
    let home = Home::with_models();
    home.write_config("current_context: team\ncontexts:\n  team:\n    protected: yes\n");
    for verb in ["train", "retrain"] {
        let words = ["ml", verb, "--dry-run", "--model", "duration", "--trees", "3", "--tickets", "tickets.parquet"];
        let planned = home.run(&words);
        let first = planned.stdout.lines().next().unwrap_or_default();
        assert!(first.contains("context team [protected]"), "{verb}: {}\n{}", planned.stdout, planned.stderr);
    }
    for line in [
        "ml train --model duration --trees 3 --tickets tickets.parquet".to_owned(),
        format!("ml models alias set {MODEL} stable 1"),
        format!("ml models pull {MODEL}@1 --source .local/share/hivectl/registry.db --name other"),
        format!("ml drift baseline set {MODEL}@2 training"),
    ] {
        let refused = home.type_line(&format!("hivectl {line}")).expect(5);
        let first = refused.stderr.lines().next().unwrap_or_default();
        assert!(first.contains("context team [protected]") && first.contains("would "), "{line}: {}", refused.stderr);
    }
}

#[test]
fn a_command_that_does_not_end_is_told_with_its_line_and_runs_once() {
    let home = Home::new();
    home.write_config("window_days: 3\ntickets: {command: \"echo run >> runs; sleep 600\"}\n");
    let runs = || std::fs::read_to_string(home.path().join("runs")).unwrap_or_default().lines().count();
    let data = home.run(&["doctor", "-o", "json"]).json(11)["data"].clone();
    let failed: Vec<String> =
        data["checks"].as_array().expect("checks").iter().filter(|check| check["state"] == "fail").map(|check| check.to_string()).collect();
    assert!(
        failed.iter().any(|check| check.contains("config_secrets") && check.contains("sleep 600") && check.contains("config.yaml:2")),
        "{data}"
    );
    assert_eq!(runs(), 1);
    // What needs no tickets asks for none.
    home.run(&["doctor", "--check", "machine"]).expect(0);
    assert_eq!(runs(), 1);
    for words in [&["config", "check"][..], &["ml", "train"]] {
        let ran = home.run(words).expect(11);
        assert!(ran.stderr.contains("did not end within 10.0 s") && ran.stderr.contains("config.yaml:2"), "{}", ran.stderr);
        assert!(ran.stderr.contains("hint: try it alone: `sh -c "), "{}", ran.stderr);
    }
    assert_eq!(runs(), 3);
}

#[test]
fn a_pipe_is_no_file_of_settings_and_holds_no_secret() {
    let home = Home::new();
    let config = home.write_config("");
    std::fs::remove_file(&config).expect("removed");
    let pipe = |path: &std::path::Path| {
        let made = std::process::Command::new("mkfifo").arg(path).status().expect("mkfifo runs");
        assert!(made.success());
    };
    pipe(&config);
    for words in [&["config", "list"][..], &["ml", "models", "list"], &["doctor"], &["config", "set", "window_days", "3"]] {
        let ran = home.run(words).expect(11);
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains("no ordinary file"), "{words:?}: {}", ran.stderr);
    }
    std::fs::remove_file(&config).expect("removed");
    pipe(&home.path().join("secret"));
    home.write_config("tickets: {file: secret}\n");
    let ran = home.run(&["config", "check"]).expect(11);
    assert!(ran.stderr.contains("no ordinary file") && ran.stderr.contains("config.yaml:1"), "{}", ran.stderr);
}

#[test]
fn a_current_context_that_is_not_there_is_told_with_its_line_and_can_be_mended() {
    let home = Home::new();
    let text = "window_days: 3\ncurrent_context: nope\ncontexts:\n  prod:\n    registry: p.db\n";
    home.write_config(text);
    let ran = home.run(&["ml", "models", "list"]).expect(11);
    assert!(ran.stderr.contains("config.yaml:2: there is no context 'nope'"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("`hivectl config unset current_context`") && ran.stderr.contains("`hivectl config use prod`"),
        "{}",
        ran.stderr
    );
    for words in [&["config", "list"][..], &["config", "get", "window_days"], &["config", "contexts"]] {
        let shown = home.run(words).expect(0);
        assert!(
            shown.stderr.contains("warning: ") && shown.stderr.contains("config.yaml:2: there is no context 'nope'"),
            "{}",
            shown.stderr
        );
        assert!(!shown.stdout.is_empty());
    }
    home.run(&["config", "path"]).expect(0);
    let checked = home.run(&["config", "check", "-o", "json"]).json(11);
    assert_eq!((&checked["data"]["contexts"][0], checked["warnings"].as_array().map(Vec::len)), (&"prod".into(), Some(1)));
    home.run(&["config", "use", "prod"]).expect(0);
    home.run(&["ml", "models", "list", "--registry", "embedded"]).expect(0);
    home.write_config(text);
    home.run(&["config", "unset", "current_context"]).expect(0);
    home.run(&["ml", "models", "list"]).expect(0);
    let by_variable = home.run_with(&["ml", "models", "list"], &[("HIVECTL_CONTEXT", "gone")]).expect(11);
    assert!(
        by_variable.stderr.contains("HIVECTL_CONTEXT") && by_variable.stderr.contains("`unset HIVECTL_CONTEXT`"),
        "{}",
        by_variable.stderr
    );
    home.write(".hivectl.yaml", "current_context: gone\n");
    let of_project = home.run(&["ml", "models", "list"]).expect(11);
    assert!(of_project.stderr.contains(".hivectl.yaml:1: there is no context 'gone'"), "{}", of_project.stderr);
    assert!(of_project.stderr.contains("`hivectl config unset current_context --project`"), "{}", of_project.stderr);
    let used = home.run(&["config", "use", "prod"]).expect(0);
    assert!(used.stderr.contains(".hivectl.yaml:1 wins here"), "{}", used.stderr);
}

#[test]
fn a_value_out_of_range_is_told_with_its_place_by_check_and_by_the_command() {
    let home = Home::new();
    for (key, value) in [
        ("window_days", "-5"),
        ("window_days", "0"),
        ("window_days", "1000000000"),
        ("window_days", "nan"),
        ("contamination", "7"),
        ("contamination", "0"),
        ("duration_error_threshold", "15"),
        ("drift_ks_p_value_threshold", "1"),
        ("drift_mae_ratio_threshold", "0.5"),
        ("drift_check_interval_minutes", "0"),
    ] {
        home.write_config(format!("# ours\n{key}: {value}\n"));
        for words in [&["config", "check"][..], &["ml", "train", "--tickets", "absent.ndjson"]] {
            let ran = home.run(words).expect(11);
            let wanted = format!("config.yaml:2: {key} is '{value}', expected ");
            assert!(ran.stderr.contains(&wanted), "{key} {value}: {}", ran.stderr);
        }
        home.write_config("");
        home.run(&["config", "set", key, "--", value]).expect(2);
    }
    for words in [&["config", "check"][..], &["ml", "train", "--tickets", "absent.ndjson"]] {
        let ran = home.run_with(words, &[("ML_TRAINING_WINDOW_DAYS", "-7")]).expect(11);
        assert!(ran.stderr.contains("set by environment ML_TRAINING_WINDOW_DAYS"), "{}", ran.stderr);
    }
    let cache = home.run_with(&["ml", "models", "cache", "list"], &[("ML_MODEL_CACHE_TTL_SECONDS", "abc")]).expect(11);
    assert!(cache.stderr.contains("ML_MODEL_CACHE_TTL_SECONDS"), "{}", cache.stderr);
    let typed = home.run(&["ml", "train", "--tickets", "absent.ndjson", "--window-days=-7"]).expect(2);
    assert!(typed.stderr.contains("set by --window-days"), "{}", typed.stderr);
}

#[test]
fn a_file_that_others_may_write_is_judged_the_same_by_check_and_doctor() {
    let home = Home::new();
    let file = home.write_config("window_days: 3\n");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).expect("a mode");
    for words in [&["config", "check"][..], &["doctor", "--check", "config"]] {
        let ran = home.run(words).expect(10);
        let all = format!("{}{}", ran.stdout, ran.stderr);
        assert!(all.contains("(mode 666)") && all.contains("chmod go-w "), "{words:?}: {all}");
    }
}

#[test]
fn a_context_has_a_name() {
    let home = Home::new();
    for name in ["", "a b", "a:b", "-", "#x"] {
        let ran = home.run(&["config", "set", "registry", "x.db", &format!("--context={name}")]).expect(2);
        assert!(ran.stderr.contains("cannot be a context's name"), "{name}: {}", ran.stderr);
    }
    assert_eq!(home.config(), "");
}

#[test]
fn what_is_no_export_no_model_and_no_plan_is_told_with_the_command_that_makes_one() {
    let home = Home::new();
    std::fs::create_dir(home.path().join("bk")).expect("a folder");
    for (line, code, hint) in [
        ("ml models import bk", 11, "`hivectl ml models register bk --name NAME`"),
        ("ml models import gone", 4, "`hivectl ml models export NAME@VERSION gone`"),
        ("ml models register nofile --name m", 4, "`hivectl ml models register PATH --name m`"),
        ("ml apply bk", 11, "--plan-out plan.json`"),
        ("ml apply gone", 4, "--plan-out plan.json`"),
    ] {
        let ran = home.type_line(&format!("hivectl {line}")).expect(code);
        assert!(ran.stderr.contains("hint: ") && ran.stderr.contains(hint), "{line}: {}", ran.stderr);
    }
}

#[test]
fn help_that_cannot_be_written_is_a_failure() {
    let home = Home::new();
    for words in [&["--help"][..], &["ml", "train", "--help"], &["help"], &["help", "ml", "train"], &["--version"], &["version"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("a disk that is full");
        let ran = Ran::of(home.command(words).stdout(full).output().expect("hivectl runs")).expect(11);
        assert!(ran.stderr.contains("cannot write"), "{}", ran.stderr);
    }
}
