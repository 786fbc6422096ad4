//! Opening the tickets that a request or the settings name.

use super::Workspace;
use crate::api::Tickets;
use crate::config::{Flags, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::source::{Capability, SourceLocation, SourceUri, TicketSource};
use crate::ticket::{FieldPaths, TimeFormat};

/// Adds the words of a request to the settings' flags.
pub(in crate::ops) fn note(tickets: &Tickets, flags: &mut Flags) {
    flags.set("tickets", "--tickets", (!tickets.places.is_empty()).then(|| tickets.places.join(" ")));
    flags.set("database", "--database", tickets.database.as_ref());
    flags.set("collection", "--collection", tickets.collection.as_ref());
    flags.set("max_ticket_age", "--max-ticket-age", tickets.max_age.map(|age| format!("{}s", age.as_secs())));
    flags.set("requester_field", "--requester-field", tickets.requester_field.as_ref());
    flags.set("executable_field", "--executable-field", tickets.executable_field.as_ref());
    flags.set("size_field", "--size-field", tickets.size_field.as_ref());
    flags.set("time_format", "--time-format", tickets.time_format.as_ref());
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
        self.tickets_at(&location(settings, tickets)?, settings)
    }

    /// Opens a place that was named before; a server that was found to be away by one opening is not waited for by the next.
    ///
    /// Errors: those of finding files.
    pub(in crate::ops) fn tickets_at(&self, location: &SourceLocation, settings: &Settings) -> Result<Box<dyn TicketSource>> {
        if location.is_server() {
            self.progress().begin(&format!("asking {location}"), None);
        }
        location.open(field_paths(settings)?)
    }

    /// The same, where some are named by a request or a setting.
    pub(in crate::ops) fn tickets_where_named(&self, settings: &Settings, tickets: &Tickets) -> Result<Option<Box<dyn TicketSource>>> {
        match settings.get("tickets") {
            None => Ok(None),
            Some(_) => self.tickets(settings, tickets).map(Some),
        }
    }

    /// The source that drift baselines are to be written beside; `None` where that is not asked for.
    ///
    /// Errors: [`ErrorKind::Usage`] when it is asked for and the source cannot keep them.
    pub(in crate::ops) fn source_for_baselines(&self, settings: &Settings, tickets: &Tickets) -> Result<Option<Box<dyn TicketSource>>> {
        if !settings.is_on("baseline_to_mongodb")? {
            return Ok(None);
        }
        let location = location(settings, tickets)?;
        location.require(Capability::Baselines)?;
        location.open(field_paths(settings)?).map(Some)
    }
}

/// Where the tickets are; nothing is opened yet.
///
/// Errors: [`ErrorKind::Usage`] when no place is named, and those of [`SourceLocation::parse`].
pub(in crate::ops) fn location(settings: &Settings, tickets: &Tickets) -> Result<SourceLocation> {
    SourceLocation::parse(&SourceUri {
        places: places(settings, tickets)?,
        typed: !tickets.places.is_empty(),
        database: settings.text("database").map(str::to_owned),
        collection: settings.text("collection").map(str::to_owned),
        timeout: tickets.timeout,
        times: settings.text("time_format").map(str::parse::<TimeFormat>).transpose()?,
    })
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
