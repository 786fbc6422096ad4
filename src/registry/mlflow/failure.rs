//! What a request that failed says, in the words of the house.

use std::time::Duration;

use serde::Deserialize;

use crate::base::redact::without_passwords;
use crate::error::{Error, ErrorKind};

/// The longest part of a server's own words that is shown.
const LONGEST_WORDS: usize = 300;

/// MLflow's word for a workspace on a server that has none, and ours for one that it does not know.
const FEATURE_DISABLED: &str = "FEATURE_DISABLED";
const UNKNOWN_WORKSPACE: &str = "UNKNOWN_WORKSPACE";

/// A request that did not bring what was asked for.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: Error,
    /// The server's status; `None` where it gave no whole answer.
    pub(super) status: Option<u16>,
    /// MLflow's own word for the error (`RESOURCE_ALREADY_EXISTS`, …).
    pub(super) code: String,
    /// Whether the server may have done what was asked for all the same.
    pub(super) effect_unknown: bool,
}

impl Failure {
    /// The server was not asked: `error` happened on this machine.
    pub(super) fn here(error: Error) -> Failure {
        Failure { error, status: None, code: String::new(), effect_unknown: false }
    }

    /// The thing asked for is not there, as MLflow says it. A 404 without its form comes of another server, or of a wrong
    /// address.
    pub(super) fn is_not_found(&self) -> bool {
        self.status == Some(404) && matches!(self.code.as_str(), "RESOURCE_DOES_NOT_EXIST" | "NOT_FOUND")
    }

    /// Who answers knows no such address at all.
    pub(super) fn is_no_route(&self) -> bool {
        self.status == Some(404) && self.code.is_empty()
    }

    /// The thing to be made is there already.
    pub(super) fn is_already_there(&self) -> bool {
        self.code == "RESOURCE_ALREADY_EXISTS"
    }

    /// Another request wrote the same row meanwhile, which MLflow does not try again by itself everywhere. Nothing of
    /// this one was written.
    pub(super) fn lost_a_race(&self) -> bool {
        self.status == Some(400) && self.code == "BAD_REQUEST" && self.error.to_string().contains("IntegrityError")
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        failure.error
    }
}

/// The code of an error answer that broke off.
const HALF: &str = "HALF_AN_ANSWER";

/// What was asked, of whom, and how often.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// In words that follow "cannot".
    pub(super) operation: &'a str,
    /// Scheme, host, port and prefix, without secrets.
    pub(super) server: &'a str,
    pub(super) attempts: u32,
}

impl Asked<'_> {
    fn error(&self, kind: ErrorKind) -> Error {
        let attempts = match self.attempts {
            1 => "1 attempt".to_owned(),
            several => format!("{several} attempts"),
        };
        Error::new(kind, format!("cannot {}: {} did not do it in {attempts}", self.operation, self.server))
    }

    /// The connection was refused, broke off, or the answer is none.
    pub(super) fn broken(&self, kind: ErrorKind, why: &str, effect_unknown: bool) -> Failure {
        let error = self.error(kind).because(first_line(why)).hint(match kind {
            ErrorKind::TimedOut => "repeat the command with a longer time: add '--timeout 5m'".to_owned(),
            ErrorKind::Unreachable => format!("check that it runs: 'curl {}/health'", self.server),
            _ => format!("check that the URL is that of an MLflow server: 'curl {}/version'", self.server),
        });
        // Some servers that ask for a certificate hang up without a word.
        let hung_up =
            ["close_notify", "reset", "broken pipe", "connection closed"].iter().any(|word| why.to_ascii_lowercase().contains(word));
        let error = match hung_up && self.server.starts_with("https:") {
            true => error
                .hint("or it asks for a certificate of ours: set MLFLOW_TRACKING_CLIENT_CERT_PATH to a PEM file with certificate and key"),
            false => error,
        };
        Failure { error, status: None, code: String::new(), effect_unknown }
    }

    /// The two ends do not agree on how the connection is secured: `None` for any other reason `why`.
    pub(super) fn unsecured(&self, why: &str) -> Option<Failure> {
        let lower = why.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        let hint = if has(&["certificaterequired", "certificate required"]) {
            "the server asks for a certificate of ours: set MLFLOW_TRACKING_CLIENT_CERT_PATH to a PEM file with certificate and key"
        } else if has(&["received fatal alert"]) && has(&["certificate", "unknownca", "handshakefailure", "accessdenied"]) {
            "the server does not accept our certificate: check MLFLOW_TRACKING_CLIENT_CERT_PATH and the server's log"
        } else if has(&["invalid peer certificate"]) {
            "for a certificate of your own authority set MLFLOW_TRACKING_SERVER_CERT_PATH to the authority's PEM file"
        } else if has(&["invalidcontenttype", "corrupt message"]) {
            "what answers there speaks no TLS: write http:// in place of https://"
        } else {
            return None;
        };
        let error = self.error(ErrorKind::Unreachable).because(first_line(why)).hint(hint);
        Some(Failure { error, status: None, code: String::new(), effect_unknown: false })
    }

    /// The whole time given to the command is used up.
    pub(super) fn out_of_time(&self, given: Duration, effect_unknown: bool) -> Failure {
        self.broken(ErrorKind::TimedOut, &format!("the time given, {:.0} s, is used up", given.as_secs_f64()), effect_unknown)
    }

    /// The server answered with an error.
    pub(super) fn refused(&self, status: u16, is_json: bool, body: &[u8]) -> Failure {
        let told: ErrorBody = if is_json { serde_json::from_slice(body).unwrap_or_default() } else { ErrorBody::default() };
        let text = String::from_utf8_lossy(body);
        let words = match (&told.message, &told.detail) {
            (Some(message), _) | (None, Some(message)) => first_line(message),
            // A page for browsers says less than its status.
            (None, None) if text.trim_start().starts_with('<') => String::new(),
            (None, None) => first_line(&text),
        };
        let mut code = told.error_code.unwrap_or_default();
        // JSON that breaks off is half an answer of MLflow's, and says nothing of the address.
        if status == 404 && is_json && code.is_empty() && serde_json::from_slice::<serde_json::Value>(body).is_err() {
            HALF.clone_into(&mut code);
        }
        if status == 404 && words.starts_with("Workspace '") {
            // MLflow has the same word for a model that is not there, which would be no failure.
            UNKNOWN_WORKSPACE.clone_into(&mut code);
        }
        let kind = match status {
            _ if [UNKNOWN_WORKSPACE, FEATURE_DISABLED].contains(&code.as_str()) => ErrorKind::BadConfiguration,
            401 | 403 => ErrorKind::NotAllowed,
            404 if code == HALF => ErrorKind::ServerFailed,
            404 if code.is_empty() => ErrorKind::BadConfiguration,
            404 => ErrorKind::ModelNotFound,
            409 => ErrorKind::Conflict,
            _ => ErrorKind::ServerFailed,
        };
        let mut error = self.error(kind).because(match (code.as_str(), words.as_str()) {
            ("", "") => format!("it answered with status {status}"),
            ("", words) => format!("it answered with status {status}: {words}"),
            (code, words) => format!("it answered with status {status}, {code}: {words}"),
        });
        for hint in self.hints(status, &code, &words) {
            error = error.hint(hint);
        }
        Failure { error, status: Some(status), code, effect_unknown: status >= 500 }
    }

    fn hints(&self, status: u16, code: &str, words: &str) -> Vec<String> {
        // As requests carry it, with a port that is not the usual one.
        let host = self.server.split("://").nth(1).unwrap_or(self.server).split('/').next().unwrap_or_default();
        match status {
            403 if words.contains("Host header") => vec![format!(
                "this is no matter of passwords: the server must be started with the name that is asked for: 'mlflow server \
                 --allowed-hosts {host}'"
            )],
            403 if words.contains("Cross-origin") => {
                vec!["something between here and the server adds an Origin header; ask the server without it".to_owned()]
            }
            403 => vec![format!(
                "the server knows who asks and does not permit it: ask its administrator for a permission with which one can {} (READ to \
                 look, EDIT to change, MANAGE to delete, also an alias or a version's tag)",
                self.operation
            )],
            _ if code == UNKNOWN_WORKSPACE => {
                vec!["name a workspace of this server with `--workspace NAME` or MLFLOW_WORKSPACE, or 'unset MLFLOW_WORKSPACE'".to_owned()]
            }
            404 if code.is_empty() => vec![format!(
                "check that the URL is that of an MLflow server, with the prefix that it was started with (--static-prefix): 'curl {}/version'",
                self.server
            )],
            _ if code == FEATURE_DISABLED => {
                vec!["this server has no workspaces: leave `--workspace` out, and run 'unset MLFLOW_WORKSPACE'".to_owned()]
            }
            429 => {
                vec!["the server asks for fewer requests: repeat the command later, or with a longer time: add '--timeout 5m'".to_owned()]
            }
            500.. => vec!["look into the server's log; what was written before stays written".to_owned()],
            _ => Vec::new(),
        }
    }
}

/// An error as MLflow tells it; its artifact routes say `detail`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    error_code: Option<String>,
    message: Option<String>,
    detail: Option<String>,
}

/// The first line, without passwords and not endless: messages may carry whole SQL statements.
pub(super) fn first_line(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let short: String = line.chars().filter(|letter| !letter.is_control()).take(LONGEST_WORDS).collect();
    without_passwords(&short)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: Asked<'_> = Asked { operation: "list the models", server: "http://ml.example:5000", attempts: 2 };

    #[test]
    fn an_error_names_operation_host_and_attempts_and_shows_one_line() {
        let body = br#"{"error_code":"BAD_REQUEST","message":"first\nINSERT INTO secrets"}"#;
        let failure = ASKED.refused(400, true, body);
        let text = failure.error.to_string();
        for part in ["list the models", "http://ml.example:5000", "2 attempts", "400", "BAD_REQUEST", "first"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("INSERT"));
    }

    #[test]
    fn a_row_that_another_request_wrote_first_is_told_from_a_request_that_is_wrong() {
        let body = br#"{"error_code":"BAD_REQUEST","message":"(sqlite3.IntegrityError) UNIQUE constraint failed: datasets.name"}"#;
        assert!(ASKED.refused(400, true, body).lost_a_race());
        assert!(!ASKED.refused(400, true, br#"{"error_code":"BAD_REQUEST","message":"no such name"}"#).lost_a_race());
    }

    #[test]
    fn a_404_of_another_server_is_no_thing_that_is_not_there() {
        let of_mlflow = ASKED.refused(404, true, br#"{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"no"}"#);
        assert!(of_mlflow.is_not_found() && !of_mlflow.is_no_route());
        for (is_json, body) in [(false, &b"<html>nothing here</html>"[..]), (true, b"{\"detail\":\"Not Found\"}"), (false, b"")] {
            let other = ASKED.refused(404, is_json, body);
            assert!(!other.is_not_found() && other.is_no_route());
            assert_eq!(other.error.kind(), ErrorKind::BadConfiguration);
            assert!(other.error.hints()[0].to_string().contains("--static-prefix"), "{:?}", other.error.hints());
        }
    }

    #[test]
    fn refusals_are_explained_as_what_they_are() {
        let host = ASKED.refused(403, false, b"Invalid Host header - possible DNS rebinding attack detected");
        assert_eq!(host.error.kind(), ErrorKind::NotAllowed);
        assert!(host.error.hints()[0].to_string().contains("--allowed-hosts ml.example:5000"), "{:?}", host.error.hints());
        assert!(ASKED.refused(403, false, b"Permission denied").error.hints()[0].to_string().contains("EDIT"));
        let html = ASKED.refused(502, false, b"<html><body>secret page</body></html>");
        assert!(!html.error.to_string().contains("html") && html.effect_unknown);
    }
}
