//! From the words that name tickets to the source that has them.
//!
//! Paths, patterns and `-` are files; what has a scheme is the address of a server, and [`SCHEMES`] is the one table of
//! those that are understood.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::base::redact::{carries_secret, masked_url};
use crate::error::{Error, ErrorKind, Result};
use crate::ticket::{FieldPaths, TimeFormat};

use super::contract::{Capability, TicketSource};
use super::files::TicketFiles;
use super::inspection::ServerInspection;
use super::mongodb;

/// How long a server is waited for that has not answered yet, where nothing else is said.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an answer is waited for of a server that is there, where nothing else is said.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Where tickets are, as it was said.
#[derive(Clone, Debug)]
pub struct SourceUri {
    /// Paths, patterns and `-` for files, or one `SCHEME://…` of a server.
    pub places: Vec<String>,
    /// Whether they were typed on the command line, where no secret belongs.
    pub typed: bool,
    /// Of a server: `None` for the URI's, else the running system's own.
    pub database: Option<String>,
    /// Of a server: `None` for the running system's own.
    pub collection: Option<String>,
    /// Longest time without any answer of a server, also of one that is away; `None` for [`CONNECT_TIMEOUT`] and
    /// [`ANSWER_TIMEOUT`].
    pub timeout: Option<Duration>,
    /// How times are written; `None` for what they look like.
    pub times: Option<TimeFormat>,
}

impl SourceUri {
    /// These places with everything else as it is where nothing is said.
    pub fn new(places: impl IntoIterator<Item = impl Into<String>>) -> SourceUri {
        let places = places.into_iter().map(Into::into).collect();
        SourceUri { places, typed: false, database: None, collection: None, timeout: None, times: None }
    }
}

/// A server with tickets, of whatever kind. Nothing is sent before something is asked.
pub(super) trait TicketServer: fmt::Display + Send + Sync {
    fn tickets(&self, fields: FieldPaths) -> Box<dyn TicketSource>;

    fn inspection(&self) -> Result<Box<dyn ServerInspection>>;
}

/// A scheme of URIs, and who answers it.
struct Scheme {
    name: &'static str,
    carries_secret: fn(&str) -> bool,
    server: fn(&str, &SourceUri) -> Result<Arc<dyn TicketServer>>,
}

const SCHEMES: [Scheme; 2] = [
    Scheme { name: "mongodb", carries_secret, server: mongodb::server },
    Scheme { name: "mongodb+srv", carries_secret, server: mongodb::server },
];

/// Where tickets are: files, or a collection on a server. Shown without secrets.
#[derive(Clone)]
pub struct SourceLocation(Location);

#[derive(Clone)]
enum Location {
    Files(Vec<String>, TimeFormat),
    Server(Arc<dyn TicketServer>),
}

impl SourceLocation {
    /// What the words mean; nothing is opened yet.
    ///
    /// Errors: [`ErrorKind::Usage`] for a server among several places, one that hivectl cannot read, and a
    /// password on the command line.
    pub fn parse(uri: &SourceUri) -> Result<SourceLocation> {
        if let Some(place) =
            uri.places.iter().find(|place| masked_url(place) != **place && !place.contains("://") && !Path::new(place).exists())
        {
            return Err(Error::new(ErrorKind::Usage, format!("'{}' is no file, and no address of a server", masked_url(place)))
                .hint("the address of a MongoDB begins with mongodb:// or mongodb+srv://"));
        }
        let of_server = uri.places.iter().find_map(|place| place.split_once("://").map(|(scheme, _)| (scheme, place)));
        let Some((name, place)) = of_server else {
            return Ok(SourceLocation(Location::Files(uri.places.clone(), uri.times.clone().unwrap_or_default())));
        };
        let Some(scheme) = SCHEMES.iter().find(|scheme| scheme.name == name) else {
            return Err(Error::new(ErrorKind::Usage, format!("this version of hivectl cannot read tickets from {name}://"))
                .hint("name files with `--tickets FILE`, or a MongoDB with `--tickets mongodb://HOST:PORT`"));
        };
        if uri.places.len() > 1 {
            return Err(Error::new(ErrorKind::Usage, "a server was named together with other places, tickets come from one of them")
                .hint("give `--tickets` a single time"));
        }
        if uri.typed && (scheme.carries_secret)(place) {
            return Err(Error::new(ErrorKind::Usage, "--tickets carries a password, which would stay in the shell's history")
                .hint("put the whole URI into the environment variable MONGODB_URI and leave `--tickets` out"));
        }
        Ok(SourceLocation(Location::Server((scheme.server)(place, uri)?)))
    }

    /// Opens the tickets, of which `fields` name the members whose place is not fixed; nothing is read yet.
    ///
    /// Errors: those of finding files ([`TicketFiles::open`]).
    pub fn open(&self, fields: FieldPaths) -> Result<Box<dyn TicketSource>> {
        match &self.0 {
            Location::Files(patterns, times) => Ok(Box::new(TicketFiles::open(patterns, fields)?.with_times(times.clone()))),
            Location::Server(server) => Ok(server.tickets(fields)),
        }
    }

    /// Whether the tickets are on a server.
    pub fn is_server(&self) -> bool {
        matches!(self.0, Location::Server(_))
    }

    /// Prepares to look at the server; `None` for files. Nothing is sent yet.
    ///
    /// Errors: [`ErrorKind::BadConfiguration`] for an address that cannot be used.
    pub fn inspection(&self) -> Result<Option<Box<dyn ServerInspection>>> {
        match &self.0 {
            Location::Files(..) => Ok(None),
            Location::Server(server) => server.inspection().map(Some),
        }
    }

    /// Checks before anything is opened that the source will have a capability.
    ///
    /// Errors: [`Capability::missing`].
    pub fn require(&self, capability: Capability) -> Result<()> {
        match &self.0 {
            // Both are a server's: a file is never written into.
            Location::Files(..) => Err(capability.missing(super::files::NAME)),
            Location::Server(_) => Ok(()),
        }
    }
}

impl fmt::Display for SourceLocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Location::Files(patterns, _) => formatter.write_str(&patterns.join(" ")),
            Location::Server(server) => server.fmt(formatter),
        }
    }
}

impl fmt::Debug for SourceLocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_scheme_is_a_server_and_the_rest_are_files() {
        let parse = |places: &[&str], typed| SourceLocation::parse(&SourceUri { typed, ..SourceUri::new(places.iter().copied()) });
        let files = parse(&["a.ndjson", "-"], true).unwrap();
        assert!(!files.is_server() && files.inspection().unwrap().is_none());
        assert_eq!(files.to_string(), "a.ndjson -");
        let server = parse(&["mongodb://u:s3cr3t@h/d"], false).unwrap();
        assert!(server.is_server() && server.require(Capability::Predictions).is_ok());
        assert_eq!(server.to_string(), "mongodb://h/d.execution_tickets");
        assert_eq!(server.open(FieldPaths::default()).unwrap().name(), server.to_string());
        for (places, typed, told) in [
            (&["redis://h"][..], false, "cannot read tickets from redis://"),
            (&["a.ndjson", "mongodb://h"], false, "together with other places"),
            (&["mongodb://u:s3cr3t@h"], true, "carries a password"),
        ] {
            let error = parse(places, typed).unwrap_err();
            assert!(error.kind() == ErrorKind::Usage && error.message().contains(told), "{error}");
        }
    }

    #[test]
    fn a_capability_that_is_missing_names_the_source() {
        let files = SourceLocation::parse(&SourceUri::new(["a.ndjson"])).unwrap();
        let error = files.require(Capability::Baselines).unwrap_err();
        assert_eq!(error.message(), "--baseline-to-mongodb writes beside the tickets, and these are files");
        let server = SourceLocation::parse(&SourceUri::new(["mongodb://h"])).unwrap().open(FieldPaths::default()).unwrap();
        assert!(server.require_predictions().is_ok() && server.require_baselines().is_ok() && server.aggregations().is_some());
    }
}
