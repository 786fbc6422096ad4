//! Writes: data to stdout, everything else to stderr, in the form that was asked for.

use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use super::arguments::{GlobalArgs, OutputFormat};
use super::report::Report;
use super::suggestion::CommandPlace;
use super::view::Screen;
use crate::api::Envelope;
use crate::base::yaml;
use crate::error::Result;
use crate::lifecycle::VersionId;
use crate::ops::settings::switch;

/// Whether a printer has written anything to stdout; looked at by who ends the process from another thread.
#[derive(Clone, Default)]
pub struct WrittenOutput(Arc<AtomicBool>);

impl WrittenOutput {
    /// Writes to stdout where nothing was written to it, nor is being written.
    pub fn write_unless_written(&self, text: &str) {
        if self.0.load(Ordering::Acquire) {
            return;
        }
        let mut stdout = anstream::stdout().lock();
        if !self.0.swap(true, Ordering::AcqRel) {
            drop(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()));
        }
    }
}

/// Where and how to write.
pub struct Printer {
    pub form: OutputFormat,
    pub quiet: bool,
    /// Whether bars may be drawn on stderr.
    pub animated: bool,
    screen: Screen,
    written: WrittenOutput,
    place: CommandPlace,
}

impl Printer {
    /// Looks at the terminal once.
    pub fn new(global: &GlobalArgs) -> Printer {
        // A word that says neither is refused once somebody can be told.
        let switched = || switch("HIVECTL_ACCESSIBLE").unwrap_or(Some(true)).unwrap_or(false);
        let accessible = global.accessible || set("ACCESSIBLE") || switched();
        let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
        let animated = std::io::stderr().is_terminal() && !accessible && !dumb && !set("CI") && !global.quiet;
        let screen = Screen::of_stdout(accessible || dumb);
        Printer {
            form: global.output.unwrap_or_default(),
            quiet: global.quiet,
            animated,
            screen,
            written: WrittenOutput::default(),
            place: CommandPlace::typed(global),
        }
    }

    /// Where the commands that it prints are meant to run.
    pub fn place(&self) -> &CommandPlace {
        &self.place
    }

    /// What stdout can show.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// Whether anything was written to stdout, for another thread.
    pub fn written(&self) -> WrittenOutput {
        self.written.clone()
    }

    /// Writes a report and answers with the exit code of the process.
    pub fn report(&self, report: &Report, context: Option<&str>) -> u8 {
        for warning in &report.warnings {
            let warning = super::sanitize::line(warning);
            self.note_block(&self.folded(&format!("warning: {warning}")));
        }
        if !report.streamed {
            let text = match self.render(report, context) {
                Ok(text) => text,
                Err(error) => return super::failure::print(error, self),
            };
            if !self.write_stdout(&text) {
                return super::failure::STDOUT_FAILED;
            }
        }
        if !self.quiet && matches!(self.form, OutputFormat::Table | OutputFormat::Wide) {
            for command in &report.next {
                self.note(&format!("next: {command}"));
            }
        }
        report.exit_code
    }

    fn render(&self, report: &Report, context: Option<&str>) -> Result<String> {
        Ok(match self.form {
            OutputFormat::Table => (report.text)(&self.screen),
            OutputFormat::Csv => super::rows::csv(report)?,
            OutputFormat::Wide => (report.text)(&self.screen.wide()),
            OutputFormat::Json => format!("{:#}\n", document(report, context)),
            OutputFormat::Yaml => yaml::to_string(&document(report, context)).unwrap_or_default(),
            OutputFormat::Name => report.names.iter().map(|name| format!("{name}\n")).collect(),
            OutputFormat::Jsonl => {
                let lines = report.items().unwrap_or_else(|| std::slice::from_ref(&report.data));
                lines.iter().map(|line| format!("{line}\n")).collect()
            }
        })
    }

    /// A line for stderr, folded where that is a terminal.
    pub fn folded(&self, line: &str) -> String {
        match std::io::stderr().is_terminal() {
            true => super::view::table::folded_text(line, &self.screen),
            false => line.to_owned(),
        }
    }

    /// A question on stderr; the cursor stays behind it.
    pub fn question(&self, text: &str) {
        let mut stderr = anstream::stderr().lock();
        let _ = write!(stderr, "{text} ").and_then(|()| stderr.flush());
    }

    /// One line on stderr; a broken stderr is nobody's loss.
    pub fn note(&self, line: &str) {
        self.note_block(&super::sanitize::line(line));
    }

    /// Several lines on stderr, already made harmless.
    pub fn note_block(&self, text: &str) {
        let text = if self.screen.plain { super::sanitize::in_ascii(text) } else { text.to_owned() };
        let _ = writeln!(anstream::stderr().lock(), "{text}");
    }

    /// Writes to stdout; `false` when that failed for another reason than a reader that left.
    pub fn write_stdout(&self, text: &str) -> bool {
        self.written.0.store(true, Ordering::Release);
        let mut stdout = anstream::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Ok(()) => true,
            Err(error) if error.kind() == ErrorKind::BrokenPipe => true,
            Err(error) => {
                self.note(&format!("error: cannot write the result: {error}"));
                false
            }
        }
    }
}

/// The envelope around every JSON answer.
fn document(report: &Report, context: Option<&str>) -> Value {
    let mut data = report.data.clone();
    name_things(&mut data);
    if let (true, Some(fields)) = (report.exit_code != 0, data.as_object_mut()) {
        fields.insert("exit_code".into(), report.exit_code.into());
    }
    let envelope = Envelope {
        schema: report.schema.to_owned(),
        generated_at: super::view::time::now(),
        context: context.map(str::to_owned),
        data,
        warnings: report.warnings.clone(),
    };
    // Text, lists and values that are JSON already can be written.
    serde_json::to_value(envelope).unwrap_or_default()
}

/// A model and its version are called `name` and `version` wherever they are told of, beside what else they are called there.
/// Rows about tickets have no name of their own.
fn name_things(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(name_things),
        Value::Object(fields) => {
            fields.values_mut().for_each(name_things);
            if fields.contains_key("ticket_id") {
                return;
            }
            let name = ["model", "model_name"].into_iter().find_map(|key| fields.get(key).filter(|name| name.is_string()).cloned());
            let version = fields.get("model_version").filter(|version| version.is_u64()).cloned();
            // `NAME@7` names both.
            let both = name.as_ref().and_then(Value::as_str).and_then(|text| text.parse::<VersionId>().ok());
            let (name, version) = match both {
                Some(id) => (Some(Value::from(id.name)), version.or(Some(Value::from(id.version)))),
                None => (name, version),
            };
            for (usual, found) in [("name", name), ("version", version)] {
                if let Some(found) = found {
                    fields.entry(usual).or_insert(found);
                }
            }
        }
        _ => {}
    }
}

fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}
