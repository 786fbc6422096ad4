//! Commands that are suggested: typed as they stand, they must mean the registry that the command before meant.

use super::arguments::GlobalArgs;
use super::report::Report;
use crate::audit::without_passwords;
use crate::error::Error;

/// What begins a command that depends on the registry or the context.
const PLACED: [&str; 3] = ["hivectl ml ", "hivectl audit ", "hivectl doctor"];

/// What begins those of them that look at neither.
const UNPLACED: [&str; 1] = ["hivectl ml dataset "];

/// The words of a command line that say which registry and context it means.
#[derive(Debug, Default)]
pub struct Place(Vec<(&'static str, String)>);

impl Place {
    /// What was typed; what comes from the environment or a file holds for the next command by itself.
    pub fn typed(global: &GlobalArgs) -> Place {
        let word = |text: &str| shlex::try_quote(&without_passwords(text)).map_or_else(|_| text.to_owned(), |quoted| quoted.into_owned());
        let named = [("--registry", &global.registry), ("--context", &global.context)];
        Place(named.into_iter().filter_map(|(flag, value)| value.as_deref().map(|value| (flag, word(value)))).collect())
    }

    /// `error` with the place in each command that it suggests.
    pub fn in_error(&self, error: Error) -> Error {
        error.map_hints(|hint| self.in_text(&hint))
    }

    /// `report` with the place in each command that it suggests.
    pub fn in_report(&self, report: &mut Report) {
        for line in &mut report.next {
            if let Some(at) = line.find("hivectl ") {
                let command = self.in_command(&line[at..]);
                line.replace_range(at.., &command);
            }
        }
    }

    /// `text` with the place in each command between quotation marks; a text may be a command itself.
    pub fn in_text(&self, text: &str) -> String {
        if text.starts_with("hivectl ") {
            return self.in_command(text);
        }
        let mut placed = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['\'', '`']) {
            let (before, from_mark) = rest.split_at(at);
            let (mark, inside) = from_mark.split_at(1);
            placed.push_str(before);
            placed.push_str(mark);
            rest = inside;
            if let Some(length) = inside.starts_with("hivectl ").then(|| end_of_command(inside, mark)).flatten() {
                placed.push_str(&self.in_command(&inside[..length]));
                placed.push_str(mark);
                rest = &inside[length + 1..];
            }
        }
        placed + rest
    }

    fn in_command(&self, command: &str) -> String {
        let begins_with = |words: &[&str]| words.iter().any(|begin| command.starts_with(begin));
        if !begins_with(&PLACED) || begins_with(&UNPLACED) {
            return command.to_owned();
        }
        let missing = self.0.iter().filter(|(flag, _)| !command.contains(&format!(" {flag} ")));
        missing.fold(command.to_owned(), |command, (flag, value)| format!("{command} {flag} {value}"))
    }
}

/// Where the command at the beginning of `text` ends: at the first such mark that does not open or close a word.
fn end_of_command(text: &str, mark: &str) -> Option<usize> {
    let mut is_inside = false;
    for (at, _) in text.match_indices(mark) {
        let opens = text[..at].ends_with([' ', '=']);
        if is_inside {
            is_inside = false;
        } else if opens {
            is_inside = true;
        } else {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        let global = GlobalArgs { registry: Some("http://u:p4ss@h:5000".into()), context: Some("on call".into()), ..GlobalArgs::default() };
        Place::typed(&global)
    }

    #[test]
    fn a_suggested_command_means_the_same_place() {
        let placed = place().in_text("look: 'hivectl ml models list m', then 'hivectl explain HML-0400'; see 'm'");
        let (registry, context) = (" --registry ", " --context 'on call'");
        assert!(placed.starts_with("look: 'hivectl ml models list m --registry "), "{placed}");
        assert!(placed.contains(registry) && placed.contains(&format!("{context}', then")), "{placed}");
        assert!(placed.ends_with("'hivectl explain HML-0400'; see 'm'"), "{placed}");
        assert!(!placed.contains("p4ss"), "{placed}");
    }

    #[test]
    fn words_in_quotation_marks_stay_whole_and_a_place_that_is_named_stays() {
        let place = Place(vec![("--registry", "r.db".into())]);
        let hint = "type 'hivectl ml models tag m@1 a='b c' --reason 'd e' now' again";
        assert_eq!(place.in_text(hint), "type 'hivectl ml models tag m@1 a='b c' --reason 'd e' now --registry r.db' again");
        let named = "'hivectl ml models show m --registry other.db'";
        assert_eq!(place.in_text(named), named);
        assert_eq!(place.in_text("hivectl ml models list"), "hivectl ml models list --registry r.db");
        assert_eq!(Place::default().in_text(hint), hint);
        for text in ["'", "a ' b", "'hivectl ml models list", "", "`hivectl doctor"] {
            assert_eq!(place.in_text(text), text);
        }
    }
}
