//! Tickets from files, as an operator meets them.

use std::path::PathBuf;
use std::time::Instant;

use hivectl::source::TicketFiles;
use hivectl::ticket::{FieldPaths, Intake, LabelRule};

fn shared(path: &str) -> Option<PathBuf> {
    let root =
        std::env::var_os("HIVECTL_SHARED").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let found = root.join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("SKIPPED: {} is not there", found.display());
    None
}

#[test]
fn real_job_logs_are_read_whole() {
    for (file, tickets) in [("kth-sp2", 28_468), ("ctc-sp2", 77_199), ("sdsc-blue", 232_536)] {
        let Some(path) = shared(&format!("data/jobs/{file}.ndjson.gz")) else { return };
        let files = TicketFiles::open(&[path.display().to_string()], FieldPaths::default()).unwrap();
        let begun = Instant::now();
        let mut intake = Intake::new(LabelRule::default(), None);
        files
            .for_each(&mut |ticket, _| {
                let _ = intake.admit(&ticket);
                Ok(())
            })
            .unwrap();
        eprintln!("{file}: {:?}: {}", begun.elapsed(), intake.quality().sentence());
        assert_eq!(intake.quality().read(), tickets);
    }
}
