//! Every way hivectl can fail: one kind, one code, one exit code, one table.
//!
//! An [`Error`] says what failed, with numbers and units; its [`ErrorKind`] fixes the process exit
//! code and the stable `HML-nnnn` code; its hints name the next command to type. Rooms return
//! this type directly, so the face never has to guess a meaning from a text.

use std::fmt;
use std::path::Path;

use crate::base::Hint;

/// Result of anything in hivectl that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! error_kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $exit:literal, $retryable:literal;)*) => {
        /// What kind of failure this is. The number in the code begins with the exit code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorKind { $($(#[$doc])* $name,)* }

        impl ErrorKind {
            /// Every kind, in the order of the exit codes.
            pub const ALL: &'static [ErrorKind] = &[$(ErrorKind::$name,)*];

            /// The stable code, `HML-nnnn`.
            pub fn code(self) -> &'static str { match self { $(ErrorKind::$name => $code,)* } }

            /// The process exit code (README, "Exit codes").
            pub fn exit_code(self) -> u8 { match self { $(ErrorKind::$name => $exit,)* } }

            /// Whether the same command may succeed later without any change by the operator.
            pub fn retryable(self) -> bool { match self { $(ErrorKind::$name => $retryable,)* } }

            /// The kind's name in machine output, snake_case.
            pub fn name(self) -> String { snake_case(match self { $(ErrorKind::$name => stringify!($name),)* }) }
        }
    };
}

fn snake_case(camel: &str) -> String {
    let mut snake = String::with_capacity(camel.len() + 4);
    for (index, letter) in camel.chars().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

error_kinds! {
    /// A bug in hivectl itself.
    Internal = "HML-0100", 1, false;
    /// The words typed do not make a command.
    Usage = "HML-0200", 2, false;
    /// A reference to a model that names no single version.
    AmbiguousReference = "HML-0201", 2, false;
    /// A required gate did not pass.
    GateFailed = "HML-0300", 3, false;
    /// A model, version, alias or stage that does not exist.
    ModelNotFound = "HML-0400", 4, false;
    /// A file or folder that does not exist.
    FileNotFound = "HML-0401", 4, false;
    /// A confirmation is missing, wrong or refused.
    NotConfirmed = "HML-0500", 5, false;
    /// The state moved between looking and changing.
    Conflict = "HML-0600", 6, true;
    /// Another process holds the lock.
    LockHeld = "HML-0700", 7, true;
    /// A person has to decide first.
    Waiting = "HML-0800", 8, true;
    /// A server that cannot be reached, or does not answer in time.
    Unreachable = "HML-0900", 9, true;
    /// A server that answers with an error of its own.
    ServerFailed = "HML-0901", 9, true;
    /// What was waited for did not come in time.
    TimedOut = "HML-0902", 9, true;
    /// Permission denied by the operating system or a server.
    NotAllowed = "HML-1000", 10, false;
    /// Input that cannot be read to its end or has the wrong form.
    BadInput = "HML-1100", 11, false;
    /// A configuration file or environment variable with a wrong value.
    BadConfiguration = "HML-1101", 11, false;
    /// Reading or writing a file failed: disk full, input/output error.
    FileAccess = "HML-1102", 11, true;
    /// A model file or package that cannot be read.
    BadModelFile = "HML-1103", 11, false;
    /// The features a model was trained on are not the ones at hand.
    SchemaMismatch = "HML-1104", 11, false;
    /// A drift baseline that is damaged or of another model.
    BadBaseline = "HML-1105", 11, false;
    /// Some of several parts succeeded.
    PartlyDone = "HML-1200", 12, false;
    /// An invariant of the registry is broken.
    InvariantBroken = "HML-1300", 13, false;
    /// Stored bytes do not match their recorded digest.
    DigestMismatch = "HML-1301", 13, false;
    /// Not enough usable tickets.
    NotEnoughData = "HML-1400", 14, false;
    /// Tickets, but none with a known outcome.
    NoLabels = "HML-1401", 14, false;
    /// A version without a drift baseline.
    NoBaseline = "HML-1402", 14, false;
    /// Ctrl-C, or another SIGINT.
    Interrupted = "HML-13000", 130, true;
    /// SIGTERM, as schedulers send it.
    Terminated = "HML-14300", 143, true;
}

/// A failure: what, why, and what to type next.
#[derive(Debug)]
pub struct Error(Box<Parts>);

#[derive(Debug)]
struct Parts {
    kind: ErrorKind,
    message: String,
    causes: Vec<String>,
    hints: Vec<Hint>,
}

impl Error {
    /// A failure of `kind`; `message` is a lower-case fragment without a full stop.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error(Box::new(Parts { kind, message: message.into(), causes: Vec::new(), hints: Vec::new() }))
    }

    /// Adds a fact that explains the failure, most specific last.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.0.causes.push(cause.to_string());
        self
    }

    /// Adds a remedy: a sentence that contains the command to type.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.0.hints.push(hint.into());
        self
    }

    /// The same failure with each remedy as `change` makes it.
    #[must_use]
    pub fn map_hints(mut self, change: impl FnMut(Hint) -> Hint) -> Self {
        self.0.hints = self.0.hints.into_iter().map(change).collect();
        self
    }

    /// A file operation that failed, told by the operating system's own kind.
    pub fn file(action: &str, path: &Path, source: &std::io::Error) -> Self {
        let kind = match source.kind() {
            std::io::ErrorKind::NotFound => ErrorKind::FileNotFound,
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => ErrorKind::NotAllowed,
            std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof => ErrorKind::BadInput,
            _ => ErrorKind::FileAccess,
        };
        Error::new(kind, format!("cannot {action} {}", path.display())).because(source)
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The message without causes and hints.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The facts that explain the failure.
    pub fn causes(&self) -> &[String] {
        &self.0.causes
    }

    /// The remedies.
    pub fn hints(&self) -> &[Hint] {
        &self.0.hints
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        self.0.causes.iter().try_for_each(|cause| write!(f, ": {cause}"))
    }
}

impl std::error::Error for Error {}

/// Lets linfa's traits carry our error type.
impl From<linfa::Error> for Error {
    fn from(source: linfa::Error) -> Self {
        Error::new(ErrorKind::BadInput, "cannot learn from this data").because(source)
    }
}
