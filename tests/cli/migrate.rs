//! `ml models migrate`: what serves goes on serving, every migration can be taken back, and nothing is lost.

use rusqlite::Connection;
use serde_json::Value;

use crate::support::{Home, MODEL, json, ran, registry_file};

/// 1 is archived, 2 in Production and 3 in Staging, with stages alone.
fn with_stages() -> Home {
    let home = Home::with_versions(3);
    home.write("policy.yaml", "duration:\n  mae_pct: \"< 100000\"\n");
    home.write(".hivectl.yaml", "policy: policy.yaml\n");
    let registry = Connection::open(registry_file(&home)).expect("the registry");
    for (version, stage) in [(1, "Archived"), (2, "Production")] {
        registry
            .execute("UPDATE model_versions SET current_stage = ?2 WHERE version = ?1", rusqlite::params![version, stage])
            .expect("moved");
    }
    home
}

/// Stage, aliases and the tag of each version, newest first.
fn standing(home: &Home) -> Vec<(String, Vec<String>, Value)> {
    let list = json(home, &format!("ml models list {MODEL}"), 0);
    let items = list["data"]["items"].as_array().expect("items").clone();
    let one = |item: &Value| {
        let shown = json(home, &format!("ml models show {MODEL}@{}", item["version"]), 0);
        let aliases: Vec<String> = serde_json::from_value(item["aliases"].clone()).expect("aliases");
        (item["stage"].as_str().expect("a stage").to_owned(), aliases, shown["data"]["tags"]["stage_before"].clone())
    };
    items.iter().map(one).collect()
}

fn serving(home: &Home) -> (Value, Value) {
    let list = json(home, "ml models list", 0);
    let item = &list["data"]["items"][0];
    (item["serving"]["version"].clone(), item["serving"]["by"].clone())
}

#[test]
fn a_registry_goes_to_aliases_and_back_while_the_same_version_serves() {
    let home = with_stages();
    let stages = standing(&home);
    let before = std::fs::read(registry_file(&home)).expect("the registry");
    let plan = ran(&home, "ml models migrate --to aliases --dry-run").expect(0).stdout;
    assert!(
        plan.contains("Production → none") && plan.contains("+champion") && plan.contains("services that go by stages would find no"),
        "{plan}"
    );
    ran(&home, "ml models migrate --to aliases").expect(5);
    ran(&home, "ml models migrate --to aliases --plan-out m.json").expect(0);
    ran(&home, "ml models migrate --plan m.json").expect(5);
    assert_eq!(std::fs::read(registry_file(&home)).expect("the registry"), before);
    let done = json(&home, "ml models migrate --plan m.json --yes", 0);
    assert_eq!((&done["data"]["changed"], serving(&home)), (&true.into(), (2.into(), "alias".into())));
    let none = "None".to_owned();
    let aliases = vec![
        (none.clone(), vec!["challenger".to_owned()], Value::Null),
        (none.clone(), vec!["champion".to_owned()], Value::Null),
        (none, vec![], "Archived".into()),
    ];
    assert_eq!(standing(&home), aliases);
    assert_eq!(json(&home, "ml models migrate --to aliases --yes", 0)["data"]["changed"], false, "it is so already");
    let history = ran(&home, &format!("ml models history {MODEL}")).expect(0).stdout;
    assert_eq!(history.matches("migrate").count(), 3, "{history}");
    assert_eq!(history.matches("register").count(), 3, "no line is lost: {history}");
    // Promotions go by the alias now, and back.
    ran(&home, &format!("ml models promote {MODEL}@3 --confirm {MODEL}@3")).expect(0);
    ran(&home, &format!("ml models rollback {MODEL} --confirm {MODEL}")).expect(0);
    ran(&home, &format!("ml models alias set {MODEL} challenger 3")).expect(0);
    assert_eq!(standing(&home), aliases);
    ran(&home, "ml models migrate --to stages --yes").expect(0);
    assert_eq!((standing(&home), serving(&home)), (stages, (2.into(), "stage".into())));
    ran(&home, "audit verify").expect(0);
    ran(&home, "ml models verify").expect(0);
}

#[test]
fn both_takes_nothing_from_anybody() {
    let home = with_stages();
    ran(&home, "ml models migrate --to both --yes").expect(0);
    assert_eq!(serving(&home), (2.into(), "both".into()));
    let told: Vec<(String, Vec<String>)> = standing(&home).into_iter().map(|(stage, aliases, _)| (stage, aliases)).collect();
    let wanted = [("Staging", vec!["challenger"]), ("Production", vec!["champion"]), ("Archived", vec![])];
    let owned = |(stage, aliases): (&str, Vec<&str>)| (stage.to_owned(), aliases.into_iter().map(str::to_owned).collect());
    assert_eq!(told, wanted.map(owned));
}

#[test]
fn a_plan_that_was_overtaken_and_what_is_not_certain_are_refused() {
    let home = with_stages();
    ran(&home, "ml models migrate --to aliases --plan-out m.json").expect(0);
    ran(&home, &format!("ml models promote {MODEL}@3 --confirm {MODEL}@3")).expect(0);
    let now = standing(&home);
    let stale = ran(&home, "ml models migrate --plan m.json --yes").expect(6);
    assert!(stale.stderr.contains("was changed since"), "{}", stale.stderr);
    assert_eq!(standing(&home), now);
    home.write("m.json", "{}");
    ran(&home, "ml models migrate --plan m.json").expect(11);
    let registry = Connection::open(registry_file(&home)).expect("the registry");
    let sql = "INSERT OR REPLACE INTO registered_model_aliases (alias, version, name) VALUES ('champion', 1, ?1)";
    registry.execute(sql, [MODEL]).expect("set");
    let refused = ran(&home, "ml models migrate --to aliases --yes").expect(13);
    assert!(refused.stderr.contains("they disagree"), "{}", refused.stderr);
}

#[test]
fn no_setting_takes_a_champion_away() {
    let made = with_stages();
    for (to, serving_by) in [("aliases", "alias"), ("stages", "stage"), ("both", "both")] {
        for set in ["stage", "alias", "both"] {
            for first in ["aliases", "stages"] {
                let home = made.copy();
                ran(&home, &format!("ml models migrate --to {first} --yes")).expect(0);
                let line = format!("ml models migrate --to {to} --yes");
                let words: Vec<&str> = line.split(' ').collect();
                home.run_with(&words, &[("HIVECTL_SERVING", set)]).expect(0);
                assert_eq!(serving(&home), (2.into(), serving_by.into()), "from {first} to {to} with {set}");
            }
        }
    }
}

#[test]
fn a_protected_registry_is_named_and_a_foreign_tag_puts_nothing_into_production() {
    let home = with_stages();
    ran(&home, "ml models migrate --to aliases --yes").expect(0);
    let registry = Connection::open(registry_file(&home)).expect("the registry");
    let sql = "INSERT OR REPLACE INTO model_version_tags (key, value, name, version) VALUES ('stage_before', 'Production', ?1, 1)";
    registry.execute(sql, [MODEL]).expect("set");
    drop(registry);
    ran(&home, "config set protected yes").expect(0);
    let refused = ran(&home, "ml models migrate --to stages --yes").expect(5);
    let place = registry_file(&home);
    assert!(refused.stderr.contains(&place.display().to_string()), "{}", refused.stderr);
    ran(&home, "ml models migrate --to stages --confirm yes").expect(5);
    home.run(&["ml", "models", "migrate", "--to", "stages", "--confirm", &place.display().to_string()]).expect(0);
    assert_eq!(serving(&home), (2.into(), "stage".into()));
}
