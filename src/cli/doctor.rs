//! `hivectl doctor`.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use super::ml::TicketArgs;
use super::prompt;
use super::report::Report;
use super::session::Session;
use super::suggestion::Place;
use super::view;
use crate::base::commands;
use crate::config::{Flags, Setting, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::ops::doctor::runner::{self, Family};
use crate::ops::doctor::{self, Finding, MONGODB, MONGODB_TICKETS, configuration, machine, registry, servers};
use crate::ops::validate::State;
use crate::registry::embedded::EmbeddedLocation;
use crate::registry::{Registry, RegistryUri, Timeouts};
use crate::source::SourceLocation;

/// Longest time that the commands of secrets take here, side by side; the checks need the rest.
const COMMANDS: Duration = Duration::from_secs(3);

/// Check what hivectl stands on, and say what to do about what is wrong
///
/// Looks at the settings and their origins, this machine, the registry (whether it answers, exactly one version in
/// Production, alias against stage, digests, locks and their holders, the audit log), the server with the tickets
/// (whether it answers, its version and clock, rights, indexes, types, labels) and Prometheus, all at once and within
/// five seconds, of which the commands of secrets may take three. What is not configured is skipped. The worst stands first; warnings end with 0, a failure with the code
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
        let begun = Instant::now();
        let mut flags = session.flags();
        self.source.note(&mut flags);
        // A file that is wrong is a finding like any other; the checks that need its values are left out.
        let settings = session.settings(&flags);
        if let Ok(settings) = &settings {
            self.run_commands(settings);
        }
        let mut made = Vec::new();
        if self.create_indexes {
            let settings = settings.as_ref().map_err(|error| Error::new(error.kind(), error.to_string()))?;
            let place = self.server(settings)?.ok_or_else(no_server)?;
            let name = settings.context.as_deref().unwrap_or("mongodb");
            prompt::where_protected(session.terminal, settings, name, &format!("make the missing indexes of {place}"))?;
            prompt::yes(session.terminal, &prompt::INDEXES, &format!("Make the missing indexes of {place}?"))?;
            made = doctor::create_indexes(&place)?;
        }
        let left = if self.create_indexes { runner::PATIENCE } else { runner::PATIENCE.saturating_sub(begun.elapsed()) };
        // Asked for by name and alone, a server with many tickets gets the time that looking at all of them takes.
        let patience = match self.check[..] {
            [CheckWord::Mongodb] => self.source.timeout.unwrap_or(left).max(left),
            _ => left,
        };
        let mut findings = runner::run(self.families(session, &flags, settings.as_ref().ok()), patience);
        let place = Place::typed(session.global);
        for finding in &mut findings {
            finding.remedy = finding.remedy.take().map(|remedy| place.hint(remedy));
        }
        let report = view::doctor::report(findings, &made);
        if let Some(path) = &self.bundle {
            let bundle = view::doctor::bundle(&report.data, settings.as_ref().ok());
            crate::base::write_whole(path, bundle.as_bytes())?;
        }
        Ok(report)
    }

    fn wants(&self, word: CheckWord) -> bool {
        self.check.is_empty() || self.check.contains(&word)
    }

    /// Runs the commands of the secrets that the checks need, side by side and for [`COMMANDS`] at most; later each is
    /// answered at once, a failure too.
    fn run_commands(&self, settings: &Settings) {
        let needs = |key: &str| match key {
            "registry" => self.wants(CheckWord::Registry) || self.wants(CheckWord::Machine),
            "tickets" => self.create_indexes || self.wants(CheckWord::Mongodb) || self.wants(CheckWord::Tickets),
            "prometheus" => self.wants(CheckWord::Prometheus),
            _ => false,
        };
        let needed = settings.all().filter(|(key, _)| self.wants(CheckWord::Config) || needs(key));
        std::thread::scope(|scope| {
            for (_, setting) in needed.filter(|(_, setting)| setting.secret.is_some()) {
                scope.spawn(|| drop(setting.revealed_within(COMMANDS)));
            }
        });
    }

    fn families(&self, session: &Session<'_>, flags: &Flags, settings: Option<&Settings>) -> Vec<Family> {
        let mut families = Vec::new();
        // Without settings nothing else can be looked at, and their failure has to be told.
        if self.wants(CheckWord::Config) || settings.is_none() {
            families.push(configuration::family(flags.clone()));
        }
        let embedded = settings.filter(|_| self.wants(CheckWord::Machine) || self.wants(CheckWord::Registry)).and_then(embedded);
        if self.wants(CheckWord::Machine) {
            let folder = embedded.as_ref().map(|place| place.database.parent().map(PathBuf::from).unwrap_or_default());
            families.push(machine::family(terminal(session), folder));
        }
        let Some(settings) = settings else { return families };
        if self.wants(CheckWord::Registry) {
            families.extend(registry::families(opener(settings), opener(settings), embedded));
        }
        if self.wants(CheckWord::Mongodb) || self.wants(CheckWord::Tickets) {
            families.extend(self.tickets(settings));
        }
        if self.wants(CheckWord::Prometheus) {
            let url = settings.get("prometheus").map(Setting::revealed).transpose();
            families.push(servers::prometheus(url.map(|setting| setting.map(|setting| setting.value))));
        }
        families
    }

    /// The checks of the tickets. One that was named and has nothing to look at is told as skipped.
    fn tickets(&self, settings: &Settings) -> Vec<Family> {
        let named = |word| self.check.contains(&word);
        let mut families = Vec::new();
        let on_a_server = match self.server(settings) {
            Ok(Some(place)) => {
                if self.wants(CheckWord::Mongodb) {
                    families.extend([mongodb_tickets(place.clone()), mongodb(place)]);
                }
                true
            }
            Ok(None) if named(CheckWord::Mongodb) => {
                families.push(no_mongodb(None));
                false
            }
            Err(error) if named(CheckWord::Mongodb) => {
                families.push(no_mongodb(Some(error)));
                false
            }
            Ok(None) | Err(_) => false,
        };
        match (self.wants(CheckWord::Tickets), on_a_server) {
            (true, false) => families.push(servers::ticket_files(self.places(settings))),
            (true, true) if named(CheckWord::Tickets) => families.push(servers::tickets_on_a_server()),
            _ => {}
        }
        families
    }

    fn places(&self, settings: &Settings) -> Result<Option<Vec<String>>> {
        match (&self.source.tickets[..], settings.get("tickets")) {
            ([], None) => Ok(None),
            ([], Some(setting)) => Ok(Some(vec![setting.revealed()?.value])),
            (typed, _) => Ok(Some(typed.to_vec())),
        }
    }

    /// The server with the tickets, where one is named.
    fn server(&self, settings: &Settings) -> Result<Option<SourceLocation>> {
        match settings.get("tickets") {
            None => Ok(None),
            Some(_) => Ok(Some(self.source.location(settings)?).filter(SourceLocation::is_server)),
        }
    }
}

/// The embedded registry that the settings name, where they name one.
fn embedded(settings: &Settings) -> Option<EmbeddedLocation> {
    match crate::ops::workspace::registry_uri(settings.get("registry")?) {
        Ok(RegistryUri::Embedded { database, named }) => Some(EmbeddedLocation { database, named }),
        _ => None,
    }
}

fn no_server() -> Error {
    Error::new(ErrorKind::Usage, "no server with tickets is named, so there is none to check").hint((
        "name one: `",
        commands::doctor_on("mongodb://HOST:PORT"),
        "`, or set MONGODB_URI",
    ))
}

fn mongodb(place: SourceLocation) -> Family {
    let work = move |tell: &dyn Fn(Finding)| {
        if let Err(error) = doctor::mongodb(&place, tell) {
            tell(doctor::no_mongodb(Some(error)));
        }
    };
    Family { ids: MONGODB, late: State::Fail, work: Box::new(work) }
}

fn no_mongodb(error: Option<Error>) -> Family {
    Family { ids: &MONGODB[..1], late: State::Fail, work: Box::new(move |tell| tell(doctor::no_mongodb(error))) }
}

fn mongodb_tickets(place: SourceLocation) -> Family {
    Family { ids: MONGODB_TICKETS, late: State::Warn, work: Box::new(move |tell| doctor::mongodb_tickets(&place, tell)) }
}

/// Opens the registry again, in another thread.
fn opener(settings: &Settings) -> registry::Open {
    let settings = settings.clone();
    let timeouts = Timeouts { lock: runner::PATIENCE, server: Some(runner::PATIENCE) };
    Box::new(move || -> Result<Registry> { crate::ops::workspace::open_registry(&settings, false, timeouts, None) })
}

fn terminal(session: &Session<'_>) -> machine::Terminal {
    let screen = session.printer.screen();
    let can_ask = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    machine::Terminal { columns: screen.width, plain: screen.plain, can_ask }
}
