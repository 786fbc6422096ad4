//! What the driver says of a failure, in words for people: its own texts are partly dumps of its state.

use std::collections::BTreeSet;

use mongodb::error::{ErrorKind, WriteFailure};

/// Why something failed, without a dump of anything.
pub(super) fn of(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::ServerSelection { message, .. } => of_selection(message),
        ErrorKind::Write(WriteFailure::WriteError(error)) => error.message.clone(),
        ErrorKind::Write(WriteFailure::WriteConcernError(error)) => error.message.clone(),
        ErrorKind::InsertMany(error) => {
            let one = error.write_errors.iter().flatten().map(|error| &error.message).next();
            let message = one.or(error.write_concern_error.as_ref().map(|error| &error.message));
            message.cloned().unwrap_or_else(|| "some documents were not written".to_owned())
        }
        ErrorKind::Command(error) => error.to_string(),
        ErrorKind::Io(error) => error.to_string(),
        ErrorKind::Write(_) | ErrorKind::BulkWrite(_) => "not all was written".to_owned(),
        other => other.to_string(),
    }
}

/// What stands before and behind an address, and a reason, in the driver's dump of the servers that it knows.
const ADDRESS: (&str, &str) = ("Address: ", ", Type: ");
const REASON: (&str, &str) = (", Error: Kind: ", ", labels: ");

/// Why no server was found: the reason of each one that is named, `host:port: reason`.
fn of_selection(dump: &str) -> String {
    let mut reasons = BTreeSet::new();
    for server in dump.split("{ Address: ").skip(1) {
        let server = format!("{}{server}", ADDRESS.0);
        if let (Some(address), Some(reason)) = (between(&server, ADDRESS), between(&server, REASON)) {
            reasons.insert(format!("{address}: {}", reason.trim_start_matches("I/O error: ")));
        }
    }
    match reasons.is_empty() {
        false => reasons.into_iter().collect::<Vec<_>>().join("; "),
        true if dump.contains("None of the available servers") => {
            "servers answer, but none is one that may be asked: their set has no primary, or no member as the URI wants it".to_owned()
        }
        true => "no server answered".to_owned(),
    }
}

fn between<'t>(text: &'t str, (before, behind): (&str, &str)) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    rest.split(behind).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_server_that_is_away_is_named_with_its_reason_and_nothing_else() {
        let dump = "Server selection timeout: No available servers. Topology: { Type: Unknown, Servers: [ { Address: h:1, Type: Unknown, \
                    Error: Kind: I/O error: Connection refused (os error 111), labels: {\"A\"}, source: None, server response: None }, \
                    { Address: [::1]:2, Type: Unknown, Error: Kind: An error occurred during DNS resolution: gone, labels: {}, \
                    source: None, server response: None }, { Address: i:3, Type: Unknown } ] }";
        assert_eq!(of_selection(dump), "[::1]:2: An error occurred during DNS resolution: gone; h:1: Connection refused (os error 111)");
        let silent =
            "Server selection timeout: No available servers. Topology: { Type: Unknown, Servers: [ { Address: h:1, Type: Unknown } ] }";
        assert_eq!(of_selection(silent), "no server answered");
        let unfit = "Server selection timeout: None of the available servers suitable for criteria ReadPreference(Primary). Topology: \
                     { Type: ReplicaSetNoPrimary, Servers: [ { Address: h:1, Type: RsSecondary } ] }";
        assert!(of_selection(unfit).contains("no primary"));
    }
}
