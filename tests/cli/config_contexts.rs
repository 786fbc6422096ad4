//! `config contexts` and `--context`: contexts that are not there.

use crate::support::Home;

#[test]
fn an_unknown_context_lists_those_that_are_there() {
    let home = Home::new();
    home.write_config("contexts:\n  prod:\n    registry: p.db\n");
    let ran = home.run(&["ml", "models", "list", "--context", "produ"]).expect(11);
    assert!(ran.stderr.contains("there is no context 'produ'") && ran.stderr.contains("prod"), "{}", ran.stderr);
    home.write_config("current_context: gone\ncontexts:\n  prod:\n    registry: p.db\n");
    home.run(&["ml", "models", "list"]).expect(11);
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
