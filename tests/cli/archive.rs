//! `ml models archive`: one version, or all that are old.

use serde_json::Value;

use crate::support::{Home, MODEL, json, ran, said};

#[test]
fn archive_older_keeps_three_and_a_dry_run_has_the_form_of_the_change() {
    let home = Home::with_versions(5);
    ran(&home, "ml models archive --older --keep 2 --yes").expect(2);
    let archived = json(&home, "ml models archive --older --yes", 0)["data"]["items"].clone();
    let numbers: Vec<&Value> = archived.as_array().expect("items").iter().map(|item| &item["version"]).collect();
    assert_eq!(numbers, [2, 1]);
    let would = json(&home, &format!("ml models archive {MODEL}@3 --dry-run"), 0)["data"].clone();
    let did = json(&home, &format!("ml models archive {MODEL}@3 --yes"), 0)["data"].clone();
    // A dry run also says where, as its screen does.
    let of_both = |key: &&String| *key != "place";
    let keys = |data: &Value| data.as_object().expect("an object").keys().filter(of_both).cloned().collect::<Vec<String>>();
    assert_eq!(keys(&would), keys(&did));
    assert_eq!((&would["changed"], &did["changed"]), (&Value::from(false), &Value::from(true)));
}

#[test]
fn a_protected_context_wants_a_name_for_everything_that_is_taken_away() {
    let home = Home::with_versions(5);
    std::fs::create_dir_all(home.path().join(".config/hivectl")).expect("a folder");
    home.write(".config/hivectl/config.yaml", "contexts:\n  prod:\n    protected: yes\n");
    for (line, confirm) in [
        ("ml models archive --older".to_owned(), "prod".to_owned()),
        (format!("ml models archive {MODEL} --older"), MODEL.to_owned()),
        (format!("ml models archive {MODEL}@5"), format!("{MODEL}@5")),
    ] {
        let refused = json(&home, &format!("{line} --context prod --yes"), 5);
        assert!(said(&refused).contains(&format!("--confirm {confirm}")), "{refused:#}");
    }
    let archived = json(&home, "ml models archive --older --context prod --confirm prod", 0)["data"]["items"].clone();
    assert_eq!(archived.as_array().map(Vec::len), Some(2));
}
