//! A change of what serves is a promotion whatever pointer it moves: judged, told, kept in the history and taken back.

use rusqlite::Connection;
use serde_json::Value;

use crate::support::{Home, MODEL, Ran, json, ran, registry_file};

/// As another tool does it.
fn sql(home: &Home, statement: &str) {
    let registry = Connection::open(registry_file(home)).expect("the registry");
    registry.execute_batch(statement).expect("a statement");
}

/// Three versions, of which another tool put these into Production and gave these their aliases; all pass the gate.
fn with(production: &[u32], aliases: &[(&str, u32)]) -> Home {
    let home = Home::with_versions(3);
    sql(&home, "UPDATE model_versions SET current_stage = 'None'; DROP INDEX IF EXISTS hivectl_one_production");
    for version in production {
        sql(&home, &format!("UPDATE model_versions SET current_stage = 'Production' WHERE version = {version}"));
    }
    for (alias, version) in aliases {
        sql(&home, &format!("INSERT INTO registered_model_aliases (alias, version, name) VALUES ('{alias}', {version}, '{MODEL}')"));
    }
    home.write("lax.yaml", "duration:\n  mae_pct: \"< 100000\"\n");
    home.write("strict.yaml", "duration:\n  mae_pct: \"< 0.000001\"\n");
    home.write(".hivectl.yaml", "policy: lax.yaml\n");
    home
}

/// `words` about the model `M`, with what is set to decide.
fn set(home: &Home, by: &str, words: &str) -> Ran {
    let line = words.replace("M", MODEL);
    home.run_with(&line.split(' ').collect::<Vec<_>>(), &[("HIVECTL_SERVING", by)])
}

fn of(home: &Home, words: &str) -> Ran {
    ran(home, &words.replace("M", MODEL))
}

/// Stage and aliases of a version.
fn standing(home: &Home, version: u32) -> (Value, Vec<String>) {
    let shown = json(home, &format!("ml models show {MODEL}@{version}"), 0)["data"].clone();
    (shown["stage"].clone(), serde_json::from_value(shown["aliases"].clone()).expect("aliases"))
}

#[test]
fn what_settles_a_disagreement_is_judged_told_and_taken_back() {
    for (keeps, former, told) in [(2, 3, "alias champion: version 3 → version 2"), (3, 2, "in Production: version 2 → version 3")] {
        let home = with(&[2], &[("champion", 3)]);
        let promote = format!("ml models promote M@{keeps} --confirm M@{keeps}");
        of(&home, &format!("{promote} --policy strict.yaml")).expect(3);
        assert_eq!((standing(&home, 2).0, standing(&home, 3).1), ("Production".into(), vec!["champion".to_owned()]), "{keeps}");
        let done = json(&home, &promote.replace("M", MODEL), 0);
        assert_eq!(done["data"]["previous_champion"], former, "{done:#}");
        let plan = json(&home, &format!("ml models rollback {MODEL} --dry-run"), 0)["data"]["plan"]["version"].clone();
        assert_eq!(plan, former, "{keeps}");
        let again = with(&[2], &[("champion", 3)]);
        let text = of(&again, &promote).expect(0).stdout;
        assert!(text.contains(told), "{text}");
        let history = of(&home, "ml models history M").expect(0).stdout;
        let line = if keeps == 2 { "champion 3 → 2" } else { "None → Production" };
        assert!(history.contains(line), "{history}");
        of(&home, "ml models rollback M --confirm M").expect(0);
        assert_eq!(standing(&home, former), ("Production".into(), vec!["champion".to_owned()]), "{keeps}");
        of(&home, "audit verify").expect(0);
    }
}

#[test]
fn what_serves_by_any_pointer_is_compared_with_and_is_the_predecessor_whatever_is_set() {
    for (production, aliases, by, told) in [
        (&[][..], &[("champion", 2)][..], "stage", "serves now: @2 by alias champion"),
        (&[], &[("champion", 2)], "both", "serves now: @2 by alias champion"),
        (&[2], &[], "alias", "serves now: @2 by stage Production"),
        (&[2], &[], "both", "in Production now: version 2"),
    ] {
        let state = format!("{production:?} {aliases:?} with {by}");
        let home = with(production, aliases);
        let trained =
            set(&home.copy(), by, "ml train --model duration --tickets t.ndjson --trees 3 --seed 8 --promote-if-better -o json").expect(0);
        let trained: Value = serde_json::from_str(&trained.stdout).expect("one document");
        assert_eq!(trained["data"]["models"][0]["champion"]["version"], 2, "{state}: {trained:#}");
        let plan = set(&home, by, "ml models promote M@3 --dry-run").expect(0).stdout;
        assert!(plan.contains(told), "{state}: {plan}");
        let left = match by {
            "stage" => Some(format!("the alias champion stays at {MODEL}@2")),
            "alias" => Some(format!("{MODEL}@2 stays in Production")),
            _ => None,
        };
        assert!(left.is_none_or(|left| plan.contains(&left)), "{state}: {plan}");
        let done = set(&home, by, "ml models promote M@3 --confirm M@3 --expect-champion 2 -o json").expect(0);
        let done: Value = serde_json::from_str(&done.stdout).expect("one document");
        assert_eq!(done["data"]["previous_champion"], 2, "{state}: {done:#}");
        let back = set(&home, by, "ml models rollback M --confirm M -o json").expect(0);
        let back: Value = serde_json::from_str(&back.stdout).expect("one document");
        assert_eq!((&back["data"]["version"], &back["data"]["serves"]), (&2.into(), &2.into()), "{state}: {back:#}");
        let shown = set(&home, by, "ml models show M -o json").expect(0);
        let shown: Value = serde_json::from_str(&shown.stdout).expect("one document");
        assert_eq!(shown["data"]["version"], 2, "{state}");
    }
}

#[test]
fn what_serves_by_the_pointer_that_does_not_decide_is_not_taken_away_unasked() {
    let home = with(&[], &[("champion", 2)]);
    for words in ["ml models archive M@2 --confirm M@2", "ml models alias delete M champion"] {
        let refused = set(&home, "stage", words).expect(10).stderr;
        assert!(refused.contains("nothing would serve after it"), "{words}: {refused}");
    }
    set(&home, "stage", "ml models archive M@2 --confirm M@2 --force --reason test").expect(0);
    assert_eq!(standing(&home, 2), ("Archived".into(), vec![]));
    let home = with(&[2], &[]);
    set(&home, "alias", "ml models archive M@2 --confirm M@2").expect(10);
    let gone = set(&home, "alias", "ml models archive M@2 --confirm M@2 --force --reason test").expect(0).stdout;
    assert!(gone.contains("no version of") && standing(&home, 2).0 == "Archived", "{gone}");
}

#[test]
fn the_serving_alias_is_set_as_asked_in_a_registry_of_stages_alone() {
    let home = with(&[2], &[]);
    let plan = of(&home, "ml models alias set M champion 3 --dry-run").expect(0).stdout;
    assert!(plan.contains(&format!("will be archived: {MODEL}@2")) && plan.contains("will get the alias champion"), "{plan}");
    let done = of(&home, "ml models alias set M champion 3 --confirm M@3").expect(0).stdout;
    assert!(done.contains(&format!("{MODEL}:champion pointed at no version, now at version 3")), "{done}");
    assert_eq!((standing(&home, 3), standing(&home, 2).0), (("Production".into(), vec!["champion".to_owned()]), "Archived".into()));
    of(&home, "ml models rollback M --confirm M").expect(0);
    assert_eq!(standing(&home, 2), ("Production".into(), vec!["champion".to_owned()]));
    // Of what serves already only the alias is new, and no gate stands before that.
    let home = with(&[2], &[]);
    let done = of(&home, "ml models alias set M champion 2 --confirm M@2").expect(0).stdout;
    assert!(done.contains("alias champion: none → version 2; it stays in Production"), "{done}");
    assert_eq!(standing(&home, 2), ("Production".into(), vec!["champion".to_owned()]));
    let history = of(&home, "ml models history M").expect(0).stdout;
    assert!(history.contains("champion none → 2"), "{history}");
    let plans = with(&[2], &[]);
    sql(&plans, &format!("INSERT INTO registered_model_aliases (alias, version, name) VALUES ('champion', 2, '{MODEL}')"));
    of(&plans, "ml models promote M@3 --plan-out p.json").expect(0);
    sql(&plans, "DELETE FROM registered_model_aliases");
    of(&plans, "ml apply p.json").expect(6);
}

#[test]
fn no_alias_of_a_model_moves_while_it_is_not_certain_what_serves() {
    let home = with(&[2], &[("champion", 3), ("kept", 1)]);
    for words in ["set M challenger 1", "set M other 1", "delete M kept", "set M other 1 --dry-run"] {
        let refused = of(&home, &format!("ml models alias {words}")).expect(13).stderr;
        assert!(refused.contains("they disagree"), "{words}: {refused}");
    }
    assert_eq!(standing(&home, 1).1, ["kept"]);
}

#[test]
fn an_archived_version_says_what_serves_then_and_waits_no_longer() {
    let home = with(&[2, 3], &[]);
    let plan = of(&home, "ml models archive M@3 --dry-run").expect(0).stdout;
    assert!(plan.contains(&format!("{MODEL}@2 would serve then")), "{plan}");
    let done = of(&home, "ml models archive M@3 --confirm M@3").expect(0);
    assert!(done.stdout.contains(&format!("{MODEL}@2 serves now")), "{}", done.stdout);
    let last = of(&home, "ml models archive M@2 --confirm M@2 --force --reason test").expect(0);
    assert!(last.stdout.contains(&format!("no version of {MODEL} serves now")), "{}", last.stdout);
    for ran in [&done, &last] {
        let next = ran.stderr.lines().find_map(|line| line.trim().strip_prefix("next: ")).expect("what to type next");
        home.type_line(next).expect(0);
    }
    let both = with(&[2], &[("champion", 2), ("challenger", 3), ("kept", 3)]);
    of(&both, "ml models archive M@3 --yes").expect(0);
    assert_eq!(standing(&both, 3), ("Archived".into(), vec!["kept".to_owned()]));
}

#[test]
fn what_is_said_to_be_typed_next_can_be_typed() {
    let home = with(&[2], &[("champion", 3)]);
    sql(&home, "UPDATE model_versions SET current_stage = 'Staging' WHERE version = 1");
    let several = with(&[2, 3], &[]);
    for (home, line) in
        [(&home, "ml models list"), (&several, "ml models list"), (&several, "ml models compare M@2 M@3 --tickets t.ndjson")]
    {
        let told = of(home, line);
        for next in told.stderr.lines().filter_map(|line| line.trim().strip_prefix("next: ")) {
            home.type_line(next).expect(0);
        }
    }
    let one = with(&[2], &[("champion", 2)]);
    let refused = json(&one, &format!("ml models promote {MODEL}@2 --to staging"), 2);
    let hints: Vec<&str> = refused["error"]["hints"].as_array().expect("hints").iter().filter_map(Value::as_str).collect();
    let archive = hints.iter().flat_map(|hint| hint.split('`')).find(|part| part.contains("archive")).expect("what ends its service");
    one.type_line(&format!("{archive} --dry-run")).expect(0);
    of(&one, "ml models migrate --to aliases --plan-out m.json").expect(0);
    let refused = json(&one, "ml apply m.json", 11);
    let hints = refused["error"]["hints"].to_string();
    let migrate = hints.split('`').find(|part| part.starts_with("hivectl ")).expect("what applies it");
    one.type_line(&format!("{migrate} --yes")).expect(0);
    assert_eq!(standing(&one, 2), ("None".into(), vec!["champion".to_owned()]));
}
