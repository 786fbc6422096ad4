//! `hivectl ml predict`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::rounds::RoundsArgs;
use super::tickets::TicketArgs;
use crate::api::Listener;
use crate::api::predict::{PredictReport, PredictRequest, PredictedRows, PredictionRow, ReportedColumn, RowsWanted};
use crate::api::predict_table::{PredictTableReport, PredictTableRequest};
use crate::api::words::{PredictedValue, TypedInstructions, ValueForm};
use crate::cli::arguments::OutputFormat;
use crate::cli::complete;
use crate::cli::printer::Printer;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view::number::{count, metric, milliseconds};
use crate::cli::view::table::{Column, table};
use crate::cli::view::{Screen, View};
use crate::error::{Error, ErrorKind, Result};
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

    #[command(flatten)]
    pub table: TableArgs,

    /// File to write: .csv, .parquet, .jsonl or .ndjson
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Rows of a model's own columns instead of tickets.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rows instead of tickets")]
pub struct TableArgs {
    /// Table of the columns that the model looks at (CSV, Parquet, JSON lines, or a document for MLflow's scoring server), - for
    /// stdin; answers as the library that made the model does
    #[arg(long, value_name = "FILE", conflicts_with_all = ["tickets", "explain", "database", "collection", "requester_field", "executable_field", "size_field"], add = complete::files(&["csv", "parquet", "jsonl", "ndjson", "json", "gz", "zst"]))]
    pub rows: Option<String>,

    /// Tell the probability of every class
    #[arg(long, requires = "rows")]
    pub proba: bool,

    #[command(flatten)]
    pub rounds: RoundsArgs,
}

impl VerbArgs for PredictArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml predict",
        examples: &[
            ("How long tickets will take", "hivectl ml predict --model duration --tickets tickets.parquet --out p.parquet"),
            ("Which tickets are unusual, and why", "hivectl ml predict --model anomaly --explain --tickets tickets.parquet -o jsonl"),
            ("A model of any tool, on a table of its own columns", "hivectl ml predict --model outside@1 --rows rows.csv"),
        ],
        exit_codes: &[4, 9, 10, 11, 13, 14],
        changes: "Nothing in the registry; with --out it writes that file.",
        has_rows: true,
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        let rows = match session.printer.form {
            OutputFormat::Table | OutputFormat::Wide => RowsWanted::First(SHOWN),
            OutputFormat::Json | OutputFormat::Yaml | OutputFormat::Name => RowsWanted::All,
            OutputFormat::Jsonl => RowsWanted::Told,
            OutputFormat::Csv => RowsWanted::ToldAsCsv,
        };
        if let Some(table) = &self.table.rows {
            let request = PredictTableRequest {
                model: self.model.clone(),
                table: table.clone(),
                probabilities: self.table.proba,
                rounds: self.table.rounds.rounds,
                threads: 0,
                out: self.out.clone(),
                rows,
            };
            let report = Report::of(session.stream(&request, &mut RowPrinter(session.printer))?)?;
            return Ok(Report { streamed: matches!(rows, RowsWanted::Told | RowsWanted::ToldAsCsv) && self.out.is_none(), ..report });
        }
        let request = PredictRequest {
            model: self.model.clone(),
            tickets: self.source.tickets(),
            typed: self.source.typed(TypedInstructions::default()),
            rounds: self.table.rounds.rounds,
            explain: self.explain,
            out: self.out.clone(),
            rows,
        };
        let report = Report::of(session.stream(&request, &mut RowPrinter(session.printer))?)?;
        Ok(Report { streamed: matches!(rows, RowsWanted::Told | RowsWanted::ToldAsCsv) && self.out.is_none(), ..report })
    }
}

/// Prints rows while they are made.
struct RowPrinter<'a>(&'a Printer);

impl<R: Serialize> Listener<PredictedRows<R>> for RowPrinter<'_> {
    fn tell(&mut self, rows: &PredictedRows<R>) -> Result<()> {
        match rows {
            PredictedRows::Rows(rows) => self.print(rows),
            PredictedRows::Csv(text) => print_csv(text),
        }
    }
}

impl RowPrinter<'_> {
    /// Writes one JSON object a line to stdout.
    fn print<R: Serialize>(&self, rows: &[R]) -> Result<()> {
        let mut lines = String::new();
        for row in rows {
            let unwritten = |error| Error::new(ErrorKind::Internal, "a prediction cannot be written").because(error);
            lines.push_str(&serde_json::to_value(row).map_err(unwritten)?.to_string());
            lines.push('\n');
        }
        match self.0.write_stdout(&lines) {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::FileAccess, "cannot write predictions to stdout")),
        }
    }
}

/// Writes lines to stdout. A reader that leaves is no failure.
fn print_csv(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::new(ErrorKind::FileAccess, "cannot write the table").because(error).hint("check the free space with `df -h`"))
        }
        _ => Ok(()),
    }
}

impl View for PredictReport {
    fn text(&self, screen: &Screen) -> String {
        let (id, samples) = (self.version(), &self.samples);
        if let Some(file) = &self.file {
            return format!("wrote {} predictions of {id} to {}\n", count(samples.predicted), file.display());
        }
        let first = self.items.as_deref().unwrap_or_default();
        let mut text = format!("model    {id} ({})\ntickets  {}\n", self.chosen_as, self.ticket_summary);
        if self.marks() {
            text.push_str(&format!("marked   {} of {}\n", count(self.anomaly_count), count(samples.predicted)));
        }
        text.push('\n');
        text.push_str(&rows(&self.columns, first, screen));
        let more = samples.predicted.saturating_sub(first.len() as u64);
        if more > 0 {
            text.push_str(&format!("… and {} more: -o jsonl prints all, --out FILE writes them\n", count(more)));
        }
        text
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().flatten().map(|row| row.ticket_id.clone()).collect()
    }

    fn warnings(&self) -> Vec<String> {
        self.notes.clone()
    }
}

impl View for PredictTableReport {
    fn text(&self, screen: &Screen) -> String {
        let id = self.version();
        if let Some(file) = &self.file {
            return format!("wrote {} predictions of {id} to {}\n", count(self.row_count), file.display());
        }
        let first = self.items.as_deref().unwrap_or_default();
        let mut text = format!("model    {id} ({})\nrows     {}\n", self.chosen_as, count(self.row_count));
        if let Some(rounds) = &self.rounds_summary {
            text.push_str(&format!("rounds   {rounds}\n"));
        }
        text.push('\n');
        let heads: Vec<Column<'_>> = std::iter::once(Column::Number("ROW"))
            .chain(
                self.columns
                    .iter()
                    .map(|column| if is_number(column.form) { Column::Number(&column.heading) } else { Column::Text(&column.heading) }),
            )
            .collect();
        let cells = first.iter().map(|row| {
            let values =
                self.columns.iter().map(|column| row.values.get(&column.name).map_or_else(|| "-".into(), |value| cell(value, column.form)));
            std::iter::once(count(row.row)).chain(values).collect()
        });
        text.push_str(&table(&heads, &cells.collect::<Vec<Vec<String>>>(), screen));
        let more = self.row_count.saturating_sub(first.len() as u64);
        if more > 0 {
            text.push_str(&format!("… and {} more: -o jsonl prints all, --out FILE writes them\n", count(more)));
        }
        text
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().flatten().map(|row| row.row.to_string()).collect()
    }

    fn warnings(&self) -> Vec<String> {
        self.notes.clone()
    }
}

fn rows(held: &[ReportedColumn], predictions: &[PredictionRow], screen: &Screen) -> String {
    let features = |row: &PredictionRow| {
        let features = row.reasons.iter().flatten().map(|reason| reason.feature.as_str());
        features.collect::<Vec<_>>().join(", ")
    };
    let explained = predictions.iter().any(|row| row.reasons.as_ref().is_some_and(|reasons| !reasons.is_empty()));
    let mut columns = vec![("TICKET".to_owned(), false)];
    columns.extend(held.iter().map(|column| (column.heading.clone(), is_number(column.form))));
    if explained {
        columns.push(("WHY".to_owned(), false));
    }
    let row = |row: &PredictionRow| {
        let mut cells = vec![row.ticket_id.clone()];
        cells.extend(held.iter().map(|column| row.values.get(&column.name).map_or_else(|| "-".into(), |value| cell(value, column.form))));
        if explained {
            cells.push(features(row));
        }
        cells
    };
    let heads: Vec<Column<'_>> =
        columns.iter().map(|(head, number)| if *number { Column::Number(head) } else { Column::Text(head) }).collect();
    table(&heads, &predictions.iter().map(row).collect::<Vec<_>>(), screen)
}

fn is_number(form: ValueForm) -> bool {
    matches!(form, ValueForm::Milliseconds | ValueForm::Chance | ValueForm::Number)
}

fn cell(value: &PredictedValue, form: ValueForm) -> String {
    match (value, form) {
        (PredictedValue::Whole(value), _) => value.to_string(),
        (PredictedValue::Number(None), _) => "-".into(),
        (PredictedValue::Number(Some(value)), ValueForm::Milliseconds) => milliseconds(*value),
        (PredictedValue::Number(Some(value)), ValueForm::Chance) => format!("{:.0} %", value * 100.0),
        (PredictedValue::Number(value), _) => metric(*value),
        (PredictedValue::Flag(flag), _) => if *flag { "yes" } else { "no" }.into(),
        (PredictedValue::Word(word), _) => word.clone().unwrap_or_else(|| "-".into()),
    }
}
