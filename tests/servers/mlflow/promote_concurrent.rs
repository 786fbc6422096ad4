//! Two at once: one wins, and one version is in Production.

use std::process::Stdio;

use super::support::{Home, rounds, servers, small_model, unique};

#[test]
fn of_two_promotions_that_saw_the_same_champion_one_wins() {
    for server in servers() {
        let home = Home::new();
        let name = unique("race");
        server.register(&home, &name, 3);
        for round in 0..rounds(8, 200) {
            server.promote(&home, &name, 1, &[]).expect(0);
            let start = |version: u32| {
                let reference = format!("{name}@{version}");
                let words = ["ml", "models", "promote", &reference, "--confirm", &reference, "--force-gate", "--reason", "race"];
                let mut command = home.command(&[&words[..], &["--expect-champion", "1", "--registry", &server.url]].concat());
                command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("hivectl starts")
            };
            let both = [start(2), start(3)].map(|child| child.wait_with_output().expect("it ends"));
            let mut codes = both.each_ref().map(|output| output.status.code().unwrap_or(-1));
            codes.sort_unstable();
            let told = both.map(|output| String::from_utf8_lossy(&output.stderr).into_owned());
            assert!(codes[0] == 0 && matches!(codes[1], 6 | 7), "round {round}: {codes:?}\n{told:#?}");
            let serving = server.in_stage(&name, "Production");
            assert_eq!(serving.len(), 1, "round {round}");
            assert_eq!(server.alias(&name, "champion"), Some(serving[0]), "round {round}");
        }
        assert_eq!(server.names(&format!("hivectl-lease-{name}")), Vec::<String>::new());
    }
}

#[test]
fn the_same_model_registered_at_once_is_one_version() {
    for server in servers() {
        let homes = [Home::new(), Home::new(), Home::new()];
        for _ in 0..rounds(3, 30) {
            let (name, model) = (unique("once"), small_model());
            let words = ["ml", "models", "register", &model, "--name", &name, "--registry", &server.url];
            let children = homes.each_ref().map(|home| home.command(&words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn());
            for child in children {
                let output = child.expect("hivectl starts").wait_with_output().expect("it ends");
                assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
            }
            assert_eq!(server.in_stage(&name, "None"), [1]);
        }
    }
}
