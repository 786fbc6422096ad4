//! `ml models export` and `import`: backups, and files that are no export.

use serde_json::Value;

use crate::support::{Home, MODEL, json, promote, ran};

#[test]
fn a_backup_holds_every_production_version_and_no_damaged_file_is_imported() {
    let home = Home::with_versions(1);
    let _ = ran(&home, "ml train --model anomaly --tickets t.ndjson --trees 5 --promote-if-better --policy lax.yaml");
    promote(&home, 1).expect(0);
    ran(&home, "ml models export --production --out backup").expect(0);
    let file = format!("backup/{MODEL}@1.hivectl-model");
    let bytes = std::fs::read(home.path().join(&file)).expect("an export");
    let target = |more: &str| format!("ml models import {more} --registry other.db");
    let mut tries = 0;
    for at in (0..bytes.len()).step_by(bytes.len() / 24) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        for damaged in [&bytes[..at], &flipped] {
            home.write("damaged", damaged);
            let _ = json(&home, &target("damaged"), 11);
            tries += 1;
        }
    }
    assert!(!home.path().join("other.db").exists(), "{tries} damaged files made nothing");
    let _ = json(&home, &target(&file), 0);
    let again = json(&home, &target(&file), 0)["data"].clone();
    assert_eq!((&again["changed"], &again["version"]), (&Value::from(false), &Value::from(1)));
    let verified = json(&home, "ml models verify --registry other.db", 0)["data"].clone();
    assert_eq!((&verified["versions"], &verified["findings"]), (&Value::from(1), &serde_json::json!([])));
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
