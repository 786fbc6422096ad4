//! What each command changes, for its manual page.

/// What the command of these words changes; the longest beginning that is known decides.
pub fn changes(words: &str) -> &'static str {
    if let Some((_, what)) = GROUPS.iter().find(|(group, _)| words == *group) {
        return what;
    }
    let known = CHANGES.iter().filter(|(beginning, _)| words == *beginning || words.starts_with(&format!("{beginning} ")));
    known.max_by_key(|(beginning, _)| beginning.len()).map_or("Nothing: it only reads and prints.", |(_, what)| what)
}

const CHANGES: &[(&str, &str)] = &[
    (
        "ml train",
        "Registers a version of each kind it trains, in Staging where it passes its gate; with --promote-if-better it may change Production. With --dry-run nothing.",
    ),
    ("ml retrain", "As ml train, where the work has changed. With --dry-run nothing."),
    ("ml apply", "What the plan says: the stages of one model and its alias champion, all at once or not at all."),
    (
        "ml models promote",
        "The stages of one model and its alias champion, all at once or not at all. With --dry-run nothing, with --plan-out one file.",
    ),
    (
        "ml models rollback",
        "The stages of one model and its alias champion, all at once or not at all. With --dry-run nothing, with --plan-out one file.",
    ),
    ("ml models archive", "The stage of one version, or of all the older ones in Staging. With --dry-run nothing."),
    ("ml models alias", "One alias of one model."),
    ("ml models tag", "Tags of one version."),
    ("ml models register", "Adds a version in no stage."),
    ("ml models cache list", "Nothing: it only reads and prints."),
    ("ml models cache", "Copies of models on this machine, below the folder for caches; nothing in the registry."),
    ("ml models import", "Adds a version in no stage."),
    ("ml models push", "Adds a version in no stage to the registry that --destination names."),
    ("ml models pull", "Adds a version in no stage."),
    ("ml models export", "Nothing in the registry; it writes the files that it names."),
    (
        "ml backfill",
        "Writes predictions into tickets that have ended without one. With --dry-run nothing, with --errors-only the note of the run alone.",
    ),
    ("ml validate", "Records what it measured in the place of claimed metrics. With --dry-run nothing."),
    ("ml drift check", "Adds the check to the history. With --no-record nothing."),
    ("ml drift watch", "Adds each check to the history."),
    ("ml drift baseline save", "Adds a baseline and makes it the one that checks compare with."),
    ("ml drift baseline set", "Which baseline checks compare with."),
    ("ml predict", "Nothing in the registry; with --out it writes that file."),
    ("ml dataset", "Nothing in the registry; it writes the file that --out names."),
    (
        "config set",
        "One line of a file of settings. With --dry-run nothing. A context is protected as soon as one file protects it; every change of it, in whichever file, and one that takes its protection or its registry away, asks to type its name (--confirm NAME).",
    ),
    (
        "config unset",
        "Removes lines of a file of settings. With --dry-run nothing. A context is protected as soon as one file protects it; every change of it, in whichever file, and one that takes its protection or its registry away, asks to type its name (--confirm NAME).",
    ),
    ("config use", "The line current_context of the user's file of settings."),
    ("doctor", "Nothing; with --create-indexes the indexes that are missing, with --bundle it writes that file."),
    ("runbook run", "What its steps change, each after a question; it writes the record."),
    ("completions", "Nothing; install writes one file below the user's folders."),
];

/// Commands of commands.
const GROUPS: &[(&str, &str)] = &[
    ("ml", "See the pages of its commands."),
    ("ml models", "See the pages of its commands."),
    ("ml drift", "See the pages of its commands."),
    ("ml drift baseline", "See the pages of its commands."),
    ("config", "See the pages of its commands."),
    ("runbook", "See the pages of its commands."),
];
