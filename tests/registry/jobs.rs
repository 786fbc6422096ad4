//! What child processes do for the tests that disturb them.

use hivectl::error::Error;
use hivectl::registry::embedded::EmbeddedRegistry;
use hivectl::registry::{Registry, Stage};

use crate::faults::given_job;
use crate::support::{NAME, new_version, place};

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
    let registry = EmbeddedRegistry::open_or_create(&place(&folder));
    if let Err(error) = run(&job, registry) {
        panic!("HML {} {error}", error.kind().code());
    }
}

fn run(job: &str, mut registry: EmbeddedRegistry) -> Result<(), Error> {
    match job {
        "register" => registry.register(new_version(NAME)).map(drop),
        "register-production" => {
            let mut new = new_version(NAME);
            new.stage = Stage::Production;
            new.expected_champion =
                registry.list()?.iter().find(|model| model.name == NAME).and_then(|model| Some(model.production.as_ref()?.version));
            registry.register(new).map(drop)
        }
        other => panic!("there is no job called {other}"),
    }
}
