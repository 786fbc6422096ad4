//! `ml models rollback`: back to what served before, or to the version that a person names.

use serde_json::Value;

use crate::support::{Home, MODEL, json, moved_by_another_tool, promote, ran, said, stages};

#[test]
fn a_rollback_goes_to_what_served_before_and_a_named_target_is_idempotent() {
    let home = Home::with_versions(3);
    promote(&home, 1).expect(0);
    promote(&home, 3).expect(0);
    let back = home.run(&["ml", "models", "rollback", MODEL, "--confirm", MODEL, "-o", "json"]).json(0)["data"].clone();
    assert_eq!((&back["version"], &back["previous_champion"]), (&Value::from(1), &Value::from(3)));
    let named = format!("{MODEL}@1");
    let again = home.run(&["ml", "models", "rollback", MODEL, "--to", "1", "--confirm", &named, "-o", "json"]).json(0);
    assert_eq!(again["data"]["changed"], false);
    // Version 2 never served: it takes a reason.
    let two = format!("{MODEL}@2");
    let refused = home.run(&["ml", "models", "rollback", MODEL, "--to", "2", "--confirm", &two, "-o", "json"]).json(2);
    assert!(refused["error"]["hints"].to_string().contains("--reason"), "{refused:#}");
    home.run(&["ml", "models", "rollback", MODEL, "--to", "2", "--confirm", &two, "--reason", "3 and 1 are slow"]).expect(0);
    assert_eq!(stages(&home)[1], "2 Production");
    let history = home.run(&["ml", "models", "history", MODEL, "-o", "json"]).json(0);
    assert!(history["data"]["items"].to_string().contains("3 and 1 are slow"));
}

#[test]
fn where_the_history_does_not_reach_a_person_chooses() {
    let home = Home::with_versions(3);
    moved_by_another_tool(&home, 1, "Archived");
    moved_by_another_tool(&home, 2, "Archived");
    moved_by_another_tool(&home, 3, "Production");
    let asked = json(&home, &format!("ml models rollback {MODEL} --confirm {MODEL}"), 8);
    let text = said(&asked);
    assert!(text.contains(&format!("{MODEL}@1 (")) && text.contains(&format!("{MODEL}@2 (")), "{asked:#}");
    // The command it prints is complete.
    let hints = asked["error"]["hints"].as_array().expect("hints");
    let command = hints.iter().filter_map(Value::as_str).find(|hint| hint.starts_with("hivectl ")).expect("a command");
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    home.run(&words).expect(0);
    let history = ran(&home, &format!("ml models history {MODEL} -o json")).expect(0).stdout;
    assert!(history.contains("\"source\": \"registry\"") && history.contains("\"source\": \"audit\""), "{history}");
}

#[test]
fn a_rollback_says_from_where_to_where() {
    let home = Home::with_versions(2);
    promote(&home, 1).expect(0);
    promote(&home, 2).expect(0);
    let back = ran(&home, &format!("ml models rollback {MODEL} --confirm {MODEL}")).expect(0);
    assert!(back.stdout.contains("in Production: version 2 → version 1"), "{}", back.stdout);
    // What it proposes next does what it says.
    let next = back.stderr.lines().find_map(|line| line.strip_prefix("next: to put version 2 back: hivectl ")).expect("a command");
    let again = ran(&home, &format!("{next} --confirm {MODEL}@2")).expect(0);
    assert!(again.stdout.contains("in Production: version 1 → version 2"), "{}", again.stdout);
}
