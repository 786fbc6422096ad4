//! What the guides of the running system type, and what to type now.
//!
//! Old flags of a command that is still there are understood ([`renamed`]); old verbs are not executed, and the refusal
//! holds the new command filled in ([`refused`]); scripts, jobs and endpoints are explained ([`explained`]).

use std::ffi::OsString;

use crate::cli::prompt::quoted;
use crate::error::{Error, ErrorKind};

/// Flags that got another name; they work everywhere below `ml`.
const FLAGS: [(&str, &str); 5] = [
    ("--model-type", "--model"),
    ("--training-window-days", "--window-days"),
    ("--hyperparameter-tuning", "--tune"),
    ("--model-algorithm", "--algorithm"),
    ("--days-back", "--window-days"),
];

/// Switches that used to take `true` or `false`.
const SWITCHES: [&str; 3] = ["--tune", "--promote-if-better", "--backfill-errors"];

/// The words with every old flag in its new form, and a line about each; the words themselves where none is old.
pub fn renamed(words: &[OsString]) -> (Vec<OsString>, Vec<String>) {
    let mut notes = Vec::new();
    if words.get(1).is_some_and(|word| word == "explain") {
        return (forms_first(words), notes);
    }
    if words.get(1).is_none_or(|word| word != "ml") {
        return (words.to_vec(), notes);
    }
    let watches = words.iter().any(|word| word == "watch");
    let mut new: Vec<OsString> = Vec::with_capacity(words.len());
    let mut rest = words.iter().peekable();
    while let Some(word) = rest.next() {
        let Some(text) = word.to_str().filter(|text| text.starts_with("--")) else {
            new.push(word.clone());
            continue;
        };
        let (flag, value) = text.split_once('=').map_or((text, None), |(flag, value)| (flag, Some(value)));
        let known = FLAGS.iter().find(|(old, _)| *old == flag).map(|(_, now)| *now);
        let known = known.or_else(|| (flag == "--check-once" && watches).then_some("--once"));
        let now = known.unwrap_or(flag);
        if let Some(now) = known {
            notes.push(format!("{flag} is called {now} now"));
        }
        let next = rest.peek().and_then(|word| word.to_str());
        let switch = SWITCHES.contains(&now).then(|| value.or(next.filter(|word| matches!(*word, "true" | "false")))).flatten();
        match switch {
            Some(stated) => {
                if value.is_none() {
                    rest.next();
                }
                if known.is_none() {
                    notes.push(format!("{flag} takes no value now: it is given, or left out"));
                }
                if stated != "false" {
                    new.push(now.into());
                }
            }
            None => new.push(value.map_or_else(|| now.into(), |value| format!("{now}={value}").into())),
        }
    }
    (new, notes)
}

/// Behind `explain` every word belongs to what is explained, but for the form of the answer.
fn forms_first(words: &[OsString]) -> Vec<OsString> {
    let (mut forms, mut others) = (Vec::new(), Vec::new());
    let mut rest = words.iter().skip(2).cloned();
    while let Some(word) = rest.next() {
        match word.to_str() {
            Some("-o" | "--output") => forms.extend([word].into_iter().chain(rest.next())),
            Some(text) if text == "-q" || text.starts_with("--output=") || (text.starts_with("-o") && text.len() > 2) => forms.push(word),
            _ => others.push(word),
        }
    }
    words.iter().take(2).cloned().chain(forms).chain(others).collect()
}

/// The refusal of a verb that is not hivectl's any more, with the new command; `None` for every other line.
pub fn refused(words: &[OsString]) -> Option<Error> {
    let words: Vec<String> = words.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let verb = verb(&words)?;
    let command = now(verb, &words);
    Some(
        Error::new(ErrorKind::Usage, format!("'{}' is a command of before and was not executed; nothing was changed", verb.word()))
            .hint(format!("type `{command}`")),
    )
}

/// Verbs of the running system's tools.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Transition,
    Promote,
    Rollback,
    List,
    Alias,
    Compare,
    Register,
    Status,
    /// A verb of `ml` that was typed without it.
    WithoutMl,
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
            Verb::WithoutMl => "a verb without ml",
        }
    }
}

fn verb(words: &[String]) -> Option<Verb> {
    let path: Vec<&str> = words.iter().map(String::as_str).take_while(|word| !word.starts_with('-')).collect();
    let has = |flag: &str| words.iter().any(|word| word == flag);
    let by_word = |word: &str| match word {
        "promote" | "promote-model" => Some(Verb::Promote),
        "rollback" | "rollback-model" => Some(Verb::Rollback),
        "list" | "list-models" => Some(Verb::List),
        "alias" | "set-alias" => Some(Verb::Alias),
        "compare" | "compare-models" => Some(Verb::Compare),
        "register" | "register-model" => Some(Verb::Register),
        "status" => Some(Verb::Status),
        _ => None,
    };
    match path.as_slice() {
        [.., "transition-model-version-stage" | "transition-stage"] => return Some(Verb::Transition),
        ["ml", "models"] | ["ml"] | [] if has("--promote") || has("--promote-model") => return Some(Verb::Promote),
        ["ml", "models"] | ["ml"] | [] if has("--rollback") => return Some(Verb::Rollback),
        ["ml", "models"] | ["ml"] | [] if has("--list") || has("--list-models") => return Some(Verb::List),
        _ => {}
    }
    match path.as_slice() {
        ["ml", word, ..] | [word, ..] if by_word(word).is_some() => by_word(word),
        ["train" | "retrain" | "predict" | "validate" | "drift" | "backfill" | "models" | "dataset" | "stats" | "apply", ..] => {
            Some(Verb::WithoutMl)
        }
        _ => None,
    }
}

/// The value of the first of these flags that is there.
fn value<'a>(words: &'a [String], flags: &[&str]) -> Option<&'a str> {
    for flag in flags {
        let joined = format!("{flag}=");
        let apart = words.windows(2).find(|pair| pair[0] == *flag).map(|pair| pair[1].as_str());
        let found = apart.or_else(|| words.iter().find_map(|word| word.strip_prefix(&joined)));
        if found.is_some() {
            return found;
        }
    }
    None
}

const NAME: [&str; 7] = ["--name", "--model", "--model-name", "--model-type", "--specialist", "--specialist-type", "--type"];
const VERSION: [&str; 5] = ["--version", "--model-version", "--new-version", "--to-version", "--target-version"];

fn now(verb: Verb, words: &[String]) -> String {
    let positional: Vec<&str> = words
        .iter()
        .skip_while(|word| !matches!(word.as_str(), "alias" | "set-alias"))
        .skip(1)
        .map(String::as_str)
        .take_while(|word| !word.starts_with('-'))
        .collect();
    let name = value(words, &NAME).unwrap_or("NAME");
    let version = value(words, &VERSION);
    let stage = value(words, &["--stage", "--target-stage", "--to-stage", "--to"]).unwrap_or("Production").to_ascii_lowercase();
    let reference = quoted(&format!("{name}@{}", version.unwrap_or("VERSION")));
    let reason = value(words, &["--reason", "--description"]).map(|reason| format!(" --reason {}", quoted(reason))).unwrap_or_default();
    let dry_run = if words.iter().any(|word| word == "--dry-run") { " --dry-run" } else { "" };
    let command = match verb {
        Verb::Transition | Verb::Promote => match stage.as_str() {
            "archived" => format!("hivectl ml models archive {reference}"),
            "staging" => format!("hivectl ml models promote {reference} --to staging"),
            _ => format!("hivectl ml models promote {reference}"),
        },
        Verb::Rollback => {
            let to = version.map(|version| format!(" --to {version}")).unwrap_or_default();
            format!("hivectl ml models rollback {}{to}", quoted(name))
        }
        Verb::List => "hivectl ml models list".into(),
        Verb::Alias => {
            let alias = value(words, &["--alias"]).or(positional.first().copied()).unwrap_or("ALIAS");
            format!("hivectl ml models alias set {} {} {}", quoted(name), quoted(alias), version.unwrap_or("VERSION"))
        }
        Verb::Compare => format!("hivectl ml models compare {} {reference}", quoted(&format!("{name}#production"))),
        Verb::Register => format!(
            "hivectl ml models register {} --name {}",
            value(words, &["--model-path", "--path", "--model-uri"]).unwrap_or("PATH"),
            quoted(name)
        ),
        Verb::Status => {
            format!("hivectl ml models list{}", value(words, &NAME).map(|name| format!(" {}", quoted(name))).unwrap_or_default())
        }
        Verb::WithoutMl => format!("hivectl ml {}", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")),
    };
    match verb {
        Verb::List | Verb::Status | Verb::WithoutMl => command,
        _ => format!("{command}{reason}{dry_run}"),
    }
}

/// A script, job or endpoint of the running system.
pub struct Former {
    /// Its names: file, path of an endpoint, name of a job.
    pub names: &'static [&'static str],
    pub what: &'static str,
    /// The command to type now.
    pub now: &'static str,
    /// Its options and those of the command; an empty new one is needed no more.
    pub options: &'static [(&'static str, &'static str)],
}

/// The entry of a script, job or endpoint, named as people name it: with or without its folder, its module, its host.
pub fn explained(word: &str) -> Option<&'static Former> {
    let trimmed = word.split('?').next().unwrap_or(word).trim_start_matches("./").trim_end_matches('/').trim_end_matches(".yaml");
    let last = trimmed.rsplit('/').next().unwrap_or(trimmed);
    let module = trimmed.rsplit('.').next().unwrap_or(trimmed);
    let named = |word: &str| all().find(|(_, name)| name.eq_ignore_ascii_case(word)).map(|(former, _)| former);
    let endpoint = || {
        let fitting = all().filter(|(_, name)| inside(name, trimmed).is_some());
        // The longest is meant, and of two of a length the one that names more.
        fitting.max_by_key(|(_, name)| (name.split('/').count(), std::cmp::Reverse(name.matches('{').count()))).map(|(former, _)| former)
    };
    named(trimmed).or_else(endpoint).or_else(|| named(last)).or_else(|| named(module))
}

fn all() -> impl Iterator<Item = (&'static Former, &'static str)> {
    super::scripts::FORMER.iter().flat_map(|former| former.names.iter().map(move |name| (former, *name)))
}

/// What stands in the braces of an endpoint's path, where `word` ends with that path.
fn inside<'a>(path: &str, word: &'a str) -> Option<Vec<&'a str>> {
    let (path, word): (Vec<&str>, Vec<&str>) = (path.strip_prefix('/')?.split('/').collect(), word.split('/').collect());
    let word = word.get(word.len().checked_sub(path.len())?..)?;
    let fits = path.iter().zip(word).all(|(part, typed)| if part.starts_with('{') { !typed.is_empty() } else { part == typed });
    fits.then(|| path.iter().zip(word).filter(|(part, _)| part.starts_with('{')).map(|(_, typed)| *typed).collect())
}

/// The new command for what was typed: a script with its options, or an endpoint with a name in its path.
pub fn filled(former: &Former, words: &[String]) -> (String, Vec<String>) {
    let (place, words) = words.split_first().map_or(("", words), |(place, rest)| (place.as_str(), rest));
    let place = place.split('?').next().unwrap_or(place);
    if let Some(verb) = verb(words).filter(|_| former.takes_verbs()) {
        return (now(verb, words), Vec::new());
    }
    let mut command = former.now.to_owned();
    for (brace, capital) in [("{name}", "NAME"), ("{audit_id}", "ID")] {
        let named = former.names.iter().filter(|path| path.contains(brace)).find_map(|path| inside(path, place));
        if let Some(name) = named.and_then(|inside| inside.first().copied()).filter(|name| !name.starts_with('{')) {
            command = command.replacen(capital, &quoted(name), 1);
        }
    }
    let mut notes = Vec::new();
    let mut rest = words.iter().peekable();
    while let Some(word) = rest.next() {
        let (flag, joined) = word.split_once('=').map_or((word.as_str(), None), |(flag, value)| (flag, Some(value.to_owned())));
        if !flag.starts_with('-') {
            notes.push(format!("'{word}' has no place in the new command"));
            continue;
        }
        let value = joined.or_else(|| rest.next_if(|next| !next.starts_with('-')).cloned());
        match former.options.iter().find(|(old, _)| *old == flag) {
            Some((_, "")) => notes.push(format!("{flag} is needed no more")),
            Some((_, now)) => match option(&command, now, value) {
                Ok(longer) => command = longer,
                Err(note) => notes.push(note),
            },
            None => notes.push(format!("{flag} is not known of {}", former.names[0])),
        }
    }
    (command, notes)
}

/// The command with one option more; a line about it where hivectl does not take that value.
fn option(command: &str, now: &str, value: Option<String>) -> Result<String, String> {
    let takes_value = !SWITCHES.contains(&now);
    if value.as_deref() == Some("false") && !takes_value {
        return Ok(command.to_owned());
    }
    let Some(value) = value.filter(|_| takes_value) else { return Ok(format!("{command} {now}")) };
    // Several kinds at once are called all.
    let value = if now == "--model" && value.contains(',') { "all".to_owned() } else { value };
    let longer = format!("{command} {now} {}", quoted(&value));
    let parsed = crate::cli::command().try_get_matches_from(shlex::split(&longer).unwrap_or_default());
    match parsed.map_err(|error| error.kind()) {
        Err(clap::error::ErrorKind::InvalidValue) => Err(format!("{now} does not take '{value}'; `hivectl help` shows what it takes")),
        _ => Ok(longer),
    }
}

impl Former {
    /// Whether its first word is a verb, as `promote` of ml.sh.
    fn takes_verbs(&self) -> bool {
        self.names.iter().any(|name| matches!(*name, "ml.sh" | "mlflow_deployer.py"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn old_flags_get_their_new_names() {
        let (new, notes) = renamed(&words("hivectl ml train --model-type=duration --hyperparameter-tuning true --backfill-errors false"));
        assert_eq!(new, words("hivectl ml train --model=duration --tune"));
        assert_eq!(notes.len(), 3, "{notes:?}");
        assert_eq!(renamed(&words("hivectl ml drift watch --check-once")).0, words("hivectl ml drift watch --once"));
        let new = words("hivectl ml train --model duration");
        assert_eq!(renamed(&new), (new.clone(), Vec::new()));
        assert_eq!(renamed(&words("hivectl explain --model-type x")).1, Vec::<String>::new());
        assert_eq!(renamed(&words("hivectl explain x.py --y -o json")).0, words("hivectl explain -o json x.py --y"));
    }

    #[test]
    fn old_verbs_are_refused_with_the_new_command() {
        let refusal = |line: &str| refused(&words(line)).map(|error| error.hints()[0].clone());
        for (old, new) in [
            ("hivectl ml models transition-model-version-stage --name N --version 3 --stage Production", "hivectl ml models promote N@3"),
            ("hivectl ml models transition-model-version-stage --name N --version 3 --stage ARCHIVED", "hivectl ml models archive N@3"),
            (
                "hivectl --promote --model-type duration --model-version 7 --target-stage Staging",
                "hivectl ml models promote duration@7 --to staging",
            ),
            ("hivectl ml promote --model M --version 2 --reason x", "hivectl ml models promote M@2 --reason x"),
            ("hivectl rollback --specialist T --to-version 4", "hivectl ml models rollback T --to 4"),
            ("hivectl ml status", "hivectl ml models list"),
            ("hivectl train --model duration", "hivectl ml train --model duration"),
        ] {
            assert_eq!(refusal(old), Some(format!("type `{new}`")), "{old}");
        }
        assert_eq!(inside("/models/{name}", "http://h:1/models/x"), Some(vec!["x"]));
        assert_eq!(inside("/models/{name}", "/models"), None);
        for line in ["hivectl ml models promote N@3", "hivectl ml train --promote-if-better", "hivectl ml models list", "hivectl version"] {
            assert_eq!(refusal(line), None, "{line}");
        }
    }
}
