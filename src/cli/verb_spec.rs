//! A verb: its arguments, what is known of it beside them, and what it does, in one place; and groups of verbs.

use std::sync::LazyLock;

use super::Command;
use super::report::Report;
use super::session::Session;
use crate::error::Result;

/// What help, manual pages, `-o csv` and the tests of the questions want to know of a verb.
#[derive(Debug)]
pub struct VerbSpec {
    /// Its words, such as `ml train`.
    pub words: &'static str,
    /// What each does, and the line to type.
    pub examples: &'static [(&'static str, &'static str)],
    /// The codes it can end with, beside 0, 1 and 2.
    pub exit_codes: &'static [u8],
    /// What it changes, for its manual page.
    pub changes: &'static str,
    /// Whether its result is rows, so that `-o csv` writes it.
    pub has_rows: bool,
    /// The questions it asks: the flag that answers each in a script, and a line that asks it. A test runs each line where
    /// nobody can answer, with version 1 archived, 2 in no stage, 3 in Production and the others in Staging.
    pub questions: &'static [(&'static str, &'static str)],
}

/// What a verb changes that changes nothing.
const NOTHING: &str = "Nothing: it only reads and prints.";

/// What a group changes whose verbs change different things.
const SEE_VERBS: &str = "See the pages of its commands.";

impl VerbSpec {
    /// A verb that only reads, prints no rows and asks nothing; what differs is said beside the verb.
    pub const READING: VerbSpec = VerbSpec { words: "", examples: &[], exit_codes: &[], changes: NOTHING, has_rows: false, questions: &[] };
}

/// The arguments of a verb, and what stands beside them.
pub trait VerbArgs: clap::Args {
    /// What help, manual pages and tests want to know of it.
    const SPEC: &'static VerbSpec;

    /// The same of the verbs behind it, where it is also the name of a group.
    fn below() -> Vec<&'static VerbSpec> {
        Vec::new()
    }

    /// Does what was typed.
    ///
    /// Errors: those of the job.
    fn run(&self, session: &Session<'_>) -> Result<Report>;
}

/// What a word of the command line stands for: a verb, or a group of verbs.
pub trait Runnable {
    /// The verb, or those of the group in the order of the command tree.
    fn specs() -> Vec<&'static VerbSpec>;

    /// Does what was typed.
    ///
    /// Errors: those of the job.
    fn run(&self, session: &Session<'_>) -> Result<Report>;
}

impl<V: VerbArgs> Runnable for V {
    fn specs() -> Vec<&'static VerbSpec> {
        [vec![V::SPEC], V::below()].concat()
    }

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        VerbArgs::run(self, session)
    }
}

/// A group of verbs: a line is a word, as the name of a variant, and the arguments of its verb; a group within the group is
/// marked with `#[command(subcommand)]`. Help, pages, completions, dispatch and [`verbs`] follow from it.
macro_rules! group {
    ($(#[$($about:tt)*])* pub enum $group:ident { $($(#[$($kind:tt)*])* $word:ident($behind:ty),)+ }) => {
        $(#[$($about)*])*
        #[derive(Debug, clap::Subcommand)]
        pub enum $group {
            // Help and pages say of a verb what the first line above its arguments says.
            $($(#[$($kind)*])* #[command(long_about = None)] $word(Box<$behind>),)+
        }

        impl $crate::cli::verb_spec::Runnable for $group {
            fn specs() -> Vec<&'static $crate::cli::verb_spec::VerbSpec> {
                [$(<$behind as $crate::cli::verb_spec::Runnable>::specs()),+].concat()
            }

            fn run(&self, session: &$crate::cli::session::Session<'_>) -> $crate::error::Result<$crate::cli::report::Report> {
                match self {
                    $($group::$word(behind) => $crate::cli::verb_spec::Runnable::run(behind.as_ref(), session),)+
                }
            }
        }
    };
}
pub(in crate::cli) use group;

/// Every verb, in the order of the command tree.
pub fn verbs() -> &'static [&'static VerbSpec] {
    static VERBS: LazyLock<Vec<&VerbSpec>> = LazyLock::new(Command::specs);
    &VERBS
}

/// The verb of these words; `None` for a group of verbs.
pub fn verb(words: &str) -> Option<&'static VerbSpec> {
    verbs().iter().copied().find(|verb| verb.words == words)
}

/// What the command of these words changes. A group changes what its verbs do, where several change the same.
pub fn changes(words: &str) -> &'static str {
    if let Some(verb) = verb(words) {
        return verb.changes;
    }
    // The program by itself prints its help.
    if words.is_empty() {
        return NOTHING;
    }
    let below = verbs().iter().filter(|verb| verb.words.strip_prefix(words).is_some_and(|rest| rest.starts_with(' ')));
    let changes: Vec<&str> = below.map(|verb| verb.changes).filter(|changes| *changes != NOTHING).collect();
    match changes.as_slice() {
        [] => NOTHING,
        [first, second, ..] if changes.iter().all(|changes| changes == first) && first == second => first,
        _ => SEE_VERBS,
    }
}
