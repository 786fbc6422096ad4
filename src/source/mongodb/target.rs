//! Where tickets live on a server, and how that is said without its secrets.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::contact::Contact;
use super::inspection::MongoInspection;
use super::tickets::MongoTickets;
use crate::base::redact::{UrlParts, secrets_of};
use crate::error::{Error, ErrorKind, Result};
use crate::source::contract::TicketSource;
use crate::source::inspection::ServerInspection;
use crate::source::open::{ANSWER_TIMEOUT, CONNECT_TIMEOUT, SourceUri, TicketServer};
use crate::ticket::{FieldPaths, TimeFormat};

/// The running system's own names.
const DEFAULT_DATABASE: &str = "neural_hive_orchestration";
const DEFAULT_COLLECTION: &str = "execution_tickets";

/// A collection of tickets on a server.
#[derive(Clone)]
pub(super) struct MongoTarget {
    uri: String,
    pub database: String,
    pub collection: String,
    /// What was typed as the longest time without any answer; it goes before what the URI says.
    timeout: Option<Duration>,
    /// How texts and numbers are read as times.
    pub(super) times: TimeFormat,
    /// What became of the requests so far, of this command's every connection to the server.
    pub(super) contact: Arc<Contact>,
}

impl MongoTarget {
    /// The collection that `uri` (`mongodb://…` or `mongodb+srv://…`) and the names say. Without a name of its own
    /// the database is the URI's path, unless that is `admin`, where accounts live.
    ///
    /// Errors: [`ErrorKind::Usage`] for names that no database or collection can have.
    pub(super) fn new(uri: &str, database: Option<&str>, collection: Option<&str>, timeout: Option<Duration>) -> Result<MongoTarget> {
        let in_path = UrlParts::of(uri).and_then(|parts| parts.path).filter(|name| !name.is_empty() && *name != "admin");
        let database = database.or(in_path).unwrap_or(DEFAULT_DATABASE).to_owned();
        let collection = collection.unwrap_or(DEFAULT_COLLECTION).to_owned();
        if database.is_empty() || database.len() > 63 || database.contains(['/', '\\', '.', ' ', '"', '$', '\0']) {
            return Err(Error::new(ErrorKind::Usage, format!("'{database}' cannot be the name of a database"))
                .hint(format!("leave it out for {DEFAULT_DATABASE}, or give another name with `--database NAME`")));
        }
        if collection.is_empty() || collection.contains(['$', '\0']) {
            return Err(Error::new(ErrorKind::Usage, format!("'{collection}' cannot be the name of a collection"))
                .hint(format!("leave it out for {DEFAULT_COLLECTION}, or give another name with `--collection NAME`")));
        }
        Ok(MongoTarget { uri: uri.to_owned(), database, collection, timeout, times: TimeFormat::Typed, contact: Arc::default() })
    }

    /// How long a server that is away is waited for; `in_uri` is what the URI says of that.
    pub(super) fn connect_timeout(&self, in_uri: Option<Duration>) -> Duration {
        self.timeout.or(in_uri).unwrap_or(CONNECT_TIMEOUT)
    }

    /// How long an answer is waited for.
    pub(super) fn answer_timeout(&self) -> Duration {
        self.timeout.unwrap_or(ANSWER_TIMEOUT)
    }

    /// `database.collection`.
    pub(super) fn namespace(&self) -> String {
        format!("{}.{}", self.database, self.collection)
    }

    /// The command by which an administrator lets an account read, write predictions and record backfills.
    pub(super) fn grant_command(&self) -> String {
        format!("mongosh admin --eval 'db.grantRolesToUser(\"USER\", [{{role: \"readWrite\", db: \"{}\"}}])'", self.database)
    }

    pub(super) fn uri(&self) -> &str {
        &self.uri
    }

    /// The name in a URI that leaves its hosts to the name service.
    pub(super) fn host_behind_names(&self) -> Option<&str> {
        UrlParts::of(&self.uri).filter(|parts| parts.scheme == "mongodb+srv").map(|parts| parts.hosts)
    }

    /// What a text of a library says, unless it repeats a secret of the URI.
    pub(super) fn without_secrets(&self, text: &str) -> String {
        let secrets = secrets_of(&self.uri);
        match secrets.iter().any(|secret| text.contains(secret)) {
            true => "the reason names a secret and is not shown".into(),
            false => text.to_owned(),
        }
    }
}

/// The collection as it may be shown: hosts and names, no account, no options.
impl fmt::Display for MongoTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, hosts) = UrlParts::of(&self.uri).map_or(("mongodb", self.uri.as_str()), |parts| (parts.scheme, parts.hosts));
        write!(formatter, "{scheme}://{hosts}/{}", self.namespace())
    }
}

impl fmt::Debug for MongoTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// The server that a URI names, for the table of schemes.
///
/// Errors: as [`MongoTarget::new`].
pub(in crate::source) fn server(uri: &str, names: &SourceUri) -> Result<Arc<dyn TicketServer>> {
    let target = MongoTarget::new(uri, names.database.as_deref(), names.collection.as_deref(), names.timeout)?;
    // A server's documents have types; digits in texts are times where that was said.
    Ok(Arc::new(MongoTarget { times: names.times.clone().unwrap_or(TimeFormat::Typed), ..target }))
}

impl TicketServer for MongoTarget {
    fn tickets(&self, fields: FieldPaths) -> Box<dyn TicketSource> {
        Box::new(MongoTickets::new(self.clone(), fields))
    }

    fn inspection(&self) -> Result<Box<dyn ServerInspection>> {
        Ok(Box::new(MongoInspection::open(self)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::redact::carries_secret;

    fn target(uri: &str) -> MongoTarget {
        MongoTarget::new(uri, None, None, None).unwrap()
    }

    #[test]
    fn names_come_from_flags_then_the_path_then_the_running_system() {
        assert_eq!(target("mongodb://h:1,i:2").to_string(), "mongodb://h:1,i:2/neural_hive_orchestration.execution_tickets");
        assert_eq!(target("mongodb://h/other?tls=true").database, "other");
        assert_eq!(target("mongodb://u:p@h/admin?authSource=x").database, DEFAULT_DATABASE);
        let named = MongoTarget::new("mongodb://h/other", Some("mine"), Some("a.b"), None).unwrap();
        assert_eq!(named.namespace(), "mine.a.b");
        for (database, collection) in [("a.b", "c"), ("", "c"), ("a b", "c"), ("a", ""), ("a", "$x")] {
            assert!(MongoTarget::new("mongodb://h", Some(database), Some(collection), None).is_err(), "{database}.{collection}");
        }
    }

    #[test]
    fn no_secret_is_shown_whatever_is_in_it() {
        for uri in [
            "mongodb://u:s3cr3t@h:27017/d",
            "mongodb://u:s3cr3t/x@y@h/d?tls=true",
            "mongodb+srv://u:s3cr3t@h/?authMechanismProperties=AWS_SESSION_TOKEN:s3cr3t",
            "mongodb://h/?tlsCertificateKeyFilePassword=s3cr3t",
        ] {
            let target = target(uri);
            assert!(carries_secret(uri), "{uri}");
            for shown in [format!("{target}"), format!("{target:?}"), target.without_secrets("bad port in 's3cr3t'")] {
                assert!(!shown.contains("s3cr3t"), "{uri}: {shown}");
            }
        }
        assert!(!carries_secret("mongodb://u@h/d?tls=true&authSource=x"));
        assert_eq!(target("mongodb://h").without_secrets("no route"), "no route");
    }
}
