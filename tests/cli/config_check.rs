//! `config check`: files of settings that are wrong, values out of range, secrets and the commands that print them.

use std::os::unix::fs::PermissionsExt as _;

use crate::support::Home;

#[test]
fn a_wrong_file_is_refused_with_its_line() {
    let home = Home::new();
    home.write(".hivectl.yaml", "window_days: 60\nmin_sample: 1\n");
    let ran = home.run(&["config", "list"]).expect(11);
    assert!(ran.stderr.contains(".hivectl.yaml:2") && ran.stderr.contains("min_samples"), "{}", ran.stderr);
    home.write(".hivectl.yaml", "window_days: many\n");
    let ran = home.run(&["ml", "train", "--tickets", "t"]).expect(11);
    assert!(ran.stderr.contains(".hivectl.yaml:1"), "{}", ran.stderr);
}

fn refused(text: impl AsRef<[u8]>, line: &str, words: &[&str]) {
    let home = Home::new();
    let file = home.write_config(text.as_ref());
    for command in [&["config", "list"][..], &["ml", "models", "list"], &["config", "set", "window_days", "9"]] {
        let ran = home.run(command).expect(11);
        assert!(ran.stderr.contains(&format!("config.yaml:{line}")), "{line}: {}", ran.stderr);
        assert!(words.iter().all(|word| ran.stderr.contains(word)), "{words:?}: {}", ran.stderr);
    }
    assert_eq!(std::fs::read(file).expect("the file"), text.as_ref());
}

#[test]
fn a_file_of_settings_that_is_wrong_is_refused_with_its_line() {
    refused("window_days: 3\n\tregistry: a.db\n", "2", &["not a configuration", "a tab stands", "spaces"]);
    refused("window_days: 3\nregistry: a\nwindow_days: 4\n", "3", &["'window_days' stands twice"]);
    refused("contexts:\n  a:\n    registry: x\n  a:\n    registry: y\n", "4", &["'a' stands twice"]);
    refused("window_days: many\n", "1", &["expected a number"]);
    refused("registry: [a, b]\n", "", &[]);
    refused("- registry\n", "", &["not a configuration"]);
    refused("protected: perhaps\n", "1", &["expected yes or no"]);
    refused("min_samples: 1.5\n", "1", &["expected a whole number"]);
    refused("contexts:\n  a:\n    extends: a\n", "3", &["points at itself"]);
    refused("contexts:\n  a:\n    context: b\n", "3", &["points at 'b'"]);
    refused("contexts: 3\n", "1", &[]);
    refused("regestry: a.db\n", "1", &["did you mean 'registry'?"]);
    refused([0xff, 0xfe, b':', b' ', b'x', b'\n'], "", &["UTF-8"]);
    refused(format!("registry: {}\n", "x".repeat(10 << 20)), "1", &["10485771 bytes"]);
}

#[test]
fn anchors_that_grow_a_million_times_are_refused_at_once() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..8 {
        let before = level - 1;
        text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{before}"); 10].join(", ")));
    }
    refused(text, "", &[]);
    refused("a: &a {b: *a}\n", "", &[]);
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
