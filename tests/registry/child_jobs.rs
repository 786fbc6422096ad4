//! What child processes do for the tests that disturb them.

use std::collections::BTreeMap;
use std::path::Path;

use hivectl::base::write_whole;
use hivectl::error::Error;

use hivectl::lifecycle::{Measurement, Stage};
use hivectl::registry::bundle::Bundle;
use hivectl::registry::embedded::EmbeddedRegistry;
use hivectl::registry::transfer::{self, Stated};
use hivectl::registry::{Annotations, ArtifactFile, ModelStore, Promotion, Registration, Registry};

use crate::faults::{child, given_job};
use crate::support::{CLAIMED, NAME, database, new_version, production, registry};

/// Does the job that the parent process named; without one there is nothing to do.
#[test]
fn the_job_of_a_child_process() {
    let Some((job, folder)) = given_job() else { return };
    // strace counts the calls of each thread; the harness's own thread has opened, written and closed a few
    // files by now, and its N-th call must not be taken for the N-th of this thread.
    for _ in 0..64 {
        let mut nothing = std::fs::File::options().write(true).open("/dev/null").expect("opened");
        std::io::Write::write_all(&mut nothing, b" ").expect("written");
    }
    if let Err(error) = run(&job, &folder, registry(&folder)) {
        panic!("HML {} {error}", error.kind().code());
    }
}

/// A job's words: its name, then what it works on.
fn run(job: &str, folder: &Path, registry: EmbeddedRegistry) -> Result<(), Error> {
    let words: Vec<&str> = job.split(' ').collect();
    match words.as_slice() {
        ["register"] => registry.register(new_version(NAME)).map(drop),
        ["register-production"] => {
            let mut new = new_version(NAME);
            new.stage = Stage::Production;
            new.expected_champion =
                registry.versions(NAME)?.iter().find(|version| version.stage == Stage::Production).map(|version| version.version);
            registry.register(new).map(drop)
        }
        ["register-by-hand"] => {
            let stated = Stated { name: NAME.into(), metrics: BTreeMap::from([("mae".into(), 1.0)]), ..Stated::default() };
            let files = vec![ArtifactFile::new("MLmodel", b"flavors: {}".to_vec())];
            transfer::register_by_hand(&registry, stated, files).map(drop)
        }
        ["export", version] => {
            let version = registry.observe(NAME)?.live(number(version))?.clone();
            write_whole(&folder.join("made.tar"), &transfer::export(&Registry::complete(registry.clone()), &version)?.to_bytes()?)
        }
        ["measure"] => {
            let measurement = Measurement {
                model: CLAIMED.into(),
                version: 1,
                kind: "duration".into(),
                metrics: BTreeMap::from([("mae".into(), 7.5)]),
                ticket_count: 40,
                doubtful_count: 0,
                from: 0,
                to: 1,
            };
            registry.record_measurement(&measurement, None).map(drop)
        }
        ["import"] => {
            let file = folder.join("given.tar");
            let bytes = std::fs::read(&file).map_err(|source| Error::file("read", &file, &source))?;
            transfer::import(&registry, Bundle::from_bytes("given.tar", &bytes)?, Some("imported")).map(drop)
        }
        ["read"] => {
            for _ in 0..10 {
                assert!(production(&registry, NAME).is_some(), "nothing in Production");
                let output = child("hivectl ml models list ticket-duration-predictor -o json", folder, &[]).output().expect("hivectl runs");
                let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
                let items = document["data"]["items"].as_array().expect("versions");
                assert_eq!(items.iter().filter(|item| item["stage"] == "Production").count(), 1, "{document:#}");
            }
            Ok(())
        }
        ["hold"] => {
            let connection = database(folder);
            connection.execute_batch("BEGIN IMMEDIATE; UPDATE model_versions SET description = 'half' WHERE version = 1").expect("locked");
            std::fs::write(folder.join("held"), "").expect("told");
            std::thread::sleep(std::time::Duration::from_secs(60));
            Ok(())
        }
        other => panic!("there is no job called {other:?}"),
    }
}

fn number(word: &str) -> u32 {
    word.parse().expect("a version")
}
