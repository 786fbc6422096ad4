//! `hivectl runbook run`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use clap::Args;
use serde_json::json;

use super::show::kind;
use super::{LanguageWord, find, language, words};
use crate::cli::prompt;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::view;
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::registry::write_whole;
use crate::runbook::{Entry, Expected, Runbook, Step, StepKind, Transcript, filled};

/// Go through a runbook step by step, and keep a record
///
/// Shows each command before it runs, and asks before those that change something; a line for another tool is shown, and
/// what came out is asked. The record (Markdown, for the post-mortem) holds every output with its time; after Ctrl-C or
/// a closed terminal the run goes on with --resume.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Name of the runbook
    pub id: String,

    /// Language; otherwise that of LANG
    #[arg(long, value_enum)]
    pub lang: Option<LanguageWord>,

    /// What a word of the commands stands for, such as tickets=logs.ndjson (can be repeated)
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = words::pair)]
    pub values: Vec<(String, String)>,

    /// File for the record [default: runbook-ID-TIME.md in the working folder]
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    pub transcript: Option<PathBuf>,

    /// Go on with the run that this record is of
    #[arg(long, value_name = "FILE")]
    pub resume: Option<PathBuf>,
}

/// One run on its way.
struct Run<'a> {
    session: &'a Session<'a>,
    settings: Settings,
    book: Runbook,
    file: PathBuf,
    transcript: Transcript,
    entries: Vec<(Entry, StepKind)>,
}

impl RunArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let book = find(&self.id, language(self.lang))?;
        let settings = session.settings(&session.flags())?;
        let now = jiff::Timestamp::now();
        let (file, transcript) = match &self.resume {
            Some(file) => (file.clone(), self.left(file)?),
            None => {
                let usual = || PathBuf::from(format!("runbook-{}-{}.md", book.id, now.strftime("%Y%m%dT%H%M%SZ")));
                let values = self.known(&book, &settings)?;
                let actor = crate::ops::actor_of_process();
                let by = format!("{}@{}", actor.user, actor.host);
                let begun = Transcript::begin(&book.id, &book.title, &format!("{now:.0}"), &by, &place(&settings), values);
                (self.transcript.clone().unwrap_or_else(usual), begun)
            }
        };
        let mut run = Run { session, settings, book, file, transcript, entries: Vec::new() };
        run.keep()?;
        let finished = run.go()?;
        Ok(run.report(finished))
    }

    /// The values of a new run.
    fn known(&self, book: &Runbook, settings: &Settings) -> Result<Vec<(String, String)>> {
        let typed = |name: &str| self.values.iter().find(|(word, _)| word == name).map(|(_, value)| value.clone());
        let value = |name: &str| typed(name).or_else(|| words::usual(name, settings));
        words::missing(book, value)?;
        Ok(book.variables().into_iter().filter_map(|name| value(&name).map(|value| (name, value))).collect())
    }

    fn left(&self, file: &Path) -> Result<Transcript> {
        let text = std::fs::read_to_string(file).map_err(|error| Error::file("read the record", file, &error))?;
        match Transcript::from_file(&text) {
            Some(transcript) if transcript.id == self.id => Ok(transcript),
            Some(other) => Err(Error::new(ErrorKind::Usage, format!("{} is the record of the runbook {}", file.display(), other.id))
                .hint(format!("type `hivectl runbook run {} --resume {}`", other.id, file.display()))),
            None => Err(Error::new(ErrorKind::BadInput, format!("{} is no record of a runbook", file.display()))
                .hint(format!("begin anew: `hivectl runbook run {}`", self.id))),
        }
    }
}

/// The line that says where the run works.
fn place(settings: &Settings) -> String {
    let registry = settings.get("registry").map(|setting| format!("registry {} ({})", setting.shown(), setting.origin)).unwrap_or_default();
    match &settings.context {
        Some(context) => format!("{registry}; context {context}{}", if settings.protected() { " [protected]" } else { "" }),
        None => registry,
    }
}

impl Run<'_> {
    /// Goes through the steps that are left; `false` where one did not come out as expected and nobody said to go on.
    fn go(&mut self) -> Result<bool> {
        let total = self.book.steps.len();
        self.session.printer.note(&place(&self.settings));
        while let Some(step) = self.book.steps.get(self.transcript.done).cloned() {
            let line = self.filled(&step);
            let number = self.transcript.done + 1;
            self.session.printer.note_block(&format!(
                "\n{number}/{total} {}\n{}\n  $ {}",
                step.title,
                step.text,
                crate::cli::sanitize::line(&line)
            ));
            let entry = match step.kind {
                StepKind::External => self.told(&step, line),
                StepKind::Look => self.run(&step, line)?,
                StepKind::Change if self.agreed(&step, &line)? => self.run(&step, line)?,
                StepKind::Change => self.entry(&step, line, "passed over", String::new()),
            };
            self.session.printer.note(&format!("  {}", entry.verdict));
            let went_well = entry.exit_code.is_none() || entry.verdict == AS_EXPECTED;
            self.transcript.add(&entry);
            self.entries.push((entry, step.kind));
            self.keep()?;
            if !went_well && number < total && prompt::yes(self.session, &prompt::RUNBOOK, "Go on all the same?").is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn filled(&self, step: &Step) -> String {
        let known = |name: &str| self.transcript.values.iter().find(|(word, _)| word == name).map(|(_, value)| value.clone());
        let model = known("model").unwrap_or_default();
        step.filled(|name| {
            let newest = || self.session.registry(&self.settings).ok().and_then(|registry| words::latest(registry.as_ref(), &model));
            known(name).or_else(|| (name == "latest").then(newest).flatten()).map(|value| prompt::quoted(&value))
        })
    }

    /// Asks before a change. A no passes the step over; where nobody can answer the run ends and can be resumed.
    fn agreed(&self, step: &Step, line: &str) -> Result<bool> {
        let resume = || format!("go on with `hivectl runbook run {} --resume {} --yes`", self.book.id, self.file.display());
        prompt::can_say_yes(self.session, &prompt::RUNBOOK).map_err(|error| {
            Error::new(error.kind(), error.message()).because(format!("step {} would run: {line}", self.transcript.done + 1)).hint(resume())
        })?;
        if let (true, Some(context)) = (self.settings.protected(), &self.settings.context) {
            prompt::typed(self.session, &prompt::PROTECTED, &prompt::by_name(self.session, context))?;
        }
        Ok(prompt::yes(self.session, &prompt::RUNBOOK, &format!("Run it? ({})", step.title)).is_ok())
    }

    fn told(&self, step: &Step, line: String) -> Entry {
        match prompt::told(self.session, "This line is for another tool. What came out?") {
            Some(answer) => self.entry(step, line, "told by the operator", answer),
            None => self.entry(step, line, "for another tool, not asked", String::new()),
        }
    }

    fn entry(&self, step: &Step, line: String, verdict: &str, output: String) -> Entry {
        Entry { title: step.title.clone(), line, at: view::time::now(), duration_ms: 0, exit_code: None, output, verdict: verdict.into() }
    }

    fn run(&self, step: &Step, line: String) -> Result<Entry> {
        let words = shlex::split(&line).unwrap_or_default();
        let program = std::env::current_exe()
            .map_err(|error| Error::new(ErrorKind::Internal, "hivectl does not know its own place").because(error))?;
        let mut command = Command::new(program);
        command.args(words.iter().skip(1)).stdin(Stdio::null());
        let global = self.session.global;
        for (flag, value) in [("--registry", &global.registry), ("--context", &global.context)] {
            if let Some(value) = value {
                command.args([flag, value]);
            }
        }
        // Who agreed to this step has typed the context's name, which a command without a name of its own asks for.
        if let (true, Some(context)) = (step.kind == StepKind::Change && self.settings.protected(), &self.settings.context) {
            if !words.iter().any(|word| word == "--confirm") {
                command.args(["--confirm", context]);
            }
        }
        let (at, started) = (view::time::now(), Instant::now());
        let output = command.output().map_err(|error| Error::new(ErrorKind::NotAllowed, "hivectl cannot start itself").because(error))?;
        let printed = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if !self.session.global.quiet {
            self.session.printer.note_block(printed.trim_end());
        }
        Ok(Entry {
            title: step.title.clone(),
            line,
            at,
            duration_ms: started.elapsed().as_millis(),
            exit_code: output.status.code(),
            verdict: judged(self.expected(step).as_ref(), output.status.code(), &printed),
            output: printed,
        })
    }

    /// What a step should come to, with the words of this run.
    fn expected(&self, step: &Step) -> Option<Expected> {
        let known = |name: &str| self.transcript.values.iter().find(|(word, _)| word == name).map(|(_, value)| value.clone());
        let expected = step.expected.as_ref()?;
        let words = expected.words.iter().map(|word| filled(word, known)).collect();
        Some(Expected { exit_codes: expected.exit_codes.clone(), words })
    }

    fn keep(&self) -> Result<()> {
        write_whole(&self.file, self.transcript.to_file().as_bytes())
    }

    fn report(self, finished: bool) -> Report {
        let items: Vec<_> = self
            .entries
            .iter()
            .map(|(entry, step)| {
                json!({
                    "title": entry.title,
                    "kind": kind(*step),
                    "command": entry.line,
                    "at": entry.at,
                    "duration_ms": entry.duration_ms,
                    "exit_code": entry.exit_code,
                    "verdict": entry.verdict,
                    "output": entry.output,
                })
            })
            .collect();
        let data = json!({ "id": self.book.id, "finished": finished, "transcript": self.file, "items": items });
        let left = self.book.steps.len() - self.transcript.done;
        let resume = format!("hivectl runbook run {} --resume {}", self.book.id, self.file.display());
        let text = match finished {
            true => format!("every step is done; the record is {}\n", self.file.display()),
            false => format!("{} left; the record is {}\n", crate::ops::counted(left, "step"), self.file.display()),
        };
        let mut report = Report::plain("hivectl.runbook.run/v1", text).with_data(data);
        if !finished {
            report.exit_code = ErrorKind::PartlyDone.exit_code();
            report.next.push(resume);
        }
        report
    }
}

const AS_EXPECTED: &str = "as expected";

/// Whether a command came to what the runbook says.
fn judged(expected: Option<&Expected>, code: Option<i32>, printed: &str) -> String {
    let Some(expected) = expected else { return AS_EXPECTED.into() };
    let code = code.and_then(|code| u8::try_from(code).ok());
    if !code.is_some_and(|code| expected.exit_codes.contains(&code)) {
        let wanted: Vec<String> = expected.exit_codes.iter().map(u8::to_string).collect();
        return format!(
            "not as expected: exit code {}, expected {}",
            code.map_or("none".into(), |code| code.to_string()),
            wanted.join(" or ")
        );
    }
    match expected.missing(printed) {
        Some(word) => format!("not as expected: '{word}' is not in the output"),
        None => AS_EXPECTED.into(),
    }
}
