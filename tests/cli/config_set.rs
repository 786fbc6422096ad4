//! `config set`, `unset` and `use`: one line changes, and protection is not lost on the way.

use crate::config_list::FILE;
use crate::support::{Home, MODEL, Ran};

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
fn a_context_has_a_name() {
    let home = Home::new();
    for name in ["", "a b", "a:b", "-", "#x"] {
        let ran = home.run(&["config", "set", "registry", "x.db", &format!("--context={name}")]).expect(2);
        assert!(ran.stderr.contains("cannot be a context's name"), "{name}: {}", ran.stderr);
    }
    assert_eq!(home.config(), "");
}
