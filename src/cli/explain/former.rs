//! What the guides of the running system type, and what to type now.
//!
//! Old flags of a command that is still there are understood ([`renamed`]); scripts, jobs and endpoints are explained
//! ([`explained`]), each with its options ([`filled`]).

use std::ffi::OsString;

use super::settings;
use super::verbs::{self, Answer, Verb};
use crate::base::{CommandLine, commands};

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
    // What kubectl shall print, and in which form, is its own.
    let mut is_others = false;
    while let Some(word) = rest.next() {
        is_others |= word == "kubectl";
        match word.to_str().filter(|_| !is_others) {
            Some("-o" | "--output") => forms.extend([word].into_iter().chain(rest.next())),
            Some(text) if text == "-q" || text.starts_with("--output=") || (text.starts_with("-o") && text.len() > 2) => forms.push(word),
            _ => others.push(word),
        }
    }
    words.iter().take(2).cloned().chain(forms).chain(others).collect()
}

/// A script, job or endpoint of the running system.
pub struct Former {
    /// Its names: file, path of an endpoint, name of a job.
    pub names: &'static [&'static str],
    pub what: &'static str,
    /// The command to type now.
    pub now: &'static str,
    /// Its options and those of the command; an empty new one is needed no more, and one in braces is the word of the
    /// command that its value takes the place of (`{VERSION}`), with what stands before the value (`{#production}@`).
    pub options: &'static [(&'static str, &'static str)],
}

/// The entry of a script, job or endpoint, named as people name it: with or without its folder, its module, its host.
pub fn explained(word: &str) -> Option<&'static Former> {
    let trimmed = word.split('?').next().unwrap_or(word).trim_start_matches("./").trim_end_matches('/').trim_end_matches(".yaml");
    let last = trimmed.rsplit('/').next().unwrap_or(trimmed);
    let module = trimmed.rsplit('.').next().unwrap_or(trimmed);
    // A setting may have the name that a script has without its ending.
    let is_setting = settings::is_key(word);
    let named = |word: &str| {
        let exact = all().find(|(_, name)| name.eq_ignore_ascii_case(word));
        let may_be_stem = word.len() >= SHORTEST_STEM && !is_setting;
        let spelled = || all().find(|(_, name)| may_be_stem && stem(name) == stem(word));
        exact.or_else(spelled).map(|(former, _)| former)
    };
    let endpoint = || {
        let fitting = all().filter(|(_, name)| inside(name, trimmed).is_some());
        // The longest is meant, and of two of a length the one that names more.
        fitting.max_by_key(|(_, name)| (name.split('/').count(), std::cmp::Reverse(name.matches('{').count()))).map(|(former, _)| former)
    };
    named(trimmed).or_else(endpoint).or_else(|| named(last)).or_else(|| named(module))
}

/// Shorter words stand for too much to be a script without its ending.
const SHORTEST_STEM: usize = 8;

/// A script however it is spelled: without its ending, and with one sort of dash.
fn stem(name: &str) -> String {
    let name = name.trim_end_matches(".py").trim_end_matches(".sh").trim_end_matches(".yaml");
    name.replace('-', "_").to_ascii_lowercase()
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

/// The new command for what was typed: a script with its options, or an endpoint with a name in its path and a body.
///
/// Errors: a stage that is none.
pub fn filled(former: &Former, words: &[String]) -> Answer {
    let (place, words) = words.split_first().map_or(("", words), |(place, rest)| (place.as_str(), rest));
    let (place, query) = place.split_once('?').unwrap_or((place, ""));
    let words = if former.names[0].starts_with('/') { of_request(query, words) } else { of_test(words) };
    let in_path = |brace: &str| {
        let named = former.names.iter().filter(|path| path.contains(brace)).find_map(|path| inside(path, place));
        named.and_then(|inside| inside.first().map(|name| (*name).to_owned())).filter(|name| !name.starts_with('{'))
    };
    let now = former.now.parse::<CommandLine>()?;
    if now.words().starts_with(&["ml", "models", "promote"].map(str::to_owned)) && !(words.is_empty() && in_path("{name}").is_none()) {
        let named = in_path("{name}").map(|name| format!("--name={name}"));
        let words: Vec<String> = words.iter().cloned().chain(named).collect();
        return verbs::now(verbs::verb(&words).unwrap_or(Verb::Promote), &words);
    }
    if let Some(verb) = verbs::verb(&words).filter(|_| former.takes_verbs()) {
        return verbs::now(verb, &words);
    }
    let mut command = now.words().to_vec();
    for (brace, capital) in [("{name}", "NAME"), ("{audit_id}", "ID")] {
        if let (Some(name), Some(word)) = (in_path(brace), command.iter_mut().find(|word| word.contains(capital))) {
            *word = word.replacen(capital, &name, 1);
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
                Ok((longer, note)) => {
                    command = longer;
                    notes.extend(note);
                }
                Err(note) => notes.push(note),
            },
            None => notes.push(format!("{flag} is not known of {}", former.names[0])),
        }
    }
    Ok((commands::of_words(command), notes))
}

/// The words with what the id of an A/B test tells, such as `business_v12_20240212_143000`, as flags of their own.
fn of_test(words: &[String]) -> Vec<String> {
    let mut flags = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let (flag, joined) = word.split_once('=').map_or((word.as_str(), None), |(flag, value)| (flag, Some(value)));
        if flag != "--test-id" {
            flags.push(word.clone());
            continue;
        }
        let id = joined.or_else(|| rest.next().map(String::as_str)).unwrap_or_default();
        if let Some((specialist, version)) = id.split_once("_v") {
            let version = version.split('_').next().unwrap_or_default();
            flags.extend([format!("--specialist={specialist}"), format!("--new-version={version}")]);
        }
    }
    flags
}

/// The fields of a request as flags: those of its query and of its body (as curl is given it); what else curl takes says
/// nothing about the command.
fn of_request(query: &str, words: &[String]) -> Vec<String> {
    let fields = query.split('&').filter_map(|pair| pair.split_once('=')).map(|(key, value)| format!("--{key}={value}"));
    let mut flags: Vec<String> = fields.collect();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let (flag, joined) =
            word.split_once('=').filter(|_| word.starts_with("--")).map_or((word.as_str(), None), |(flag, value)| (flag, Some(value)));
        match flag {
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--json" => {
                let body = joined.map(str::to_owned).or_else(|| rest.next().cloned()).unwrap_or_default();
                let body: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
                let fields = body.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
                flags.extend(fields.map(|(key, value)| match value.as_str() {
                    Some(text) => format!("--{key}={text}"),
                    None => format!("--{key}={value}"),
                }));
            }
            "-X" | "--request" | "-H" | "--header" | "-u" | "--user" | "-o" | "--output" | "-m" | "--max-time" => {
                if joined.is_none() {
                    rest.next();
                }
            }
            _ if flag.starts_with('-') && !flag.starts_with("--") => {}
            "curl" | "--silent" | "--fail" | "--show-error" | "--insecure" | "--location" | "--include" | "--verbose" => {}
            _ => flags.push(word.clone()),
        }
    }
    flags
}

/// The word for a kind of model that hivectl does not have: no other kind is to be trained in its place.
const SOME_KIND: &str = "KIND";

/// The words of a command with one option more, and a line about it where it is to be thought of; only the line where
/// hivectl does not take that value.
fn option(command: &[String], now: &str, value: Option<String>) -> Result<(Vec<String>, Option<String>), String> {
    if let Some((place, before)) = now.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        let value = value.ok_or_else(|| format!("{place} was given no value"))?;
        let (place_of_stage, stage) = (place.starts_with('#'), value.to_ascii_lowercase());
        let filled = match stage.as_str() {
            "production" | "staging" if place_of_stage => format!("#{stage}"),
            // Versions are called v12 there.
            _ => format!("{before}{}", stage.strip_prefix('v').filter(|number| number.parse::<u32>().is_ok()).unwrap_or(&value)),
        };
        return Ok((command.iter().map(|word| word.replace(place, &filled)).collect(), None));
    }
    let takes_value = !SWITCHES.contains(&now);
    if value.as_deref() == Some("false") && !takes_value {
        return Ok((command.to_vec(), None));
    }
    let flag: Vec<String> = now.split(' ').map(str::to_owned).collect();
    let Some(value) = value.filter(|_| takes_value) else { return Ok(([command, &flag].concat(), None)) };
    let longer = [command, &flag, std::slice::from_ref(&value)].concat();
    let program = [crate::base::command_line::PROGRAM.to_owned()];
    let filled_in = longer.iter().map(|word| if word == SOME_KIND { "all" } else { word }.to_owned());
    match crate::cli::command().try_get_matches_from(program.into_iter().chain(filled_in)).map_err(|error| error.kind()) {
        Err(clap::error::ErrorKind::InvalidValue) => {
            let path: Vec<&str> = command.iter().map(String::as_str).take_while(|word| !word.starts_with('-')).collect();
            let note = format!("{now} does not take '{value}'; `{}` shows what it takes", commands::help_of(&path.join(" ")));
            match now {
                "--model" => Ok(([command, &flag, &[SOME_KIND.to_owned()]].concat(), Some(note))),
                _ => Err(note),
            }
        }
        _ => Ok((longer, None)),
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
    fn the_names_in_a_path_are_found() {
        assert_eq!(inside("/models/{name}", "http://h:1/models/x"), Some(vec!["x"]));
        assert_eq!(inside("/models/{name}", "/models"), None);
    }
}
