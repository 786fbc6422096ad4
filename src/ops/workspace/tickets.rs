//! Opening the tickets that a request or the settings name.

use std::time::Duration;

use super::Workspace;
use crate::api::Tickets;
use crate::base::redact::carries_secret;
use crate::config::{Flags, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::source::mongodb::MongoPlace;
use crate::source::{MongoTickets, TicketFiles, TicketSource};
use crate::ticket::FieldPaths;

/// How long an answer of a server is waited for, where nothing else is said.
const USUAL_TIMEOUT: Duration = Duration::from_secs(30);

/// Adds the words of a request to the settings' flags.
pub(in crate::ops) fn note(tickets: &Tickets, flags: &mut Flags) {
    flags.set("tickets", "--tickets", (!tickets.places.is_empty()).then(|| tickets.places.join(" ")));
    flags.set("database", "--database", tickets.database.as_ref());
    flags.set("collection", "--collection", tickets.collection.as_ref());
    flags.set("requester_field", "--requester-field", tickets.requester_field.as_ref());
    flags.set("executable_field", "--executable-field", tickets.executable_field.as_ref());
    flags.set("size_field", "--size-field", tickets.size_field.as_ref());
}

/// The fields that name requester, executable and size.
pub(in crate::ops) fn field_paths(settings: &Settings) -> Result<FieldPaths> {
    FieldPaths::new(settings.text("requester_field"), settings.text("executable_field"), settings.text("size_field"))
}

impl Workspace<'_> {
    /// Opens the place that is named; nothing is read yet.
    ///
    /// Errors: [`ErrorKind::Usage`] when no place is named, or one that hivectl cannot read.
    pub(in crate::ops) fn tickets(&self, settings: &Settings, tickets: &Tickets) -> Result<Box<dyn TicketSource>> {
        match server(settings, tickets)? {
            Some(place) => Ok(Box::new(MongoTickets::new(place, field_paths(settings)?))),
            None => Ok(Box::new(TicketFiles::open(&places(settings, tickets)?, field_paths(settings)?)?)),
        }
    }
}

/// The collection that is named, where it is one on a server.
///
/// Errors: [`ErrorKind::Usage`] for a server among several places, one that hivectl cannot read, and a
/// password on the command line.
pub(in crate::ops) fn server(settings: &Settings, tickets: &Tickets) -> Result<Option<MongoPlace>> {
    let places = places(settings, tickets)?;
    let Some(server) = places.iter().find(|place| place.contains("://")) else { return Ok(None) };
    if !MongoPlace::is_meant_by(server) {
        let scheme = server.split("://").next().unwrap_or_default();
        return Err(Error::new(ErrorKind::Usage, format!("this version of hivectl cannot read tickets from {scheme}://"))
            .hint("name files with `--tickets FILE`, or a MongoDB with `--tickets mongodb://HOST:PORT`"));
    }
    if places.len() > 1 {
        return Err(Error::new(ErrorKind::Usage, "a server was named together with other places, tickets come from one of them")
            .hint("give `--tickets` a single time"));
    }
    if !tickets.places.is_empty() && carries_secret(server) {
        return Err(Error::new(ErrorKind::Usage, "--tickets carries a password, which would stay in the shell's history")
            .hint("put the whole URI into the environment variable MONGODB_URI and leave `--tickets` out"));
    }
    let timeout = tickets.timeout.unwrap_or(USUAL_TIMEOUT);
    MongoPlace::new(server, settings.text("database"), settings.text("collection"), timeout).map(Some)
}

fn places(settings: &Settings, tickets: &Tickets) -> Result<Vec<String>> {
    match (tickets.places.as_slice(), settings.get("tickets")) {
        ([], None) => Err(Error::new(ErrorKind::Usage, "no tickets were named").hint(
            "name a file with `--tickets FILE`, `--tickets -` for stdin, `--tickets mongodb://HOST:PORT`, or set HIVECTL_TICKETS or MONGODB_URI",
        )),
        ([], Some(setting)) => Ok(vec![setting.revealed()?.value]),
        (typed, _) => Ok(typed.to_vec()),
    }
}
