//! The file of a policy: its documented form, where it stands, and what `config check` says of it.

use crate::support::{Home, json, ran};

/// The example of the documentation.
fn example(home: &Home) -> String {
    json(home, "explain policy", 0)["data"]["example"].as_str().expect("an example").to_owned()
}

#[test]
fn the_documented_form_is_one_that_config_check_takes_and_every_demand_in_it_counts() {
    let home = Home::new();
    home.write("policy.yaml", example(&home));
    home.write(".hivectl.yaml", "policy: policy.yaml\n");
    let document = json(&home, "config check", 0)["data"].clone();
    assert!(document["policy"].as_str().is_some_and(|path| path.ends_with("policy.yaml")), "{document:#}");
    let manual = ran(&home, "man policy").expect(0).stdout;
    for word in ["judged_tickets", "positives", "signature", "digest", "age_days", "not worse than champion by more than 2 %", "fraud"] {
        assert!(manual.replace("\\-", "-").contains(word), "{word} in {manual}");
    }
    let gate = ran(&home, "explain gate").expect(0).stdout;
    for told in ["mae_pct < 15", "f1 > 0.65 desired", "judged_tickets >= 30", "positives >= 10"] {
        assert!(gate.contains(told), "{told} in {gate}");
    }
    // Each line of the example, made wrong, is refused with its own number.
    for (line, text) in example(&home).lines().enumerate().filter(|(_, text)| text.contains('"') && !text.trim_end().ends_with(':')) {
        let wrong: String = example(&home)
            .lines()
            .map(|one| format!("{}\n", if one == text { text.replacen('"', "\"?", 1) } else { one.into() }))
            .collect();
        home.write("policy.yaml", wrong);
        let said = ran(&home, "config check").expect(11).stderr;
        assert!(said.contains(&format!("policy.yaml:{}:", line + 1)), "{text}: {said}");
    }
}

#[test]
fn a_policy_that_is_not_there_is_an_error_wherever_it_is_named() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 200);
    for words in [&["config", "check"][..], &["ml", "train", "--tickets", "t.ndjson", "--dry-run"], &["doctor", "--check", "config"]] {
        let ran = home.run_with(words, &[("HIVECTL_POLICY", "/nofile")]).expect(11);
        let said = ran.stderr + &ran.stdout;
        assert!(
            said.contains("/nofile") && said.contains("HIVECTL_POLICY") || words[0] == "doctor" && said.contains("/nofile"),
            "{words:?}: {said}"
        );
    }
    home.write_config("contexts:\n  prod:\n    policy: gone.yaml\n");
    let said = ran(&home, "config check").expect(11).stderr;
    assert!(said.contains("gone.yaml") && said.contains("context prod"), "{said}");
    home.run(&["ml", "train", "--tickets", "t.ndjson", "--dry-run", "--policy", "gone.yaml"]).expect(4);
}

#[test]
fn a_relative_path_counts_from_the_file_that_names_it() {
    let home = Home::new();
    home.write_tickets("t.ndjson", 200);
    home.write_config("policy: gates/team.yaml\n");
    home.write(".config/hivectl/gates/team.yaml", "duration:\n  mae_pct: \"< 77\"\n");
    // One of the same name beside the command is not meant.
    home.write("gates/team.yaml", "duration:\n  mae_pct: \"< 88\"\n");
    let threshold = |more: &str| {
        let line = format!("ml train --model duration --trees 2 --tickets t.ndjson --dry-run{more}");
        json(&home, &line, 0)["data"]["models"][0]["gate"]["criteria"][0]["threshold"].clone()
    };
    assert_eq!(threshold(""), 77.0);
    assert_eq!(threshold(" --policy gates/team.yaml"), 88.0);
    home.write_config("contexts:\n  prod:\n    policy: gates/team.yaml\n");
    assert_eq!(threshold(" --context prod"), 77.0);
}

#[test]
fn a_rule_that_names_no_model_is_told() {
    let home = Home::with_versions(1);
    home.write(
        "policy.yaml",
        "models:\n  ticket-duration-predictor:\n    mae_pct: \"< 9\"\n  ticket-duration-predictr:\n    mae_pct: \"< 9\"\nglobs:\n  \"x*\":\n    mae: \"< 1\"\n",
    );
    home.write(".hivectl.yaml", "policy: policy.yaml\n");
    let notes = json(&home, "config check", 0)["data"]["notes"].clone();
    let notes: Vec<&str> = notes.as_array().expect("notes").iter().filter_map(|note| note.as_str()).collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].contains("policy.yaml:4: the rule for model ticket-duration-predictr names no model"), "{notes:?}");
    assert!(notes[1].contains("policy.yaml:7: the rule for glob x*"), "{notes:?}");
    let said = ran(&home, "config check").expect(0).stderr;
    assert!(said.contains("warning: ") && said.contains("names no model"), "{said}");
    let checks = json(&home, "doctor --check registry", 0)["data"]["checks"].clone();
    let rules = checks.as_array().expect("checks").iter().find(|check| check["id"] == "policy_rules").expect("the check").clone();
    assert_eq!(rules["state"], "warn", "{rules}");
    assert!(
        rules["evidence"].as_str().is_some_and(|told| told.contains("ticket-duration-predictr") && told.contains("glob x*")),
        "{rules}"
    );
    home.write(".hivectl.yaml", "policy: policy.yaml\nregistry: away.db\n");
    let notes = json(&home, "config check", 0)["data"]["notes"].to_string();
    assert!(notes.contains("is not known"), "a registry that is not there: {notes}");
}

#[test]
fn switches_and_counts_that_say_nothing_are_refused() {
    let home = Home::new();
    for (variable, value) in [("ML_MIN_TRAINING_SAMPLES", "0"), ("HIVECTL_ACCESSIBLE", "dunno")] {
        let said = home.run_with(&["config", "check"], &[(variable, value)]).expect(11).stderr;
        assert!(said.contains(variable) && said.contains("expected"), "{said}");
    }
    for value in ["yes", "0", ""] {
        home.run_with(&["config", "check"], &[("HIVECTL_ACCESSIBLE", value)]).expect(0);
    }
    home.run_with(&["config", "check"], &[("ML_MIN_TRAINING_SAMPLES", "1")]).expect(0);
}
