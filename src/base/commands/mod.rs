//! Every command that hivectl suggests, one function each; [`super::command_examples`] has one of each.
//!
//! Nothing else can make a command, so that a test which parses the examples with the real command tree has seen all of
//! them. Words in capitals, such as `FILE`, are for the reader to fill in.

mod models;

use std::fmt::Display;

use super::CommandLine;
use super::command_line::PROGRAM;

pub use self::models::*;

/// A command that only reads.
fn reads(verb: &str) -> CommandLine {
    CommandLine::reading(verb)
}

/// A command that changes something.
fn changes(verb: &str) -> CommandLine {
    CommandLine::changing(verb)
}

/// The command that was typed, the program first.
pub fn typed(words: impl IntoIterator<Item = String>) -> CommandLine {
    CommandLine::of_words(words)
}

/// A command of these words, without the program, as somebody typed them for an older tool.
pub fn of_words(words: impl IntoIterator<Item = String>) -> CommandLine {
    typed([PROGRAM.to_owned()].into_iter().chain(words))
}

/// `command` with words behind it that the operator typed.
pub fn with_words(command: CommandLine, words: impl IntoIterator<Item = String>) -> CommandLine {
    words.into_iter().fold(command, CommandLine::with)
}

/// Trains.
pub fn train() -> CommandLine {
    changes("ml train")
}

/// Trains on the tickets of a place, such as `FILE`.
pub fn train_on(tickets: impl Display) -> CommandLine {
    train().option("--tickets", tickets)
}

/// Trains into another registry.
pub fn train_into(registry: impl Display) -> CommandLine {
    train().option("--registry", registry).option("--tickets", "FILE")
}

/// Trains with another feature set.
pub fn train_with_features(features: impl Display) -> CommandLine {
    train().option("--features", features)
}

/// Trains a model of a kind anew, of a variant and under a name where these are not the usual ones of the kind, and
/// promotes what is better.
pub fn train_and_promote(kind: &str, variant: Option<&str>, name: Option<&str>) -> CommandLine {
    let train = train().option("--model", kind);
    let train = variant.into_iter().fold(train, |train, variant| train.option("--variant", variant));
    let train = name.into_iter().fold(train, |train, name| train.option("--name", name));
    train.with("--promote-if-better").option("--tickets", "FILE")
}

/// Trains models of a word anew, beside those that serve, and writes nothing.
pub fn train_dry_run(word: &str) -> CommandLine {
    reads("ml train").option("--model", word).with("--dry-run").option("--tickets", "FILE")
}

/// Retrains for ever, one line a round.
pub fn retrain_watching() -> CommandLine {
    changes("ml retrain").with("--watch").option("-o", "jsonl")
}

/// Applies a plan.
pub fn apply(file: impl Display) -> CommandLine {
    changes("ml apply").with(file)
}

/// Measures what is in service, as far as it is recorded.
pub fn validate() -> CommandLine {
    changes("ml validate")
}

/// Measures what is in service on tickets.
pub fn validate_on_tickets() -> CommandLine {
    validate().option("--tickets", "FILE")
}

/// Measures one version on tickets.
pub fn validate_version(reference: impl Display) -> CommandLine {
    validate().with(reference).option("--tickets", "FILE")
}

/// Measures one version on a table of its own columns.
pub fn validate_on_table(reference: impl Display) -> CommandLine {
    reads("ml validate").with(reference).option("--test-data", "FILE")
}

/// Judges model files on their test data, with a report about each.
pub fn validate_files_reported() -> CommandLine {
    reads("ml validate").option("--models-dir", "DIR").option("--test-data", "DIR").option("--report", "DIR")
}

/// Looks at files, features, stages and age alone.
pub fn validate_without_metrics() -> CommandLine {
    reads("ml validate").with("--no-metrics")
}

/// Predicts with a version.
pub fn predict(reference: impl Display) -> CommandLine {
    reads("ml predict").option("--model", reference).option("--tickets", "FILE")
}

/// Predicts with a version for rows of its own columns.
pub fn predict_rows(reference: impl Display) -> CommandLine {
    reads("ml predict").option("--model", reference).option("--rows", "FILE")
}

/// Forecasts with a model of Prophet's.
pub fn forecast_with(reference: impl Display) -> CommandLine {
    reads("ml forecast").option("--model", reference)
}

/// Forecasts with a version that counts tickets.
pub fn forecast_tickets_with(reference: impl Display) -> CommandLine {
    forecast_with(reference).option("--tickets", "FILE")
}

/// Compares a window of tickets with what the duration model learned from.
pub fn drift_check() -> CommandLine {
    changes("ml drift check").option("--tickets", "FILE")
}

/// The same for a version.
pub fn drift_check_of(reference: impl Display) -> CommandLine {
    changes("ml drift check").option("--model", reference).option("--tickets", "FILE")
}

/// The same over a window of so many days.
pub fn drift_check_over(reference: impl Display, window_days: f64) -> CommandLine {
    changes("ml drift check").option("--model", reference).option("--window-days", window_days).option("--tickets", "FILE")
}

/// Compares a window with earlier tickets, for want of a baseline.
pub fn drift_check_against_earlier(reference: impl Display) -> CommandLine {
    changes("ml drift check").option("--model", reference).option("--against-days", 30).option("--tickets", "FILE")
}

/// The checks so far.
pub fn drift_history() -> CommandLine {
    reads("ml drift history")
}

/// The trainings and checks that ran.
pub fn jobs_list() -> CommandLine {
    reads("ml jobs list")
}

/// One training or check.
pub fn jobs_show(id: impl Display) -> CommandLine {
    reads("ml jobs show").with(id)
}

/// What checks can compare with.
pub fn baseline_list() -> CommandLine {
    reads("ml drift baseline list")
}

/// The baselines of one model.
pub fn baseline_list_of(name: impl Display) -> CommandLine {
    baseline_list().with(name)
}

/// Makes a baseline of a version.
pub fn baseline_save(reference: impl Display) -> CommandLine {
    changes("ml drift baseline save").with(reference).option("--tickets", "FILE")
}

/// Makes a baseline that the running system reads.
pub fn baseline_save_to_mongodb(reference: impl Display) -> CommandLine {
    changes("ml drift baseline save").with(reference).with("--baseline-to-mongodb")
}

/// Chooses the baseline that checks of a version compare with.
pub fn baseline_set(reference: impl Display, number: u32) -> CommandLine {
    changes("ml drift baseline set").with(reference).with(number)
}

/// Writes predictions into the tickets of a server.
pub fn backfill_on(tickets: impl Display) -> CommandLine {
    changes("ml backfill").option("--tickets", tickets)
}

/// Writes the predictions of one model.
pub fn backfill_with(reference: impl Display) -> CommandLine {
    changes("ml backfill").option("--model", reference)
}

/// Goes on where the last run ended.
pub fn backfill_resume() -> CommandLine {
    changes("ml backfill").with("--resume")
}

/// Puts back what a backfill wrote over.
pub fn backfill_undo(run: impl Display) -> CommandLine {
    changes("ml backfill undo").with(run)
}

/// How far the model is off.
pub fn backfill_errors() -> CommandLine {
    changes("ml backfill").with("--errors-only")
}

/// How far the model is off on the tickets of a file.
pub fn backfill_errors_on(tickets: impl Display) -> CommandLine {
    backfill_errors().option("--tickets", tickets)
}

/// Everything that hivectl stands on.
pub fn doctor() -> CommandLine {
    reads("doctor")
}

/// The server with the tickets.
pub fn doctor_mongodb() -> CommandLine {
    doctor().option("--check", "mongodb")
}

/// The same with the time that looking at all tickets takes.
pub fn doctor_mongodb_in(timeout: &str) -> CommandLine {
    doctor_mongodb().option("--timeout", timeout)
}

/// Makes the indexes that are missing.
pub fn doctor_create_indexes() -> CommandLine {
    changes("doctor").option("--check", "mongodb").with("--create-indexes")
}

/// Everything, and the server of this address.
pub fn doctor_on(tickets: impl Display) -> CommandLine {
    doctor().option("--tickets", tickets)
}

/// The log of changes.
pub fn audit_log() -> CommandLine {
    reads("audit log")
}

/// Every setting with its origin.
pub fn config_list() -> CommandLine {
    reads("config list")
}

/// One setting with its origin.
pub fn config_get(key: impl Display) -> CommandLine {
    reads("config get").with(key)
}

/// Which files are read.
pub fn config_path() -> CommandLine {
    reads("config path")
}

/// The contexts.
pub fn config_contexts() -> CommandLine {
    reads("config contexts")
}

/// Whether the settings are sound.
pub fn config_check() -> CommandLine {
    reads("config check")
}

/// Makes a context the current one.
pub fn config_use(context: impl Display) -> CommandLine {
    changes("config use").with(context)
}

/// Sets a value.
pub fn config_set(key: &str, value: impl Display) -> CommandLine {
    changes("config set").with(key).with(value)
}

/// Sets the registry of a context, and makes the context.
pub fn config_set_registry(context: impl Display) -> CommandLine {
    config_set("registry", "PLACE").option("--context", context)
}

/// Forgets the current context of the user's file.
pub fn config_unset_context() -> CommandLine {
    changes("config unset").with("current_context")
}

/// Forgets the current context of the project's file.
pub fn config_unset_project_context() -> CommandLine {
    config_unset_context().with("--project")
}

/// The runbooks.
pub fn runbook_list() -> CommandLine {
    reads("runbook list")
}

/// The runbooks with the alerts that they are for.
pub fn runbook_list_of_alerts() -> CommandLine {
    runbook_list().option("-o", "wide")
}

/// One runbook to read.
pub fn runbook_show(id: &str) -> CommandLine {
    reads("runbook show").with(id)
}

/// One runbook, step by step.
pub fn runbook_run(id: &str) -> CommandLine {
    changes("runbook run").with(id)
}

/// Goes on with a run of a runbook, at its registry and in its context.
pub fn runbook_resume(id: &str, registry: &str, context: Option<&str>, record: impl Display) -> CommandLine {
    let run = runbook_run(id).option("--registry", registry);
    let run = context.into_iter().fold(run, |run, context| run.option("--context", context));
    run.option("--resume", record)
}

/// What an error code, an alert or a script means.
pub fn explain(word: &str) -> CommandLine {
    reads("explain").with(word)
}

/// The commands.
pub fn help() -> CommandLine {
    reads("help")
}

/// The help of a command.
pub fn help_of(verb: &str) -> CommandLine {
    verb.split(' ').fold(help(), CommandLine::with)
}

/// A manual page.
pub fn man(verb: &str) -> CommandLine {
    verb.split(' ').fold(reads("man"), CommandLine::with)
}

/// The version.
pub fn version() -> CommandLine {
    reads("version")
}

/// Completions for a shell, printed.
pub fn completions(shell: &str) -> CommandLine {
    reads("completions").with(shell)
}

/// Completions for a shell, put where it looks.
pub fn completions_install(shell: impl Display) -> CommandLine {
    changes("completions install").option("--shell", shell)
}
