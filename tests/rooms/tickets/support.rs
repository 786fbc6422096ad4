//! Files and tickets for the tests.

use std::fs;
use std::path::PathBuf;

use hivectl::error::{Error, Result};
use hivectl::source::TicketFiles;
use hivectl::ticket::{FieldPaths, LabelRule, Quality, Ticket, TicketFilter};

pub use crate::common::gzip::gzip;

/// A folder of its own for a test, gone afterwards.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file and says where it is.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path.display().to_string()
    }
}

/// What a shared file is called, where it is there.
pub fn shared(path: &str) -> Option<String> {
    crate::common::shared::shared(path).map(|found| found.display().to_string())
}

pub fn zstd(content: impl AsRef<[u8]>) -> Vec<u8> {
    zstd::encode_all(content.as_ref(), 1).unwrap()
}

/// A ticket with nothing wrong about it, on one line.
pub fn line(id: u32) -> String {
    format!(
        r#"{{"ticket_id":"t-{id}","task_type":"BUILD","risk_band":"low","status":"COMPLETED","estimated_duration_ms":60000,"created_at":{},"actual_duration_ms":50000}}"#,
        1_767_265_200_000_u64 + u64::from(id) * 1000
    )
}

pub fn lines(count: u32) -> String {
    (0..count).map(|id| line(id) + "\n").collect()
}

/// All tickets of the files and where each stood.
pub fn read(files: &[&str]) -> Result<Vec<(Ticket, String)>> {
    read_with(files, FieldPaths::default())
}

pub fn read_with(files: &[&str], paths: FieldPaths) -> Result<Vec<(Ticket, String)>> {
    let files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
    let mut tickets = Vec::new();
    TicketFiles::open(&files, paths)?.for_each(&mut |ticket, place| {
        tickets.push((ticket, place.to_string()));
        Ok(())
    })?;
    Ok(tickets)
}

/// The tickets alone.
pub fn tickets(file: &str) -> Vec<Ticket> {
    read(&[file]).unwrap().into_iter().map(|(ticket, _)| ticket).collect()
}

pub fn failure(file: &str) -> Error {
    match read(&[file]) {
        Err(error) => error,
        Ok(tickets) => panic!("{file}: {} tickets were read", tickets.len()),
    }
}

/// What became of the tickets of a file.
pub fn quality(file: &str) -> Quality {
    let mut filter = TicketFilter::new(LabelRule::default(), None);
    for (ticket, _) in read(&[file]).unwrap() {
        // What is refused is counted.
        let _ = filter.admit(&ticket);
    }
    filter.into_quality()
}
