//! What is known of a verb beside its arguments, which stands beside them, and the list of all verbs.

use super::{audit, completions, config, doctor, explain, man, ml, runbook, version};

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

/// Every verb. The examples run in this order in an empty home, beside `examples/`.
pub const VERBS: &[&VerbSpec] = &[
    &ml::dataset::SYNTHETIC_SPEC,
    &ml::train::SPEC,
    &ml::models::list::SPEC,
    &ml::models::show::SPEC,
    &ml::models::compare::SPEC,
    &ml::validate::SPEC,
    &ml::drift::check::SPEC,
    &ml::drift::watch::SPEC,
    &ml::drift::history::SPEC,
    &ml::drift::baseline::SAVE_SPEC,
    &ml::drift::baseline::LIST_SPEC,
    &ml::drift::baseline::SHOW_SPEC,
    &ml::drift::baseline::SET_SPEC,
    &ml::retrain::SPEC,
    &ml::predict::SPEC,
    &ml::backfill::SPEC,
    &ml::stats::SPEC,
    &ml::dataset::FEATURES_SPEC,
    &ml::models::promote::SPEC,
    &ml::apply::SPEC,
    &ml::models::rollback::SPEC,
    &ml::models::history::SPEC,
    &ml::models::alias::SET_SPEC,
    &ml::models::alias::UNSET_SPEC,
    &ml::models::tag::SPEC,
    &ml::models::archive::SPEC,
    &ml::models::verify::SPEC,
    &ml::models::export::EXPORT_SPEC,
    &ml::models::export::IMPORT_SPEC,
    &ml::models::copy::PUSH_SPEC,
    &ml::models::copy::PULL_SPEC,
    &ml::models::register::SPEC,
    &ml::models::cache::LIST_SPEC,
    &ml::models::cache::WARM_SPEC,
    &ml::models::cache::CLEAR_SPEC,
    &ml::models::inspect::SPEC,
    &version::SPEC,
    &doctor::SPEC,
    &audit::LOG_SPEC,
    &audit::SHOW_SPEC,
    &audit::VERIFY_SPEC,
    &config::list::LIST_SPEC,
    &config::change::SET_SPEC,
    &config::list::GET_SPEC,
    &config::contexts::CONTEXTS_SPEC,
    &config::contexts::USE_SPEC,
    &config::contexts::CHECK_SPEC,
    &config::list::PATH_SPEC,
    &config::change::UNSET_SPEC,
    &runbook::show::LIST_SPEC,
    &runbook::show::SHOW_SPEC,
    &runbook::run::SPEC,
    &explain::SPEC,
    &completions::SPEC,
    &man::SPEC,
];

/// The verb of these words; `None` for a group of verbs.
pub fn verb(words: &str) -> Option<&'static VerbSpec> {
    VERBS.iter().copied().find(|verb| verb.words == words)
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
    let below = VERBS.iter().filter(|verb| verb.words.strip_prefix(words).is_some_and(|rest| rest.starts_with(' ')));
    let changes: Vec<&str> = below.map(|verb| verb.changes).filter(|changes| *changes != NOTHING).collect();
    match changes.as_slice() {
        [] => NOTHING,
        [first, second, ..] if changes.iter().all(|changes| changes == first) && first == second => first,
        _ => SEE_VERBS,
    }
}
