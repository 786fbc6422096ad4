//! Models that an alias alone serves, and models whose stage and alias disagree, on a server.

use serde_json::json;

use super::support::{DOCTORED, Home, Server, servers, unique};

/// As another client does it.
fn point(server: &Server, name: &str, alias: &str, version: u32) {
    server.post("registered-models/alias", json!({ "name": name, "alias": alias, "version": version.to_string() }));
}

/// Three versions in no stage; `champion` names 2 and `challenger` names 3.
fn alias_only(server: &Server, home: &Home, stem: &str) -> String {
    let name = unique(stem);
    server.register(home, &name, 3);
    point(server, &name, "champion", 2);
    point(server, &name, "challenger", 3);
    name
}

fn no_stages(server: &Server, name: &str) {
    assert_eq!(server.in_stage(name, "None").len(), 3);
}

#[test]
fn an_alias_moves_alone_and_another_machine_rolls_it_back() {
    for server in servers() {
        let home = Home::new();
        let name = alias_only(server, &home, "aliased");
        let shown = server.run(&home, &["ml", "models", "show", &name, "-o", "json"]).json(0);
        assert_eq!((&shown["data"]["version"], &shown["data"]["serving"]["by"]), (&2.into(), &"alias".into()), "{shown:#}");
        let done = server.promote(&home, &name, 3, &["--expect-champion", "2"]).json(0);
        assert_eq!((&done["data"]["previous_champion"], &done["data"]["changed"]), (&2.into(), &true.into()), "{done:#}");
        assert_eq!(server.alias(&name, "champion"), Some(3));
        no_stages(server, &name);
        assert_eq!(server.promote(&home, &name, 3, &[]).json(0)["data"]["changed"], false);
        server.promote(&home, &name, 1, &[]).expect(0);
        // Another machine has no log of its own: the versions tell it.
        let other = Home::new();
        for expected in [3, 2] {
            let back = server.run(&other, &["ml", "models", "rollback", &name, "--confirm", &name, "-o", "json"]).json(0);
            assert_eq!((&back["data"]["version"], server.alias(&name, "champion")), (&expected.into(), Some(expected)), "{back:#}");
        }
        no_stages(server, &name);
        let history = server.run(&other, &["ml", "models", "history", &name, "-o", "json"]).json(0);
        let items = history["data"]["items"].as_array().expect("a list");
        let told: Vec<(&str, Option<u64>, Option<u64>)> = items
            .iter()
            .filter(|item| item["alias"] == "champion")
            .map(|item| (item["event"].as_str().expect("a word"), item["previous_champion"].as_u64(), item["champion"].as_u64()))
            .collect();
        let expected = [("rollback", 3, 2), ("rollback", 1, 3), ("promote", 3, 1), ("promote", 2, 3)];
        assert_eq!(told, expected.map(|(event, from, to)| (event, Some(from), Some(to))), "{history:#}");
        server.run(&home, &["audit", "verify"]).expect(0);
        assert_eq!(server.names(&format!("hivectl-lease-{name}")), Vec::<String>::new());
    }
}

#[test]
fn staging_archive_and_the_alias_by_hand_move_aliases_alone() {
    for server in servers() {
        let home = Home::new();
        let name = alias_only(server, &home, "challenged");
        server.promote(&home, &name, 1, &["--to", "staging"]).expect(0);
        assert_eq!((server.alias(&name, "challenger"), server.alias(&name, "champion")), (Some(1), Some(2)));
        let set = ["ml", "models", "alias", "set", &name, "champion", "3", "--force-gate", "--reason", "test"];
        server.run(&home, &set).expect(5);
        server.run(&home, &[&set[..], &["--dry-run"]].concat()).expect(0);
        assert_eq!(server.alias(&name, "champion"), Some(2));
        let reference = format!("{name}@3");
        server.run(&home, &[&set[..], &["--confirm", &reference]].concat()).expect(0);
        assert_eq!(server.alias(&name, "champion"), Some(3));
        server.run(&home, &["ml", "models", "archive", &reference, "--confirm", &reference]).expect(10);
        server.run(&home, &["ml", "models", "archive", &reference, "--force", "--reason", "none", "--confirm", &reference]).expect(0);
        assert_eq!((server.alias(&name, "challenger"), server.alias(&name, "champion")), (Some(1), None));
        let back = server.run(&home, &["ml", "models", "rollback", &name, "--confirm", &name, "-o", "json"]).json(0);
        assert_eq!((&back["data"]["version"], server.alias(&name, "champion")), (&3.into(), Some(3)), "{back:#}");
        no_stages(server, &name);
        let found = server.run(&home, &["ml", "models", "verify", &name, "-o", "json"]).json(0);
        assert_eq!(found["data"]["findings"], json!([]), "{found:#}");
    }
}

#[test]
fn a_disagreement_stops_changes_until_one_of_two_commands_settles_it() {
    let _alone = DOCTORED.lock();
    for server in servers() {
        for keep in [1, 3] {
            let home = Home::new();
            let name = unique("disagrees");
            server.register(&home, &name, 3);
            server.promote(&home, &name, 1, &[]).expect(0);
            point(server, &name, "champion", 3);
            let refused = server.promote(&home, &name, 2, &[]).json(13).to_string();
            assert!(refused.contains("Production @1, champion @3: they disagree"), "{refused}");
            server.run(&home, &["ml", "models", "rollback", &name, "--confirm", &name]).expect(13);
            let line = format!("ml models promote {name}@{keep} --confirm {name}@{keep} --registry {}", server.url);
            assert!(refused.contains(&line), "{refused}");
            // Others get the version who had the other one, so its gate is asked, and nobody knows one for these.
            home.run(&line.split(' ').collect::<Vec<&str>>()).expect(3);
            let forced = format!("{line} --force-gate --reason test");
            let settled = home.run(&forced.split(' ').chain(["-o", "json"]).collect::<Vec<&str>>()).json(0);
            assert_eq!(settled["data"]["previous_champion"], 4 - keep, "{settled:#}");
            let back = server.run(&home, &["ml", "models", "rollback", &name, "--dry-run", "-o", "json"]).json(0);
            assert_eq!(back["data"]["plan"]["version"], 4 - keep, "{back:#}");
            assert_eq!((server.in_stage(&name, "Production"), server.alias(&name, "champion")), (vec![keep], Some(keep)));
        }
    }
}

#[test]
fn a_server_goes_to_aliases_and_back_and_refuses_what_it_is_not_certain_of() {
    let Some(server) = super::support::start_newest("sqlite") else { return };
    let home = Home::new();
    let name = unique("migrated");
    server.register(&home, &name, 3);
    server.transition(&name, 1, "Archived", false);
    server.transition(&name, 2, "Production", false);
    server.transition(&name, 3, "Staging", false);
    server.run(&home, &["ml", "models", "migrate", "--to", "aliases", "--plan-out", "m.json"]).expect(0);
    assert_eq!(server.in_stage(&name, "Production"), [2]);
    server.run(&home, &["ml", "models", "migrate", "--plan", "m.json", "--yes"]).expect(0);
    no_stages(&server, &name);
    assert_eq!((server.alias(&name, "champion"), server.alias(&name, "challenger")), (Some(2), Some(3)));
    server.promote(&home, &name, 3, &["--expect-champion", "2"]).expect(0);
    no_stages(&server, &name);
    let back = server.run(&home, &["ml", "models", "rollback", &name, "--confirm", &name, "-o", "json"]).json(0);
    assert_eq!(back["data"]["version"], 2, "{back:#}");
    server.run(&home, &["ml", "models", "migrate", "--to", "stages", "--yes"]).expect(0);
    assert_eq!((server.in_stage(&name, "Production"), server.in_stage(&name, "Archived")), (vec![2], vec![1]));
    assert_eq!((server.alias(&name, "champion"), server.alias(&name, "challenger")), (None, None));
    // A registry with stages alone keeps to them.
    server.promote(&home, &name, 3, &[]).expect(0);
    assert_eq!((server.in_stage(&name, "Production"), server.alias(&name, "champion")), (vec![3], None));
    point(&server, &name, "champion", 1);
    server.run(&home, &["ml", "models", "migrate", "--to", "aliases", "--yes"]).expect(13);
}
