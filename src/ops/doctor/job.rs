//! The job: which families are checked, on what, and for how long.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::runner::{self, Family};
use super::{Finding, MONGODB, MONGODB_TICKETS, bundle, configuration, create_indexes, machine, registry, servers, ticket_age};
use crate::api::doctor::{CheckFamily, CheckReport, DoctorReport, DoctorRequest};
use crate::api::{CheckState, Operations, Question, Tickets};
use crate::base::commands;
use crate::base::redact::without_passwords;
use crate::config::{Flags, Setting, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::Catalogue;
use crate::ops::AgeLimit;
use crate::ops::workspace::{Workspace, field_paths, location, note, number, open_existing, policy, registry_uri};
use crate::registry::RegistryUri;
use crate::registry::embedded::EmbeddedLocation;
use crate::source::SourceLocation;

/// Longest time that the commands of secrets take here, side by side; the checks need the rest.
const COMMANDS: Duration = Duration::from_secs(3);

impl Operations<DoctorRequest> for Workspace<'_> {
    fn run(&self, request: &DoctorRequest) -> Result<DoctorReport> {
        let begun = Instant::now();
        let mut flags = self.flags();
        note(&request.tickets, &mut flags);
        // A file that is wrong is a finding like any other; the checks that need its values are left out.
        let settings = self.settings(&flags);
        let examination = Examination { request, flags };
        if let Ok(settings) = &settings {
            examination.run_commands(settings);
        }
        let mut indexes_made = Vec::new();
        if request.create_indexes {
            let settings = settings.as_ref().map_err(|error| Error::new(error.kind(), error.to_string()))?;
            indexes_made = make_indexes(self, settings, &request.tickets)?;
        }
        let left = if request.create_indexes { runner::CHECK_TIMEOUT } else { runner::CHECK_TIMEOUT.saturating_sub(begun.elapsed()) };
        // Asked for by name and alone, a server with many tickets or models gets the time that looking at all of them takes.
        let patience = match request.families[..] {
            [CheckFamily::Mongodb | CheckFamily::Registry] => request.tickets.timeout.unwrap_or(left).max(left),
            _ => left,
        };
        let findings = runner::run(examination.families(settings.as_ref().ok(), patience), patience);
        let failed = findings.iter().find(|finding| finding.state == CheckState::Fail);
        let exit_code = failed.and_then(|finding| finding.failure).map_or(0, ErrorKind::exit_code);
        let report = DoctorReport { checks: findings.into_iter().map(check_report).collect(), indexes_made, exit_code };
        if let Some(path) = &request.bundle {
            bundle::write(path, &report, settings.as_ref().ok())?;
        }
        Ok(report)
    }
}

fn check_report(finding: Finding) -> CheckReport {
    let Finding { id, state, evidence, remedy, duration_ms, newest_ticket_age_seconds, .. } = finding;
    CheckReport { id: id.to_owned(), state, evidence: without_passwords(&evidence), remedy, duration_ms, newest_ticket_age_seconds }
}

fn make_indexes(workspace: &Workspace<'_>, settings: &Settings, tickets: &Tickets) -> Result<Vec<String>> {
    let place = named_server(settings, tickets)?.ok_or_else(|| {
        Error::new(ErrorKind::Usage, "no server with tickets is named, so there is none to check").hint((
            "name one: `",
            commands::doctor_on("mongodb://HOST:PORT"),
            "`, or set MONGODB_URI",
        ))
    })?;
    let name = settings.context.as_deref().unwrap_or("mongodb");
    workspace.confirm_where_protected(settings, name, &format!("make the missing indexes of {place}"))?;
    workspace.interaction().ask(&Question::YesNo { text: format!("Make the missing indexes of {place}?") })?;
    Ok(create_indexes(&place)?.into_iter().map(str::to_owned).collect())
}

/// What is checked, by which words.
struct Examination<'a> {
    request: &'a DoctorRequest,
    flags: Flags,
}

impl Examination<'_> {
    fn wants(&self, family: CheckFamily) -> bool {
        self.request.families.is_empty() || self.names(family)
    }

    fn names(&self, family: CheckFamily) -> bool {
        self.request.families.contains(&family)
    }

    /// Runs the commands of the secrets that the checks need, side by side and for [`COMMANDS`] at most; later each is
    /// answered at once, a failure too.
    fn run_commands(&self, settings: &Settings) {
        let needs = |key: &str| match key {
            "registry" => self.wants(CheckFamily::Registry) || self.wants(CheckFamily::Machine),
            "tickets" => self.request.create_indexes || self.wants(CheckFamily::Mongodb) || self.wants(CheckFamily::Tickets),
            "prometheus" => self.wants(CheckFamily::Prometheus),
            _ => false,
        };
        let needed = settings.all().filter(|(key, _)| self.wants(CheckFamily::Config) || needs(key));
        std::thread::scope(|scope| {
            for (_, setting) in needed.filter(|(_, setting)| setting.secret.is_some()) {
                scope.spawn(|| drop(setting.revealed_within(COMMANDS)));
            }
        });
    }

    fn families(&self, settings: Option<&Settings>, patience: Duration) -> Vec<Family> {
        let mut families = Vec::new();
        // Without settings nothing else can be looked at, and their failure has to be told.
        if self.wants(CheckFamily::Config) || settings.is_none() {
            families.push(configuration::family(self.flags.clone()));
        }
        let of_registry = self.wants(CheckFamily::Machine) || self.wants(CheckFamily::Registry);
        let embedded = settings.filter(|_| of_registry).and_then(embedded);
        if self.wants(CheckFamily::Machine) {
            let folder = embedded.as_ref().map(|place| place.database.parent().map(PathBuf::from).unwrap_or_default());
            families.push(machine::family(self.request.terminal.clone(), folder));
        }
        let Some(settings) = settings else { return families };
        if self.wants(CheckFamily::Registry) {
            let named = settings.get("policy").and_then(|_| policy(&Catalogue::all(), settings).ok());
            families.extend(registry::families(opener(settings, patience), opener(settings, patience), embedded, named));
        }
        if self.wants(CheckFamily::Mongodb) || self.wants(CheckFamily::Tickets) {
            families.extend(self.tickets(settings));
        }
        if self.wants(CheckFamily::Prometheus) {
            let url = settings.get("prometheus").map(Setting::revealed).transpose();
            families.push(servers::prometheus(url.map(|setting| setting.map(|setting| setting.value))));
        }
        families
    }

    /// The checks of the tickets. One that was named and has nothing to look at is told as skipped.
    fn tickets(&self, settings: &Settings) -> Vec<Family> {
        let mut families = Vec::new();
        let on_a_server = match named_server(settings, &self.request.tickets) {
            Ok(Some(place)) => {
                if self.wants(CheckFamily::Mongodb) {
                    families.extend([mongodb_tickets(place.clone()), mongodb(place)]);
                }
                true
            }
            Ok(None) if self.names(CheckFamily::Mongodb) => {
                families.push(no_mongodb(None));
                false
            }
            Err(error) if self.names(CheckFamily::Mongodb) => {
                families.push(no_mongodb(Some(error)));
                false
            }
            Ok(None) | Err(_) => false,
        };
        families.extend(self.ticket_age(settings, on_a_server));
        match (self.wants(CheckFamily::Tickets), on_a_server) {
            (true, false) => families.push(servers::ticket_files(self.places(settings))),
            (true, true) if self.names(CheckFamily::Tickets) => families.push(servers::tickets_on_a_server()),
            _ => {}
        }
        families
    }

    /// The check of the tickets' age, where some are named that can be read twice.
    fn ticket_age(&self, settings: &Settings, on_a_server: bool) -> Option<Family> {
        if !self.wants(if on_a_server { CheckFamily::Mongodb } else { CheckFamily::Tickets }) {
            return None;
        }
        let place = location(settings, &self.request.tickets).ok().filter(|place| place.to_string() != "-")?;
        let limit = AgeLimit::of(settings, number(settings, "window_days").ok()?).ok()?;
        Some(ticket_age::family(place, field_paths(settings).ok()?, limit))
    }

    fn places(&self, settings: &Settings) -> Result<Option<Vec<String>>> {
        match (&self.request.tickets.places[..], settings.get("tickets")) {
            ([], None) => Ok(None),
            ([], Some(setting)) => Ok(Some(vec![setting.revealed()?.value])),
            (typed, _) => Ok(Some(typed.to_vec())),
        }
    }
}

/// The server with the tickets, where one is named.
fn named_server(settings: &Settings, tickets: &Tickets) -> Result<Option<SourceLocation>> {
    match settings.get("tickets") {
        None => Ok(None),
        Some(_) => Ok(Some(location(settings, tickets)?).filter(SourceLocation::is_server)),
    }
}

/// The embedded registry that the settings name, where they name one.
fn embedded(settings: &Settings) -> Option<EmbeddedLocation> {
    match registry_uri(settings.get("registry")?) {
        Ok(RegistryUri::Embedded { database, named }) => Some(EmbeddedLocation { database, named }),
        _ => None,
    }
}

fn mongodb(place: SourceLocation) -> Family {
    let work = move |tell: &dyn Fn(Finding)| {
        if let Err(error) = super::mongodb(&place, tell) {
            tell(super::no_mongodb(Some(error)));
        }
    };
    Family { ids: MONGODB, late: CheckState::Fail, work: Box::new(work) }
}

fn no_mongodb(error: Option<Error>) -> Family {
    Family { ids: &MONGODB[..1], late: CheckState::Fail, work: Box::new(move |tell| tell(super::no_mongodb(error))) }
}

fn mongodb_tickets(place: SourceLocation) -> Family {
    Family { ids: MONGODB_TICKETS, late: CheckState::Warn, work: Box::new(move |tell| super::mongodb_tickets(&place, tell)) }
}

/// Opens the registry again, in another thread.
fn opener(settings: &Settings, patience: Duration) -> registry::Open {
    let settings = settings.clone();
    Box::new(move || open_existing(&settings, patience.max(runner::CHECK_TIMEOUT)))
}
