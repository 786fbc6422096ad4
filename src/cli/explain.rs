//! `hivectl explain`.

use clap::Args;
use serde_json::json;

use super::report::Report;
use crate::error::{Error, ErrorKind, Result};

/// Say what an error code means
///
/// Works without any server. Reads nothing and changes nothing.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The code at the end of an error, such as HML-1400
    pub code: String,
}

impl ExplainArgs {
    pub fn run(&self) -> Result<Report> {
        let wanted = self.code.to_ascii_uppercase();
        let Some(kind) = ErrorKind::ALL.iter().copied().find(|kind| kind.code() == wanted) else {
            let codes: Vec<&str> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
            return Err(Error::new(ErrorKind::Usage, format!("there is no error code '{}'", self.code))
                .hint(format!("the codes are {}", codes.join(" "))));
        };
        let page = page(kind);
        let data = json!({ "code": kind.code(), "kind": kind.name(), "exit_code": kind.exit_code(), "retryable": kind.retryable(), "meaning": page.meaning, "remedy": page.remedy });
        let text = format!("{} (exit code {})\n\n{}\n\nWhat to do: {}\n", kind.code(), kind.exit_code(), page.meaning, page.remedy);
        Ok(Report::plain("hivectl.explain/v1", text).with_data(data))
    }
}

struct Page {
    meaning: &'static str,
    remedy: &'static str,
}

fn page(kind: ErrorKind) -> Page {
    let (meaning, remedy) = match kind {
        ErrorKind::Internal => (
            "hivectl met a state that its authors thought impossible. Nothing you typed is to blame.",
            "run the command again with -v and report its output with `hivectl version`.",
        ),
        ErrorKind::Usage => (
            "The words typed do not make a command.",
            "read the line that names the word; `--help` after the command shows three examples.",
        ),
        ErrorKind::AmbiguousReference => (
            "A change needs one version, and the reference names a model only.",
            "add the version: NAME@7, NAME@latest or NAME#staging; `hivectl ml models list NAME` shows what there is.",
        ),
        ErrorKind::GateFailed => (
            "The model was trained and registered, but it does not pass a required gate, and --require-gate was given.",
            "`hivectl ml models show NAME@VERSION` shows each criterion with its number; train on more tickets (--window-days) or change the policy on purpose.",
        ),
        ErrorKind::ModelNotFound => (
            "The registry has no such model, version, alias or stage.",
            "`hivectl ml models list` shows what there is; the first line of an error names the registry that was asked.",
        ),
        ErrorKind::FileNotFound => {
            ("A file or folder that the command names does not exist.", "check the path; globs must match at least one file.")
        }
        ErrorKind::NotConfirmed => (
            "The change needs a confirmation that was not given: no terminal to ask on, or another answer.",
            "repeat the command with the flag that the error names.",
        ),
        ErrorKind::Conflict => {
            ("The state moved between looking at it and changing it; nothing was changed.", "look again, then repeat the command.")
        }
        ErrorKind::LockHeld => ("Another process is writing to the same registry.", "wait, or repeat with a longer --lock-timeout."),
        ErrorKind::Waiting => (
            "A person has to decide before the work can go on; nothing was changed.",
            "the message says what is to be decided and prints the complete command for each choice.",
        ),
        ErrorKind::Unreachable => (
            "A server could not be reached, or did not answer within --timeout. What was written before stays written.",
            "check host, port, network and TLS; repeat the command, for slow queries with a longer --timeout.",
        ),
        ErrorKind::ServerFailed => (
            "A server was reached and answered with an error of its own.",
            "read the server's words in the message and its log; repeat the command once it is mended.",
        ),
        ErrorKind::TimedOut => {
            ("What was waited for did not come in the time that was given.", "wait longer (--timeout), or see what holds it up.")
        }
        ErrorKind::NotAllowed => {
            ("The operating system or a server refused permission.", "check who you are and who owns the path that the message names.")
        }
        ErrorKind::BadInput => (
            "Tickets could not be read to their end, or have a form that hivectl does not know. Nothing was trained or written.",
            "the message names file and line; repair or cut the file there.",
        ),
        ErrorKind::BadConfiguration => (
            "A configuration file, policy or environment variable holds a value that does not fit.",
            "the message names the place; `hivectl config list` shows every value with its origin.",
        ),
        ErrorKind::FileAccess => (
            "The operating system could not read or write a file, for instance because the disk is full. What was there before is unchanged.",
            "make room or mend the disk, then repeat the command.",
        ),
        ErrorKind::BadModelFile => (
            "A model file is damaged, or of a kind that hivectl cannot read.",
            "the message says what is wrong at which place; register the model again from its source.",
        ),
        ErrorKind::SchemaMismatch => (
            "The features a model was trained on are not the features at hand; a prediction would be meaningless.",
            "use the schema that `hivectl ml models show NAME@VERSION` names.",
        ),
        ErrorKind::BadBaseline => (
            "The stored drift baseline is damaged, of a newer form, or belongs to another model.",
            "`hivectl ml drift baseline list` shows what there is; make one anew with `hivectl ml drift baseline save REF --tickets FILE`.",
        ),
        ErrorKind::PartlyDone => {
            ("Some parts of the work were done and some failed; the report names each.", "repeat the command for the parts that failed.")
        }
        ErrorKind::InvariantBroken => (
            "The registry breaks a rule that must always hold, for instance two versions in Production.",
            "look at `hivectl ml models list NAME -o wide` and archive one of the two with the tool that made it.",
        ),
        ErrorKind::DigestMismatch => (
            "The stored bytes of a model are not those that were registered.",
            "do not use this version; register the model again from its source.",
        ),
        ErrorKind::NotEnoughData => {
            ("Fewer usable tickets than --min-samples.", "widen --window-days, or lower --min-samples knowing that the model will be weak.")
        }
        ErrorKind::NoLabels => (
            "There are tickets, but none says how long it took.",
            "see which reasons the message counts; --label derived uses completed_at and started_at, --status widens which tickets count.",
        ),
        ErrorKind::NoBaseline => (
            "The version has no drift baseline: it was made by another tool, or by a hivectl that kept none. Nothing was compared.",
            "`hivectl ml drift baseline save REF --tickets FILE` makes one, or compare with earlier tickets: --against-days 30.",
        ),
    };
    Page { meaning, remedy }
}
