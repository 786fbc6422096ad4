//! `hivectl ml predict`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::tickets::TicketArgs;
use crate::api::predict::{PredictRequest, PredictionRow, PredictionSink};
use crate::cli::arguments::OutputFormat;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::VerbSpec;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::TypedInstructions;
use crate::lifecycle::ModelRef;

/// Rows that a table for people shows.
const SHOWN: usize = 20;

/// Use a registered model on tickets
///
/// Says of each ticket how long it will take, within which interval, and how likely it is to breach its
/// SLA; or how unusual it is, of which type, and which features made it so. Reads tickets as a stream of
/// any length. Changes nothing in the registry; with --out it writes one file.
#[derive(Debug, Args)]
pub struct PredictArgs {
    /// Model to use: NAME, NAME@7, NAME#production or a kind such as duration
    #[arg(long, value_name = "REF", add = complete::references())]
    pub model: ModelRef,

    #[command(flatten)]
    pub source: TicketArgs,

    /// Give reasons for every ticket
    #[arg(long)]
    pub explain: bool,

    /// File to write: .csv, .parquet, .jsonl or .ndjson
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

pub const SPEC: VerbSpec = VerbSpec {
    words: "ml predict",
    examples: &[
        ("How long tickets will take", "hivectl ml predict --model duration --tickets tickets.parquet --out p.parquet"),
        ("Which tickets are unusual, and why", "hivectl ml predict --model anomaly --explain --tickets tickets.parquet -o jsonl"),
        ("As a table file", "hivectl ml predict --model duration --tickets tickets.parquet --out p.csv"),
    ],
    exit_codes: &[4, 9, 10, 11, 13, 14],
    changes: "Nothing in the registry; with --out it writes that file.",
    has_rows: true,
    ..VerbSpec::READING
};

impl PredictArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let request = PredictRequest {
            model: self.model.clone(),
            tickets: self.source.tickets(),
            typed: self.source.typed(TypedInstructions::default()),
            explain: self.explain,
            out: self.out.clone(),
        };
        let print = &mut |rows: &[PredictionRow]| print(session, rows);
        let (sink, streamed) = match session.printer.form {
            OutputFormat::Table | OutputFormat::Wide => (PredictionSink::First(SHOWN), false),
            OutputFormat::Json | OutputFormat::Yaml | OutputFormat::Name => (PredictionSink::All, false),
            OutputFormat::Jsonl => (PredictionSink::Rows(print), true),
            OutputFormat::Csv => (PredictionSink::Csv(Box::new(Leavable(std::io::stdout()))), true),
        };
        let report = Report::of(session.operations().predict(&request, sink)?)?;
        Ok(Report { streamed: streamed && self.out.is_none(), ..report })
    }
}

/// Writes one JSON object a line to stdout.
fn print(session: &Session<'_>, rows: &[PredictionRow]) -> Result<()> {
    let mut lines = String::new();
    for row in rows {
        let unwritten = |error| Error::new(ErrorKind::Internal, "a prediction cannot be written").because(error);
        lines.push_str(&serde_json::to_value(row).map_err(unwritten)?.to_string());
        lines.push('\n');
    }
    match session.printer.write_stdout(&lines) {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::FileAccess, "cannot write predictions to stdout")),
    }
}

/// A stream whose reader may leave: what is written after that goes nowhere, and that is no failure.
struct Leavable(std::io::Stdout);

impl Write for Leavable {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}
