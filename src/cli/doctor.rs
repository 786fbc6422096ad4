//! `hivectl doctor`.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ml::TicketArgs;
use super::prompt;
use super::report::Report;
use super::session::{Patience, Session};
use super::suggestion::Place;
use super::view;
use crate::config::{Flags, RegistryPlace, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::ops::doctor::runner::{self, Family};
use crate::ops::doctor::{self, Finding, MONGODB, MONGODB_TICKETS, configuration, machine, registry, servers};
use crate::ops::validate::State;
use crate::registry::Changes;
use crate::registry::embedded::{EmbeddedPlace, EmbeddedRegistry};
use crate::source::mongodb::MongoPlace;

/// Check what hivectl stands on, and say what to do about what is wrong
///
/// Looks at the settings and their origins, this machine, the registry (whether it answers, exactly one version in
/// Production, alias against stage, digests, locks and their holders, the audit log), the server with the tickets
/// (whether it answers, its version and clock, rights, indexes, types, labels) and Prometheus, all at once and within
/// five seconds. What is not configured is skipped. The worst stands first; warnings end with 0, a failure with the code
/// of its kind. Changes nothing without --create-indexes.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// What to check (can be repeated, or parted by commas) [default: everything that is configured]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FAMILY")]
    pub check: Vec<CheckWord>,

    /// Write what was found into this file, without secrets, to send to somebody
    #[arg(long, value_name = "FILE")]
    pub bundle: Option<PathBuf>,

    #[command(flatten)]
    pub source: TicketArgs,

    /// Make the indexes that are missing, after a confirmation
    #[arg(long)]
    pub create_indexes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckWord {
    /// The files of settings, the values in force and their origins
    Config,
    /// Folder, disk, clock, terminal
    Machine,
    /// The registry and what must always hold in it
    Registry,
    /// The server with the tickets
    Mongodb,
    /// Tickets in files
    Tickets,
    /// The server with the metrics
    Prometheus,
}

impl DoctorArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let mut flags = session.flags();
        self.source.note(&mut flags);
        // A file that is wrong is a finding like any other; the checks that need its values are left out.
        let settings = session.settings(&flags);
        let mut made = Vec::new();
        if self.create_indexes || self.check == [CheckWord::Mongodb] {
            let settings = settings.as_ref().map_err(|error| Error::new(error.kind(), error.to_string()))?;
            let place = self.server(settings)?.ok_or_else(no_server)?;
            if self.create_indexes {
                prompt::where_protected(session, settings, settings.context.as_deref().unwrap_or("mongodb"))?;
                prompt::yes(session, &prompt::INDEXES, &format!("Make the missing indexes of {place}?"))?;
                made = doctor::create_indexes(&place)?;
            }
        }
        // Asked for by name and alone, a server with many tickets gets the time that looking at all of them takes.
        let patience = match self.check[..] {
            [CheckWord::Mongodb] => self.source.timeout.unwrap_or(runner::PATIENCE).max(runner::PATIENCE),
            _ => runner::PATIENCE,
        };
        let mut findings = runner::run(self.families(session, &flags, settings.as_ref().ok())?, patience);
        let place = Place::typed(session.global);
        for finding in &mut findings {
            finding.remedy = finding.remedy.take().map(|remedy| place.in_text(&remedy));
        }
        let report = view::doctor::report(findings, &made);
        if let Some(path) = &self.bundle {
            let bundle = view::doctor::bundle(&report.data, settings.as_ref().ok());
            crate::registry::write_whole(path, bundle.as_bytes())?;
        }
        Ok(report)
    }

    fn wants(&self, word: CheckWord) -> bool {
        self.check.is_empty() || self.check.contains(&word)
    }

    fn families(&self, session: &Session<'_>, flags: &Flags, settings: Option<&Settings>) -> Result<Vec<Family>> {
        let mut families = Vec::new();
        let place = settings.and_then(|settings| settings.get("registry")).map(RegistryPlace::parse);
        let embedded = match &place {
            Some(Ok(RegistryPlace::Embedded { database, named })) => Some(EmbeddedPlace { database: database.clone(), named: *named }),
            _ => None,
        };
        if self.wants(CheckWord::Config) {
            families.push(configuration::family(flags.clone()));
        }
        if self.wants(CheckWord::Machine) {
            let folder = embedded.as_ref().map(|place| place.database.parent().map(PathBuf::from).unwrap_or_default());
            families.push(machine::family(terminal(session), folder));
        }
        let Some(settings) = settings else { return Ok(families) };
        if self.wants(CheckWord::Registry) {
            let opened = embedded.as_ref().map(EmbeddedRegistry::open).and_then(Result::ok);
            families.extend(registry::families(opener(settings), opener(settings), opened));
        }
        let server = self.server(settings);
        if let (true, Ok(Some(place))) = (self.wants(CheckWord::Mongodb), &server) {
            families.push(mongodb_tickets(place.clone()));
            families.push(mongodb(place.clone()));
        }
        if self.wants(CheckWord::Tickets) && !matches!(server, Ok(Some(_))) {
            let places = match (&self.source.tickets[..], settings.get("tickets")) {
                ([], None) => None,
                ([], Some(setting)) => Some(vec![setting.revealed()?.value]),
                (typed, _) => Some(typed.to_vec()),
            };
            families.push(servers::ticket_files(places));
        }
        if self.wants(CheckWord::Prometheus) {
            let url = settings.get("prometheus").map(|setting| setting.revealed()).transpose()?;
            families.push(servers::prometheus(url.map(|setting| setting.value)));
        }
        Ok(families)
    }

    /// The server with the tickets, where one is named.
    fn server(&self, settings: &Settings) -> Result<Option<MongoPlace>> {
        match settings.get("tickets") {
            None => Ok(None),
            Some(_) => self.source.server(settings),
        }
    }
}

fn no_server() -> Error {
    Error::new(ErrorKind::Usage, "no server with tickets is named, so there is none to check")
        .hint("name one: `hivectl doctor --tickets mongodb://HOST:PORT`, or set MONGODB_URI")
}

fn mongodb(place: MongoPlace) -> Family {
    let work = move |tell: &dyn Fn(Finding)| {
        if let Err(error) = doctor::mongodb(&place, tell) {
            tell(Finding {
                id: MONGODB[0],
                state: State::Fail,
                evidence: error.to_string(),
                remedy: error.hints().first().cloned(),
                duration_ms: 0.0,
                failure: Some(error.kind()),
            });
        }
    };
    Family { ids: MONGODB, late: State::Fail, work: Box::new(work) }
}

fn mongodb_tickets(place: MongoPlace) -> Family {
    Family { ids: MONGODB_TICKETS, late: State::Warn, work: Box::new(move |tell| doctor::mongodb_tickets(&place, tell)) }
}

/// Opens the registry again, in another thread.
fn opener(settings: &Settings) -> registry::Open {
    let settings = settings.clone();
    let patience = Patience { lock: runner::PATIENCE, server: Some(runner::PATIENCE) };
    Box::new(move || -> Result<Box<dyn Changes>> { Ok(super::session::open(&settings, false, patience)?) })
}

fn terminal(session: &Session<'_>) -> machine::Terminal {
    let screen = session.printer.screen();
    let can_ask = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    machine::Terminal { columns: screen.width, plain: screen.plain, can_ask }
}
