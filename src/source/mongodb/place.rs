//! Where tickets live on a server, and how that is said without its secrets.

use std::fmt;
use std::time::Duration;

use crate::base::redact::{UrlParts, secrets_of};
use crate::error::{Error, ErrorKind, Result};

/// The running system's own names.
pub const DEFAULT_DATABASE: &str = "neural_hive_orchestration";
pub const DEFAULT_COLLECTION: &str = "execution_tickets";

/// A collection of tickets on a server.
#[derive(Clone)]
pub struct MongoPlace {
    uri: String,
    pub database: String,
    pub collection: String,
    /// Longest time without any answer.
    pub timeout: Duration,
}

impl MongoPlace {
    /// The collection that `uri` (`mongodb://…` or `mongodb+srv://…`) and the names say. Without a name of its own
    /// the database is the URI's path, unless that is `admin`, where accounts live.
    ///
    /// Errors: [`ErrorKind::Usage`] for names that no database or collection can have.
    pub fn new(uri: &str, database: Option<&str>, collection: Option<&str>, timeout: Duration) -> Result<MongoPlace> {
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
        Ok(MongoPlace { uri: uri.to_owned(), database, collection, timeout })
    }

    /// Whether a place named by the operator is such a server.
    pub fn is_meant_by(word: &str) -> bool {
        word.starts_with("mongodb://") || word.starts_with("mongodb+srv://")
    }

    /// `database.collection`.
    pub fn namespace(&self) -> String {
        format!("{}.{}", self.database, self.collection)
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

/// The place as it may be shown: hosts and names, no account, no options.
impl fmt::Display for MongoPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, hosts) = UrlParts::of(&self.uri).map_or(("mongodb", self.uri.as_str()), |parts| (parts.scheme, parts.hosts));
        write!(formatter, "{scheme}://{hosts}/{}", self.namespace())
    }
}

impl fmt::Debug for MongoPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::redact::carries_secret;

    fn place(uri: &str) -> MongoPlace {
        MongoPlace::new(uri, None, None, Duration::from_secs(1)).unwrap()
    }

    #[test]
    fn names_come_from_flags_then_the_path_then_the_running_system() {
        assert_eq!(place("mongodb://h:1,i:2").to_string(), "mongodb://h:1,i:2/neural_hive_orchestration.execution_tickets");
        assert_eq!(place("mongodb://h/other?tls=true").database, "other");
        assert_eq!(place("mongodb://u:p@h/admin?authSource=x").database, DEFAULT_DATABASE);
        let named = MongoPlace::new("mongodb://h/other", Some("mine"), Some("a.b"), Duration::ZERO).unwrap();
        assert_eq!(named.namespace(), "mine.a.b");
        for (database, collection) in [("a.b", "c"), ("", "c"), ("a b", "c"), ("a", ""), ("a", "$x")] {
            assert!(MongoPlace::new("mongodb://h", Some(database), Some(collection), Duration::ZERO).is_err(), "{database}.{collection}");
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
            let place = place(uri);
            assert!(carries_secret(uri), "{uri}");
            for shown in [format!("{place}"), format!("{place:?}"), place.without_secrets("bad port in 's3cr3t'")] {
                assert!(!shown.contains("s3cr3t"), "{uri}: {shown}");
            }
        }
        assert!(!carries_secret("mongodb://u@h/d?tls=true&authSource=x"));
        assert_eq!(place("mongodb://h").without_secrets("no route"), "no route");
    }
}
