//! Promotion, rollback, archive, alias and tag; what other tools left; leases.

use serde_json::json;

use super::support::{DOCTORED, Home, Ran, Server, servers, unique};

#[must_use]
fn rollback(server: &Server, home: &Home, name: &str, more: &[&str]) -> Ran {
    server.run(home, &[&["ml", "models", "rollback", name, "--reason", "test", "-o", "json"], more].concat())
}

#[test]
fn a_promotion_moves_stage_and_alias_and_another_machine_knows_the_history() {
    for server in servers() {
        let home = Home::new();
        let name = unique("promoted");
        server.register(&home, &name, 3);
        for version in 1..=3 {
            let done = server.promote(&home, &name, version, &[]).json(0);
            assert_eq!(done["data"]["changed"], true, "{done:#}");
            assert!(done["data"]["audit_id"].is_string(), "{done:#}");
        }
        assert_eq!((server.in_stage(&name, "Production"), server.alias(&name, "champion")), (vec![3], Some(3)));
        assert_eq!(server.in_stage(&name, "Archived"), [1, 2]);
        let again = server.promote(&home, &name, 3, &[]).json(0);
        assert_eq!(again["data"]["changed"], false, "{again:#}");
        // Another machine has no log of its own: the versions tell it.
        let other = Home::new();
        let history = server.run(&other, &["ml", "models", "history", &name, "-o", "json"]).json(0);
        let items = history["data"]["items"].as_array().expect("a list");
        let events: Vec<(&str, u64)> =
            items.iter().map(|item| (item["event"].as_str().expect("a word"), item["version"].as_u64().expect("a number"))).collect();
        assert_eq!(events[..3], [("promote", 3), ("promote", 2), ("promote", 1)], "{history:#}");
        for expected in [2, 1] {
            let _ = rollback(server, &other, &name, &["--confirm", &name]).json(0);
            assert_eq!((server.in_stage(&name, "Production"), server.alias(&name, "champion")), (vec![expected], Some(expected)));
        }
        rollback(server, &other, &name, &["--confirm", &name]).expect(4);
        let log = server.run(&home, &["audit", "verify"]).expect(0);
        assert!(!log.stdout.is_empty());
        let tags = server.get("model-versions/get", &[("name", &name), ("version", "2")])["model_version"]["tags"].clone();
        for key in ["hivectl.promoted_at", "hivectl.promoted_by", "hivectl.promoted_from", "hivectl.promoted_reason", "hivectl.moves"] {
            assert!(tags.as_array().is_some_and(|tags| tags.iter().any(|tag| tag["key"] == key)), "{key}: {tags:#}");
        }
    }
}

#[test]
fn rolling_back_what_other_tools_promoted_is_for_a_person_to_decide() {
    for server in servers() {
        let home = Home::new();
        let name = unique("foreign-moves");
        server.register(&home, &name, 3);
        // None was ever moved: there is nothing to choose from.
        let never = rollback(server, &home, &name, &["--confirm", &name]).json(4);
        assert!(never.to_string().contains(&format!("hivectl ml models promote {name}@3 --registry {}", server.url)), "{never:#}");
        server.transition(&name, 1, "Production", true);
        server.transition(&name, 2, "Production", true);
        let refused = rollback(server, &home, &name, &["--confirm", &name]).json(8);
        let text = refused.to_string();
        assert!(text.contains(&format!("{name}@1 (20")), "{refused:#}");
        assert!(
            text.contains(&format!("hivectl ml models rollback {name} --to 1 --reason TEXT --confirm {name}@1 --registry {}", server.url)),
            "{refused:#}"
        );
        let _ = rollback(server, &home, &name, &["--to", "1", "--confirm", &format!("{name}@1")]).json(0);
        // Stages alone told what serves of this model, and go on doing so.
        assert_eq!((server.in_stage(&name, "Production"), server.alias(&name, "champion")), (vec![1], None));
    }
}

#[test]
fn two_versions_in_production_are_found_and_repaired_by_archiving_one() {
    for server in servers() {
        let home = Home::new();
        let name = unique("two");
        server.register(&home, &name, 3);
        server.transition(&name, 1, "Production", true);
        server.transition(&name, 2, "Production", false);
        let refused = server.promote(&home, &name, 3, &[]).json(13);
        assert!(refused.to_string().contains(&format!("hivectl ml models archive {name}@VERSION")), "{refused:#}");
        let found = server.run(&home, &["ml", "models", "verify", &name, "-o", "json"]).json(13);
        assert!(found.to_string().contains("several_in_production"), "{found:#}");
        let reference = format!("{name}@1");
        server.run(&home, &["ml", "models", "archive", &reference, "--confirm", &reference]).expect(0);
        assert_eq!(server.in_stage(&name, "Production"), [2]);
        // The other way round: who is left has the alias that the archived one had.
        server.post("registered-models/alias", json!({ "name": name, "alias": "champion", "version": "2" }));
        server.transition(&name, 1, "Production", false);
        let doctor = server.run(&home, &["doctor", "--check", "registry", "-o", "json"]).json(13).to_string();
        assert!(doctor.contains(&format!("hivectl ml models archive {name}@1 --confirm {name}@1 --registry {}", server.url)), "{doctor}");
        let reference = format!("{name}@2");
        server.run(&home, &["ml", "models", "archive", &reference, "--confirm", &reference]).expect(0);
        assert_eq!((server.in_stage(&name, "Production"), server.alias(&name, "champion")), (vec![1], Some(1)));
        server.promote(&home, &name, 3, &[]).expect(0);
        assert_eq!(server.in_stage(&name, "Production"), [3]);
    }
}

#[test]
fn the_lease_of_a_late_holder_is_taken_over_and_that_of_a_living_one_is_not() {
    for server in servers() {
        let home = Home::new();
        let name = unique("leased");
        server.register(&home, &name, 1);
        let flag = |holder: u32, lasts_ms: i64| {
            let flag = format!("hivectl-lease-{name}.{holder:032x}");
            let tag = |key: &str, value: String| json!({ "key": format!("hivectl.lease.{key}"), "value": value });
            let tags = [
                tag("holder", "somebody@elsewhere".into()),
                tag("host", "elsewhere".into()),
                tag("process", "1 another start".into()),
                tag("lasts_ms", lasts_ms.to_string()),
            ];
            server.post("registered-models/create", json!({ "name": flag, "tags": tags }));
            flag
        };
        let living = flag(1, 600_000);
        let listed = server.run(&home, &["ml", "models", "list", "-o", "name"]).expect(0);
        assert!(listed.stdout.contains(&name) && !listed.stdout.contains("hivectl-lease-"), "{}", listed.stdout);
        let refused = server.promote(&home, &name, 1, &["--lock-timeout", "1s"]).json(7);
        assert!(refused.to_string().contains("somebody@elsewhere"), "{refused:#}");
        assert_eq!(server.names(&living), std::slice::from_ref(&living));
        server.remove_model(&living);
        // Its time was over long before it was put up.
        let late = flag(2, -600_000);
        server.promote(&home, &name, 1, &["--lock-timeout", "1s"]).expect(0);
        assert_eq!(server.names(&late), Vec::<String>::new());
        assert_eq!(server.in_stage(&name, "Production"), [1]);
    }
}

#[test]
fn an_alias_that_another_tool_left_behind_is_brought_back_as_the_doctor_says() {
    let _alone = DOCTORED.lock();
    for server in servers() {
        let home = Home::new();
        let name = unique("stray");
        server.register(&home, &name, 2);
        let remedy = || {
            let checked = server.run(&home, &["doctor", "--check", "registry", "-o", "json"]).json(13);
            let of_ours = |check: &&serde_json::Value| check["id"] == "champion_alias" && check["evidence"].to_string().contains(&name);
            let found = checked["data"]["checks"].as_array().and_then(|checks| checks.iter().find(of_ours)).cloned().expect("a finding");
            found["remedy"].as_str().and_then(|text| text.split('`').nth(1)).expect("a command").to_owned()
        };
        server.promote(&home, &name, 2, &[]).expect(0);
        // The alias stays where it was.
        server.transition(&name, 1, "Production", true);
        let remedy_typed = remedy();
        let settles: Vec<&str> = remedy_typed.split(' ').skip(1).collect();
        // Nobody has measured it, and what settles a disagreement is judged as any promotion.
        assert!(home.run(&settles).expect(3).stderr.contains("--force-gate --reason"), "{remedy_typed}");
        home.run(&[&settles[..], &["--force-gate", "--reason", "test"]].concat()).expect(0);
        assert_eq!((server.in_stage(&name, "Production"), server.alias(&name, "champion")), (vec![1], Some(1)));
        // Services that go by the alias use what was archived: nothing that the doctor says takes it from them.
        server.transition(&name, 1, "Archived", false);
        assert!(remedy().contains(&format!("ml models promote {name}@1 ")), "{}", remedy());
        server.promote(&home, &name, 1, &[]).expect(0);
        assert_eq!((server.in_stage(&name, "Production"), server.alias(&name, "champion")), (vec![1], Some(1)));
    }
}

#[test]
fn aliases_tags_and_archive_are_changed_and_told() {
    for server in servers() {
        let home = Home::new();
        let name = unique("annotated");
        server.register(&home, &name, 2);
        let reference = format!("{name}@1");
        let set = server.run(&home, &["ml", "models", "alias", "set", &name, "candidate", "1", "-o", "json"]).json(0);
        assert_eq!(set["data"]["changed"], true, "{set:#}");
        assert_eq!(server.alias(&name, "candidate"), Some(1));
        let shown = server.run(&home, &["ml", "models", "show", &format!("models:/{name}@candidate"), "-o", "json"]).json(0);
        assert_eq!(shown["data"]["version"], 1, "{shown:#}");
        let _ = server.run(&home, &["ml", "models", "tag", &reference, "team=blue", "-o", "json"]).json(0);
        let shown = server.run(&home, &["ml", "models", "show", &reference, "-o", "json"]).json(0);
        assert_eq!(shown["data"]["tags"]["team"], "blue", "{shown:#}");
        server.promote(&home, &name, 1, &[]).expect(0);
        server.run(&home, &["ml", "models", "archive", &reference, "--force", "--reason", "none", "--confirm", &reference]).expect(0);
        assert_eq!((server.in_stage(&name, "Production"), server.alias(&name, "champion")), (vec![], None));
    }
}
