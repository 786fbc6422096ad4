//! A runbook gone through step by step.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::record;
use crate::api::models::ListModelsRequest;
use crate::api::runbook::{NewestVersionRequest, RunbookContext, RunbookRun, RunbookRunStep};
use crate::base::command_line::quoted;
use crate::base::commands;
use crate::base::write_whole;
use crate::cli::interrupt::RunbookSoFar;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::{prompt, view};
use crate::error::{Error, ErrorKind, Result};
use crate::runbook::{Entry, Expected, Outcome, Runbook, Step, StepKind, Transcript, filled};

/// One run on its way.
pub struct StepRun<'a> {
    pub session: &'a Session<'a>,
    pub context: RunbookContext,
    pub book: Runbook,
    pub file: PathBuf,
    pub transcript: Transcript,
    /// The steps of this process.
    pub entries: Vec<(Entry, StepKind)>,
}

/// How the steps of one process ended.
enum Ended {
    /// Every step is behind.
    Behind,
    /// What came out is not what the runbook says, and nobody said to go on; why, for people.
    Stopped(String),
}

impl StepRun<'_> {
    /// Goes through the steps that are left, and tells what came of all.
    pub fn finish(mut self) -> Result<Report> {
        self.keep(None)?;
        self.session.printer.note(&self.context.place);
        let ended = self.go()?;
        Report::of(self.report(ended))
    }

    fn go(&mut self) -> Result<Ended> {
        let total = self.book.steps.len();
        // What came out wrong for who went on by --resume is known to them.
        let mut wrong: Option<String> = None;
        while let Some(step) = self.book.steps.get(self.transcript.done()).cloned() {
            let number = self.transcript.done() + 1;
            if let Some(wrong) = wrong.as_ref().filter(|_| self.session.global.yes && step.kind == StepKind::Change) {
                return Ok(Ended::Stopped(format!("stopped before step {number} ({}), which changes something: {wrong}", step.title)));
            }
            let line = self.filled(&step);
            let shown = crate::cli::sanitize::line(&line);
            self.session.printer.note_block(&format!("\n{number}/{total} {}\n{}\n  $ {shown}", step.title, step.text));
            let entry = match step.kind {
                StepKind::External => self.told(&step, line),
                StepKind::Look => self.run(&step, line)?,
                StepKind::Change if self.agreed(&step, &line)? => self.run(&step, line)?,
                StepKind::Change => self.entry(&step, line, Outcome::PassedOver, String::new()),
            };
            self.session.printer.note(&format!("  {}", entry.outcome.words()));
            let unexpected = matches!(entry.outcome, Outcome::Unexpected(_));
            let came = format!("step {number} ({}) was {}", step.title, entry.outcome.words());
            self.transcript.add(&entry);
            self.entries.push((entry, step.kind));
            self.keep(None)?;
            if !unexpected {
                continue;
            }
            let asks = number < total && !self.session.global.yes;
            if asks && prompt::yes(self.session.terminal, &prompt::RUNBOOK, "Go on all the same?").is_err() {
                return Ok(Ended::Stopped(format!("stopped: {came}")));
            }
            wrong.get_or_insert(came);
        }
        Ok(Ended::Behind)
    }

    fn filled(&self, step: &Step) -> String {
        let known = |name: &str| self.transcript.values.iter().find(|(word, _)| word == name).map(|(_, value)| value.clone());
        let model = known("model").unwrap_or_default();
        step.filled(|name| {
            let newest =
                || self.session.run(&NewestVersionRequest { model: model.clone() }).ok().flatten().map(|version| version.to_string());
            known(name).or_else(|| (name == "latest").then(newest).flatten()).map(|value| quoted(&value))
        })
    }

    /// Asks before a change. A no passes the step over; where nobody can answer the run ends and can be resumed.
    fn agreed(&self, step: &Step, line: &str) -> Result<bool> {
        let refused = |error: Error, answer: &[&str]| {
            Error::new(error.kind(), error.message()).because(format!("step {} would run: {line}", self.transcript.done() + 1)).hint((
                "go on with `",
                record::resume(&self.file, answer),
                "`",
            ))
        };
        prompt::can_say_yes(self.session.terminal, &prompt::RUNBOOK).map_err(|error| refused(error, &["--yes"]))?;
        if let (true, Some(context)) = (self.context.protected, &self.context.context) {
            let typed = prompt::typed(self.session.terminal, &prompt::PROTECTED, &prompt::by_name(self.session.terminal, context));
            typed.map_err(|error| refused(error, &["--confirm", context]))?;
        }
        Ok(prompt::yes(self.session.terminal, &prompt::RUNBOOK, &format!("Run it? ({})", step.title)).is_ok())
    }

    fn told(&self, step: &Step, line: String) -> Entry {
        match prompt::told(self.session.terminal, "This line is for another tool. What came out?").filter(|answer| !answer.is_empty()) {
            Some(answer) => self.entry(step, line, Outcome::Told, answer),
            None => self.entry(step, line, Outcome::Untold, String::new()),
        }
    }

    fn entry(&self, step: &Step, line: String, outcome: Outcome, output: String) -> Entry {
        let changes = step.kind == StepKind::Change;
        Entry { title: step.title.clone(), line, changes, at: view::time::now(), duration_ms: 0, exit_code: None, output, outcome }
    }

    fn run(&self, step: &Step, line: String) -> Result<Entry> {
        let words = shlex::split(&line).unwrap_or_default();
        let program = std::env::current_exe()
            .map_err(|error| Error::new(ErrorKind::Internal, "hivectl does not know its own place").because(error))?;
        let mut command = Command::new(program);
        command.args(words.iter().skip(1)).stdin(Stdio::null());
        let global = self.session.global;
        for (flag, value) in [("--registry", &global.registry), ("--workspace", &global.workspace), ("--context", &global.context)] {
            if let Some(value) = value {
                command.args([flag, value]);
            }
        }
        // Who agreed to this step has typed the context's name, which a command without a name of its own asks for.
        let agreed = step.kind == StepKind::Change && self.context.protected && !words.iter().any(|word| word == "--confirm");
        if let Some(context) = self.context.context.as_ref().filter(|_| agreed) {
            command.args(["--confirm", context]);
        }
        if step.kind == StepKind::Change {
            self.keep(Some(step))?;
        }
        let had_models = self.has_models();
        let (entry, started) = (self.entry(step, line, Outcome::AsExpected, String::new()), Instant::now());
        let output = command.output().map_err(|error| Error::new(ErrorKind::NotAllowed, "hivectl cannot start itself").because(error))?;
        let printed = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if !self.session.global.quiet {
            self.session.printer.note_block(printed.trim_end());
        }
        let not_found = Some(i32::from(ErrorKind::ModelNotFound.exit_code()));
        let outcome = match judged(self.expected(step).as_ref(), output.status.code(), &printed) {
            // Where nothing serves yet, a look that finds nothing is no reason to end before the step that trains.
            Outcome::Unexpected(_) if step.kind == StepKind::Look && output.status.code() == not_found && !had_models => {
                Outcome::NothingYet
            }
            outcome => outcome,
        };
        Ok(Entry { duration_ms: started.elapsed().as_millis(), exit_code: output.status.code(), outcome, output: printed, ..entry })
    }

    /// Whether the registry has a model; one that cannot be asked may.
    fn has_models(&self) -> bool {
        self.session.run(&ListModelsRequest::default()).map_or(true, |list| !list.items.is_empty())
    }

    /// What a step should come to, with the words of this run.
    fn expected(&self, step: &Step) -> Option<Expected> {
        let known = |name: &str| self.transcript.values.iter().find(|(word, _)| word == name).map(|(_, value)| value.clone());
        let expected = step.expected.as_ref()?;
        let words = expected.words.iter().map(|word| filled(word, known)).collect();
        Some(Expected { exit_codes: expected.exit_codes.clone(), words })
    }

    /// Writes the record, and tells who interrupts how far the run is; `under_way` is a change that begins now.
    fn keep(&self, under_way: Option<&Step>) -> Result<()> {
        let under_way = under_way.map(|step| format!("step {} ({})", self.transcript.done() + 1, step.title));
        let resume = record::resume(&self.file, &[]);
        self.session.interruption.runbook(RunbookSoFar { resume, changed: self.transcript.changed(), under_way });
        write_whole(&self.file, self.transcript.to_file().as_bytes())
    }

    fn report(self, ended: Ended) -> RunbookRun {
        let open = self.open();
        let stopped_because = match ended {
            Ended::Behind => None,
            Ended::Stopped(why) => Some(why),
        };
        let finished = stopped_because.is_none();
        let came_well = finished && self.transcript.steps.iter().all(|step| step.outcome.is_well());
        // What only looked for a model that is still not there has found out nothing.
        let looked_in_vain = self.transcript.steps.iter().any(|step| step.outcome == Outcome::NothingYet) && !self.has_models();
        let all_well = came_well && !looked_in_vain;
        let next = match finished {
            true if looked_in_vain => Some(commands::train_on(self.tickets())),
            true => (!all_well).then(|| record::anew(&self.transcript)),
            false => Some(record::resume(&self.file, &[])),
        };
        let step = |(entry, kind): (Entry, StepKind)| RunbookRunStep {
            verdict: entry.outcome.words(),
            title: entry.title,
            kind,
            command: entry.line,
            at: entry.at,
            duration_ms: u64::try_from(entry.duration_ms).unwrap_or(u64::MAX),
            exit_code: entry.exit_code,
            output: entry.output,
        };
        RunbookRun {
            left_count: self.book.steps.len() - self.transcript.done(),
            id: self.book.id,
            finished,
            all_well,
            stopped_because,
            transcript: self.file,
            open,
            next,
            items: self.entries.into_iter().map(step).collect(),
        }
    }

    /// The place of the tickets of this run.
    fn tickets(&self) -> String {
        let tickets = self.transcript.values.iter().find(|(word, _)| word == "tickets").map(|(_, value)| value.clone());
        tickets.unwrap_or_else(|| "FILE".to_owned())
    }

    /// The steps behind that nobody can call done, with what is to be known of each.
    fn open(&self) -> Vec<String> {
        let steps = self.transcript.steps.iter().enumerate();
        let open = steps.filter(|(_, step)| !matches!(step.outcome, Outcome::AsExpected | Outcome::Told));
        open.map(|(index, step)| format!("step {} ({}) was {}: {}", index + 1, step.title, step.outcome.words(), step.line)).collect()
    }
}

/// Whether a command came to what the runbook says.
fn judged(expected: Option<&Expected>, code: Option<i32>, printed: &str) -> Outcome {
    let Some(expected) = expected else { return Outcome::AsExpected };
    let code = code.and_then(|code| u8::try_from(code).ok());
    if !code.is_some_and(|code| expected.exit_codes.contains(&code)) {
        let wanted: Vec<String> = expected.exit_codes.iter().map(u8::to_string).collect();
        let code = code.map_or("none".into(), |code| code.to_string());
        // What the command itself says of it, with its numbers.
        let error = printed.lines().find_map(|line| line.strip_prefix("error: ")).map(|error| format!(": {error}")).unwrap_or_default();
        return Outcome::Unexpected(format!("exit code {code}, expected {}{error}", wanted.join(" or ")));
    }
    match expected.missing(printed) {
        Some(word) => Outcome::Unexpected(format!("'{word}' is not in the output")),
        None => Outcome::AsExpected,
    }
}
