//! What the README and the examples say to type, typed.

use std::path::Path;

use serde_json::Value;

use crate::support::Home;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The documents of the example for Kubernetes.
fn jobs() -> Vec<Value> {
    let text = std::fs::read_to_string(root().join("examples/cronjob.yaml")).expect("the example");
    text.split("\n---\n").map(|document| serde_yaml::from_str(document).expect("YAML")).collect()
}

#[test]
fn the_cron_jobs_run_the_words_that_they_hold() {
    let home = Home::new();
    let tickets = root().join("examples/tickets.ndjson.gz");
    let jobs = jobs();
    assert_eq!(jobs.len(), 2);
    for job in jobs {
        assert_eq!((&job["apiVersion"], &job["kind"]), (&"batch/v1".into(), &"CronJob".into()));
        assert_eq!(job["spec"]["schedule"].as_str().map(|schedule| schedule.split(' ').count()), Some(5));
        assert_eq!(job["spec"]["concurrencyPolicy"], "Forbid");
        let spec = &job["spec"]["jobTemplate"]["spec"];
        let pod = &spec["template"]["spec"];
        assert!(spec["activeDeadlineSeconds"].is_u64() && spec["backoffLimit"].is_u64() && pod["restartPolicy"] == "Never", "{job}");
        let container = &pod["containers"][0];
        let words: Vec<&str> = container["args"].as_array().expect("words").iter().map(|word| word.as_str().expect("a word")).collect();
        let mut command = home.command(&words);
        for variable in container["env"].as_array().expect("variables") {
            let name = variable["name"].as_str().expect("a name");
            match name {
                // A volume there, a folder here.
                "HIVECTL_HOME" => command.env(name, home.path().join("hivectl")),
                // From a Secret there; here the tickets of the example stand in for the server's.
                "MONGODB_URI" => command.env("HIVECTL_TICKETS", &tickets),
                _ => command.env(name, variable["value"].as_str().expect("a value")),
            };
        }
        let ran = crate::support::Ran::of(command.output().expect("it runs"));
        let code = ran.code;
        let document = ran.json(code);
        // The drift check judges by the tickets that taught, of which there are too few days.
        assert!(code == 0 || (code == 14 && words.contains(&"drift")), "{words:?}: {code} {}", ran.stderr);
        assert!(document["data"].is_object(), "{document}");
    }
}

#[test]
fn from_an_empty_machine_to_a_promoted_model_are_two_commands() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    let typed = "hivectl ml train --promote-if-better --tickets examples/tickets.ndjson.gz";
    // The first is the installation, which every binary of these tests stands for.
    assert!(readme.contains("1. `cargo install --path .`") && readme.contains(&format!("2. `{typed}`")), "the README says another way");
    let home = Home::new();
    std::fs::create_dir(home.path().join("examples")).expect("a folder");
    std::fs::copy(root().join("examples/tickets.ndjson.gz"), home.path().join("examples/tickets.ndjson.gz")).expect("copied");
    home.type_line(typed).expect(0);
    let list = home.run(&["ml", "models", "list", "-o", "json"]).json(0);
    let items = list["data"]["items"].as_array().expect("models");
    assert!(items.len() == 2 && items.iter().all(|item| item["production"]["version"] == 1), "{list}");
}

#[test]
fn from_the_text_of_an_alert_to_the_right_command_are_two_commands() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    assert!(readme.contains("1. `hivectl explain MLModelDegraded`") && readme.contains("2. `hivectl runbook run rollback`"));
    let home = Home::with_models();
    let first = home.type_line("hivectl explain MLModelDegraded").expect(0);
    let second = "hivectl runbook run rollback";
    assert!(first.stdout.contains(&format!("  {second}\n")), "{}", first.stdout);
    home.type_line(&format!("{second} --yes --transcript record.md")).expect(0);
    let history = home.run(&["ml", "models", "history", crate::support::MODEL, "-o", "json"]).json(0);
    assert_eq!(history["data"]["items"][0]["event"], "rollback", "{history}");
}
