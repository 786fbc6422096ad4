//! Verbs and options of the running system's tools that hivectl answers with the new command, and never executes.

use std::ffi::OsString;

use crate::base::{CommandLine, commands};
use crate::cli::verb_spec::verbs;
use crate::error::{Error, ErrorKind};
use crate::lifecycle::ModelRef;

/// Verbs of the running system's tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Transition,
    Promote,
    Rollback,
    List,
    Alias,
    Compare,
    Register,
    Status,
    /// A training that was told to promote.
    TrainAndPromote,
    /// A verb of `ml` that was typed without it.
    WithoutMl,
}

/// A new command, and a line about each word that has no place in it.
pub type Answer = Result<(CommandLine, Vec<String>), Error>;

const NAME: &[&str] = &["--name", "--model", "--model-name", "--model-type", "--specialist", "--specialist-type", "--type"];
const VERSION: &[&str] = &["--version", "--model-version", "--new-version", "--to-version", "--target-version"];
const STAGE: &[&str] = &["--stage", "--target-stage", "--to-stage"];

/// Flags without a value, where a word behind them is none.
const SWITCHES: [&str; 21] = [
    "--register",
    "--register-model",
    "--promote",
    "--promote-model",
    "--promote-if-better",
    "--rollback",
    "--list",
    "--list-models",
    "--all",
    "--force",
    "--force-gate",
    "--dry-run",
    "--yes",
    "--no-input",
    "--skip-validation",
    "--no-archive-existing",
    "--accessible",
    "--quiet",
    "--verbose",
    "-q",
    "-v",
];

/// Flags that are verbs themselves.
const VERB_FLAGS: [&str; 7] = ["--promote", "--promote-model", "--rollback", "--list", "--list-models", "--register", "--register-model"];

/// The verb of a line of `mlflow`, and the words that it is told by; `None` for another line.
pub fn of_mlflow(words: &[String]) -> Option<(Verb, &[String])> {
    let rest = words.strip_prefix(&["mlflow".to_owned()])?;
    let rest = rest.strip_prefix(&["models".to_owned()]).unwrap_or(rest);
    verb(rest).map(|verb| (verb, rest))
}

/// The refusal of a verb or option that is not hivectl's any more, with the new command; `None` for every other line.
pub fn refused(words: &[OsString]) -> Option<Error> {
    let words: Vec<String> = words.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let typed = Typed::of(&words);
    let verb = typed.verb()?;
    let path: Vec<&str> = typed.plain.iter().map(String::as_str).collect();
    let message = match (verb, path.as_slice()) {
        (Verb::WithoutMl, [first, ..]) => format!("'{first}' is typed as 'ml {first}' now; nothing was executed"),
        (Verb::TrainAndPromote, _) => "'--promote' of ml train is called --promote-if-better now; nothing was executed".into(),
        (_, ["ml", "models", verb @ ("promote" | "rollback"), ..]) => {
            format!("'ml models {verb}' was typed with words of before and was not executed; nothing was changed")
        }
        _ => format!("'{}' is a command of before and was not executed; nothing was changed", verb.word()),
    };
    Some(match now(verb, &words) {
        Ok((command, notes)) => {
            notes.into_iter().fold(Error::new(ErrorKind::Usage, message), Error::because).hint(("type `", command, "`"))
        }
        Err(error) => error,
    })
}

/// The verb of these words, without the program; `None` where they hold none of before.
pub fn verb(words: &[String]) -> Option<Verb> {
    Typed::of(words).verb()
}

impl Verb {
    fn word(self) -> &'static str {
        match self {
            Verb::Transition => "transition-model-version-stage",
            Verb::Promote => "promote",
            Verb::Rollback => "rollback",
            Verb::List => "list",
            Verb::Alias => "alias",
            Verb::Compare => "compare",
            Verb::Register => "register",
            Verb::Status => "status",
            Verb::TrainAndPromote | Verb::WithoutMl => "train",
        }
    }

    fn of_word(word: &str) -> Option<Verb> {
        Some(match word {
            "transition-model-version-stage" | "transition-stage" => Verb::Transition,
            "promote" | "promote-model" => Verb::Promote,
            "rollback" | "rollback-model" => Verb::Rollback,
            "list" | "list-models" => Verb::List,
            "alias" | "set-alias" => Verb::Alias,
            "compare" | "compare-models" => Verb::Compare,
            "register" | "register-model" => Verb::Register,
            "status" => Verb::Status,
            _ => return None,
        })
    }
}

/// A line taken apart: plain words, and flags with what stands behind them.
struct Typed {
    plain: Vec<String>,
    flags: Vec<(String, Option<String>)>,
}

impl Typed {
    fn of(words: &[String]) -> Typed {
        let mut typed = Typed { plain: Vec::new(), flags: Vec::new() };
        let mut rest = words.iter().peekable();
        while let Some(word) = rest.next() {
            match word.split_once('=') {
                _ if !word.starts_with('-') => typed.plain.push(word.clone()),
                Some((flag, value)) => typed.flags.push((flag.to_owned(), Some(value.to_owned()))),
                None if SWITCHES.contains(&word.as_str()) => typed.flags.push((word.clone(), None)),
                None => {
                    let value = rest.next_if(|next| !next.starts_with('-')).cloned();
                    typed.flags.push((word.clone(), value));
                }
            }
        }
        typed
    }

    fn has(&self, flags: &[&str]) -> bool {
        self.flags.iter().any(|(flag, _)| flags.contains(&flag.as_str()))
    }

    /// Takes these flags out; the value of the first that has one.
    fn take(&mut self, names: &[&str]) -> Option<String> {
        let found = names.iter().find_map(|name| self.flags.iter().find(|(flag, value)| flag == name && value.is_some()))?.1.clone();
        self.flags.retain(|(flag, _)| !names.contains(&flag.as_str()));
        found
    }

    fn verb(&self) -> Option<Verb> {
        let path: Vec<&str> = self.plain.iter().map(String::as_str).collect();
        let old = self.has(STAGE) || self.has(VERSION);
        match path.as_slice() {
            ["ml" | "models", rest @ ..] if rest.iter().take(2).any(|word| Verb::of_word(word) == Some(Verb::Transition)) => {
                Some(Verb::Transition)
            }
            ["ml", "models"] | ["ml"] | [] if self.has(&["--promote", "--promote-model"]) => Some(Verb::Promote),
            ["ml", "models"] | ["ml"] | [] if self.has(&["--rollback"]) => Some(Verb::Rollback),
            ["ml", "models"] | ["ml"] | [] if self.has(&["--register", "--register-model"]) => Some(Verb::Register),
            ["ml", "models"] | ["ml"] | [] if self.has(&["--alias"]) => Some(Verb::Alias),
            ["ml", "models"] | ["ml"] | [] if self.has(&["--list", "--list-models"]) => Some(Verb::List),
            ["ml", "models", "promote", rest @ ..] if old || rest.len() > 1 => Some(Verb::Promote),
            ["ml", "models", "rollback", rest @ ..] if self.has(VERSION) || rest.len() > 1 => Some(Verb::Rollback),
            ["ml", "train", ..] if self.has(&["--promote", "--promote-model"]) => {
                Some(if self.has(VERSION) { Verb::Promote } else { Verb::TrainAndPromote })
            }
            ["ml", word, ..] | [word, ..] if Verb::of_word(word).is_some() => Verb::of_word(word),
            [word, ..] if is_word_of_ml(word) && !is_command(word) => Some(Verb::WithoutMl),
            _ => None,
        }
    }

    /// The plain words behind the verb.
    fn behind(&self) -> Vec<String> {
        let verb = self.plain.iter().position(|word| Verb::of_word(word).is_some());
        verb.map(|at| self.plain[at + 1..].to_vec()).unwrap_or_default()
    }
}

/// Whether `word` is a verb or a group of `ml`.
fn is_word_of_ml(word: &str) -> bool {
    verbs().iter().any(|verb| verb.words.split(' ').take(2).eq(["ml", word]))
}

/// Whether a command begins with `word`.
fn is_command(word: &str) -> bool {
    verbs().iter().any(|verb| verb.words.split(' ').next() == Some(word))
}

/// What a verb is about; capitals stand for what was not said.
struct About {
    name: String,
    version: Option<String>,
    /// A reference that was typed as one.
    whole: Option<String>,
}

impl About {
    fn of(typed: &mut Typed, behind: &[String]) -> About {
        let first = behind.first();
        let whole = first.filter(|word| word.contains(['@', '#', ':']) && word.parse::<ModelRef>().is_ok()).cloned();
        let named = whole.as_ref().and_then(|word| word.parse::<ModelRef>().ok()).map(|reference| reference.name);
        let name = typed.take(NAME).or(named).or_else(|| first.cloned()).unwrap_or_else(|| "NAME".into());
        let version = typed.take(VERSION).or_else(|| behind.iter().skip(1).find(|word| word.parse::<u32>().is_ok()).cloned());
        About { name, version, whole }
    }

    fn reference(&self) -> String {
        let version = self.version.as_deref().unwrap_or("VERSION");
        self.whole.clone().unwrap_or_else(|| format!("{}@{version}", self.name))
    }
}

/// The command that does now what `verb` did with these words.
///
/// Errors: a stage that is none, with the four that are.
pub fn now(verb: Verb, words: &[String]) -> Answer {
    let mut typed = Typed::of(words);
    let behind = typed.behind();
    let command = match verb {
        Verb::WithoutMl => return Ok((commands::of_words([&["ml".to_owned()], words].concat()), Vec::new())),
        Verb::TrainAndPromote => return Ok((commands::of_words(promoting(words)), Vec::new())),
        Verb::List | Verb::Status => typed.take(NAME).map_or_else(commands::models_list, commands::models_list_of),
        Verb::Alias => {
            let alias = typed.take(&["--alias"]).or(behind.first().cloned()).unwrap_or_else(|| "ALIAS".into());
            let about = About::of(&mut typed, &[]);
            let version = about.version.unwrap_or_else(|| "VERSION".into());
            commands::models_alias_set(&about.name, alias, version)
        }
        Verb::Register => {
            let path = typed.take(&["--model-path", "--path", "--model-uri"]).unwrap_or_else(|| "PATH".into());
            commands::models_register(path, &About::of(&mut typed, &[]).name)
        }
        Verb::Compare => {
            let about = About::of(&mut typed, &behind);
            commands::models_compare(format!("{}#production", about.name), about.reference())
        }
        Verb::Rollback => {
            let about = About::of(&mut typed, &behind);
            match about.version.or_else(|| typed.take(&["--to"])) {
                Some(version) => commands::models_rollback_to(&about.name, version),
                None => commands::models_rollback(&about.name),
            }
        }
        Verb::Transition | Verb::Promote => {
            let about = About::of(&mut typed, &behind);
            let stage =
                typed.take(STAGE).or_else(|| typed.take(&["--to"])).or_else(|| behind.iter().skip(1).find(|word| is_stage(word)).cloned());
            into_stage(verb, &about, stage.as_deref())?
        }
    };
    Ok(with_the_rest(command, typed, verb))
}

fn is_stage(word: &str) -> bool {
    ["none", "staging", "production", "archived"].contains(&word.to_ascii_lowercase().as_str())
}

/// Out of service is a command of its own, and never a promotion.
fn into_stage(verb: Verb, about: &About, stage: Option<&str>) -> Result<CommandLine, Error> {
    let reference = about.reference();
    match stage.map(str::to_ascii_lowercase).as_deref() {
        Some("archived" | "none") => Ok(commands::models_archive(reference)),
        Some("staging") => Ok(commands::models_promote_to(reference, "staging")),
        None if verb == Verb::Transition => Ok(commands::models_promote_to(reference, "STAGE")),
        None | Some("production") => Ok(commands::models_promote(reference)),
        Some(_) => {
            let stage = stage.unwrap_or_default();
            Err(Error::new(
                ErrorKind::Usage,
                format!("'{stage}' is no stage: there are None, Staging, Production and Archived; nothing was executed"),
            )
            .hint((
                "type `",
                commands::models_promote(&reference),
                "` for Production, with `--to staging` for Staging; `",
                commands::models_archive(&reference),
                "` takes it out of service",
            )))
        }
    }
}

/// The command with the other flags that it takes, and a line about each that it does not.
fn with_the_rest(mut command: CommandLine, typed: Typed, verb: Verb) -> (CommandLine, Vec<String>) {
    let mut notes = Vec::new();
    for (flag, value) in typed.flags {
        let flag = if flag == "--description" && value.is_some() { "--reason".to_owned() } else { flag };
        let is_verb = VERB_FLAGS.contains(&flag.as_str());
        if is_verb || matches!(flag.as_str(), "-o" | "--output") {
            continue;
        }
        match takes(&command, &flag) {
            Some(true) => command = commands::with_words(command, value.into_iter().flat_map(|value| [flag.clone(), value])),
            Some(false) => command = commands::with_words(command, [flag]),
            None if flag == "--all" && verb == Verb::Rollback => {
                let list = commands::models_list();
                notes.push(format!("--all has no place in the new command: each model is rolled back by itself; `{list}` names them"));
            }
            None => notes.push(format!("{flag} has no place in the new command")),
        }
    }
    (command, notes)
}

/// Whether a command takes this flag, and a value with it.
fn takes(command: &CommandLine, flag: &str) -> Option<bool> {
    let root = crate::cli::command();
    let long = flag.strip_prefix("--")?;
    let mut at = &root;
    let mut argument = None;
    for word in command.words() {
        argument = argument.or_else(|| at.get_arguments().find(|argument| argument.is_global_set() && argument.get_long() == Some(long)));
        match at.find_subcommand(word) {
            Some(child) => at = child,
            None => break,
        }
    }
    let argument = argument.or_else(|| at.get_arguments().find(|argument| argument.get_long() == Some(long)))?;
    Some(argument.get_action().takes_values())
}

/// A training with its promotion as it is called now, and every other old flag in its new form.
fn promoting(words: &[String]) -> Vec<String> {
    let program = OsString::from("hivectl");
    let is_promote = |word: &String| word == "--promote" || word == "--promote-model";
    let others = words.iter().filter(|word| !is_promote(word) && *word != "--promote-if-better");
    let typed: Vec<OsString> = std::iter::once(program).chain(others.map(OsString::from)).collect();
    let (renamed, _) = super::former::renamed(&typed);
    let renamed = renamed.iter().skip(1).map(|word| word.to_string_lossy().into_owned());
    renamed.chain(["--promote-if-better".to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(line: &str) -> Option<Error> {
        refused(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn old_verbs_are_refused_with_the_new_command() {
        for (old, new) in [
            ("hivectl ml models transition-model-version-stage --name N --version 3 --stage Production", "hivectl ml models promote N@3"),
            ("hivectl ml models transition-model-version-stage --name N --version 3 --stage ARCHIVED", "hivectl ml models archive N@3"),
            ("hivectl ml models transition-model-version-stage --name N --version 3 --stage None", "hivectl ml models archive N@3"),
            ("hivectl ml models transition-model-version-stage --name N --version 3", "hivectl ml models promote N@3 --to STAGE"),
            (
                "hivectl --promote --model-type duration --model-version 7 --target-stage Staging",
                "hivectl ml models promote duration@7 --to staging",
            ),
            ("hivectl ml promote --model M --version 2 --reason x", "hivectl ml models promote M@2 --reason x"),
            ("hivectl promote M@3 --registry a.db", "hivectl ml models promote M@3 --registry a.db"),
            ("hivectl --registry a.db ml promote M 3 staging", "hivectl ml models promote M@3 --to staging --registry a.db"),
            ("hivectl ml models promote M 3", "hivectl ml models promote M@3"),
            ("hivectl ml models promote M@1 --stage Archived", "hivectl ml models archive M@1"),
            ("hivectl ml models promote M@1 --target-stage=staging --dry-run", "hivectl ml models promote M@1 --to staging --dry-run"),
            ("hivectl ml models rollback M --to-version 2", "hivectl ml models rollback M --to 2"),
            ("hivectl rollback --specialist T --to-version 4", "hivectl ml models rollback T --to 4"),
            ("hivectl rollback M 4", "hivectl ml models rollback M --to 4"),
            ("hivectl ml status", "hivectl ml models list"),
            ("hivectl train --model duration", "hivectl ml train --model duration"),
            (
                "hivectl ml train --promote --model-type duration --tickets t.csv",
                "hivectl ml train --model duration --tickets t.csv --promote-if-better",
            ),
        ] {
            let found = refusal(old).map(|error| error.hints()[0].to_string());
            assert_eq!(found, Some(format!("type `{new}`")), "{old}");
        }
        for line in [
            "hivectl ml models promote N@3",
            "hivectl ml models promote N@3 --to staging --reason x",
            "hivectl ml models rollback N --to 3",
            "hivectl ml models list --stage staging",
            "hivectl ml train --promote-if-better",
            "hivectl ml models list",
            "hivectl version",
            "hivectl man ml models promote",
        ] {
            assert!(refusal(line).is_none(), "{line}");
        }
    }

    #[test]
    fn what_has_no_place_is_told_and_an_unknown_stage_is_none() {
        let refused = refusal("hivectl rollback --all --reason x").expect("a refusal");
        assert!(refused.causes()[0].starts_with("--all has no place"), "{refused}");
        let refused = refusal("hivectl ml models transition-model-version-stage --name N --version 3 --stage Bogus").expect("a refusal");
        assert!(refused.message().contains("'Bogus' is no stage: there are None, Staging, Production and Archived"), "{refused}");
        let without = refusal("hivectl train --model duration").expect("a refusal");
        assert_eq!(without.message(), "'train' is typed as 'ml train' now; nothing was executed");
    }
}
