//! Real job logs are read whole; how fast is printed and not asserted.

use std::time::Instant;

use hivectl::source::TicketFiles;
use hivectl::ticket::{FieldPaths, LabelRule, TicketFilter, TicketStatus};

use super::support::shared;

#[test]
fn real_job_logs_are_read_whole() {
    for (log, tickets, ended) in [("kth-sp2", 28_468, 20_524), ("ctc-sp2", 77_199, 60_548), ("sdsc-blue", 232_536, 195_582)] {
        let Some(path) = shared(&format!("data/jobs/{log}.ndjson.gz")) else { return };
        let files = TicketFiles::open(std::slice::from_ref(&path), FieldPaths::default()).unwrap();
        let begun = Instant::now();
        let mut filter = TicketFilter::new(LabelRule::default(), None);
        let mut place = String::new();
        files
            .for_each(&mut |ticket, at| {
                assert!(ticket.unusable.is_none() && !ticket.requester.is_empty(), "{at}: {ticket:?}");
                place = at.to_string();
                // What is refused is counted.
                let _ = filter.admit(&ticket);
                Ok(())
            })
            .unwrap();
        let quality = filter.into_quality();
        eprintln!("{log}: {:.3} s: {}", begun.elapsed().as_secs_f64(), quality.sentence());
        assert_eq!((quality.read(), quality.used()), (tickets, ended));
        assert_eq!(place, format!("{path}:{tickets}"));
    }
}

#[test]
fn configured_fields_are_found_in_real_logs() {
    let Some(path) = shared("data/jobs/kth-sp2.ndjson.gz") else { return };
    let paths =
        FieldPaths { executable: "parameters.queue".parse().ok(), size: "parameters.processors".parse().ok(), ..FieldPaths::default() };
    let mut first = None;
    let mut failed = 0;
    let files = TicketFiles::open(&[path], paths).unwrap().with_threads(1);
    files
        .for_each(&mut |ticket, _| {
            failed += u32::from(ticket.status == TicketStatus::Failed);
            first.get_or_insert(ticket);
            Ok(())
        })
        .unwrap();
    let first = first.unwrap();
    assert_eq!((first.requester.as_str(), first.executable.as_str(), first.size), ("user-12", "-1", Some(4.0)));
    assert_eq!((first.parameters_size, first.capabilities_count), (65, 3));
    assert_eq!(failed, 28_468 - 20_524);
}
