//! `hivectl ml predict`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::tickets::TicketArgs;
use crate::cli::arguments::OutputForm;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::VerbSpec;
use crate::cli::view;
use crate::cli::view::number::count;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{PredictedValue, Prediction, PredictionColumn, TypedInstructions, ValueForm};
use crate::lifecycle::ModelRef;
use crate::ops::Resolved;
use crate::ops::predict::{self, PredictReport, PredictRequest};
use crate::source::tables::{Cells, TableWriter};

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
        let mut flags = session.flags();
        self.source.note(&mut flags);
        let settings = session.settings(&flags)?;
        let registry = session.registry_to_load(&settings)?;
        let source = self.source.open(&settings)?;
        let request =
            PredictRequest { reference: self.model.clone(), explain: self.explain, typed: self.source.typed(TypedInstructions::default()) };
        let mut sink = Sink::new(self, session)?;
        let report = predict::run(
            registry.store(),
            session.kinds(),
            &request,
            source.as_ref(),
            &mut |model, columns, answers| sink.take(model, columns, answers),
            &session.progress(),
        )?;
        let notes = report.notes.clone();
        let mut told = sink.finish(report, self)?;
        told.warnings.extend(notes);
        Ok(told)
    }
}

/// Where predictions go while they are made.
enum Sink<'a, 'b> {
    /// The first rows, for a table.
    First(Vec<Prediction>),
    /// All documents, for one JSON or YAML answer.
    All(Vec<Value>),
    /// A file, or stdout, row by row.
    Rows(TableWriter),
    /// One JSON object a line on stdout.
    Lines(&'b Session<'a>),
}

impl<'a, 'b> Sink<'a, 'b> {
    fn new(arguments: &PredictArgs, session: &'b Session<'a>) -> Result<Sink<'a, 'b>> {
        if let Some(path) = &arguments.out {
            return Ok(Sink::Rows(TableWriter::create(path)?));
        }
        Ok(match session.printer.form {
            OutputForm::Table | OutputForm::Wide => Sink::First(Vec::new()),
            OutputForm::Json | OutputForm::Yaml | OutputForm::Name => Sink::All(Vec::new()),
            OutputForm::Jsonl => Sink::Lines(session),
            OutputForm::Csv => Sink::Rows(TableWriter::csv(Leavable(std::io::stdout()))),
        })
    }

    fn take(&mut self, model: &Resolved, columns: &'static [PredictionColumn], answers: &[Prediction]) -> Result<()> {
        match self {
            Sink::First(first) => first.extend(answers.iter().take(SHOWN.saturating_sub(first.len())).cloned()),
            Sink::All(all) => all.extend(answers.iter().map(|answer| view::predict::document(model, columns, answer))),
            Sink::Rows(writer) if writer.takes_documents() => {
                writer.write_documents(answers.iter().map(|answer| view::predict::document(model, columns, answer)))?;
            }
            Sink::Rows(writer) => writer.write(&cells(model, columns, answers))?,
            Sink::Lines(session) => {
                let lines: String = answers.iter().map(|answer| format!("{}\n", view::predict::document(model, columns, answer))).collect();
                if !session.printer.write_stdout(&lines) {
                    return Err(Error::new(ErrorKind::FileAccess, "cannot write predictions to stdout"));
                }
            }
        }
        Ok(())
    }

    fn finish(self, report: PredictReport, arguments: &PredictArgs) -> Result<Report> {
        let mut data = json!({
            "model_name": report.model.version.name,
            "model_version": report.model.version.version,
            "chosen_as": report.model.chosen_as,
            "samples": { "read": report.read, "predicted": report.predicted, "refused": report.read - report.predicted },
            "anomaly_count": report.anomalies,
            "file": arguments.out,
        });
        let schema = "hivectl.ml.predict/v1";
        match self {
            Sink::First(first) => Ok(Report::new(schema, data, move |screen| view::predict::text(&report, &first, screen))),
            Sink::All(all) => {
                let names = all.iter().filter_map(|document| document["ticket_id"].as_str().map(str::to_owned)).collect();
                data["items"] = all.into();
                Ok(Report { names, ..Report::new(schema, data, |_| String::new()) })
            }
            Sink::Rows(writer) => {
                writer.finish()?;
                let Some(path) = &arguments.out else {
                    return Ok(Report { streamed: true, ..Report::new(schema, data, |_| String::new()) });
                };
                let text =
                    format!("wrote {} predictions of {} to {}\n", count(report.predicted), report.model.version.id(), path.display());
                Ok(Report::plain(schema, text).with_data(data))
            }
            Sink::Lines(_) => Ok(Report { streamed: true, ..Report::new(schema, data, |_| String::new()) }),
        }
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

/// A batch as columns, in the order and under the names of the JSON form.
fn cells(model: &Resolved, columns: &'static [PredictionColumn], answers: &[Prediction]) -> Vec<(&'static str, Cells)> {
    let mut cells = vec![("ticket_id", Cells::Text(answers.iter().map(|answer| answer.ticket_id.clone()).collect()))];
    for (place, column) in columns.iter().enumerate() {
        let values = answers.iter().map(|answer| answer.values.get(place));
        let column_cells = match column.form {
            ValueForm::Flag => Cells::Flag(values.map(|value| value == Some(&PredictedValue::Flag(true))).collect()),
            ValueForm::Word => {
                let word = |value: Option<&PredictedValue>| {
                    if let Some(PredictedValue::Word(Some(word))) = value { word.clone() } else { String::new() }
                };
                Cells::Text(values.map(word).collect())
            }
            ValueForm::Milliseconds | ValueForm::Chance | ValueForm::Number => {
                Cells::Number(values.map(|value| if let Some(PredictedValue::Number(number)) = value { *number } else { None }).collect())
            }
        };
        cells.push((column.name, column_cells));
    }
    let names = |answer: &Prediction| answer.reasons.iter().map(|reason| reason.feature.clone()).collect();
    cells.push(("reasons", Cells::Texts(answers.iter().map(names).collect())));
    cells.push(("model_name", Cells::Text(vec![model.version.name.clone(); answers.len()])));
    cells.push(("model_version", Cells::Integer(vec![Some(i64::from(model.version.version)); answers.len()])));
    cells
}
