//! Which runbooks there are, and which belongs to an alert or an error code.

use std::str::FromStr;

use super::text::Runbook;
use super::words;
use crate::error::{Error, ErrorKind, Result};

/// A language that every runbook is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, strum::IntoStaticStr)]
pub enum Language {
    #[strum(to_string = "en")]
    English,
    #[strum(to_string = "pt-BR")]
    Portuguese,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::Portuguese];

    /// What it calls itself.
    pub fn endonym(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::Portuguese => "Português do Brasil",
        }
    }

    /// Other words that are understood.
    pub fn aliases(self) -> &'static [&'static str] {
        match self {
            Language::English => &[],
            Language::Portuguese => &["pt", "pt-br"],
        }
    }

    /// The language of a locale such as `pt_BR.UTF-8`; English for every other.
    pub fn of_locale(locale: &str) -> Language {
        match locale.to_ascii_lowercase().starts_with("pt") {
            true => Language::Portuguese,
            false => Language::English,
        }
    }
}

impl FromStr for Language {
    type Err = Error;

    /// The language behind its word or an alias.
    ///
    /// Errors: [`ErrorKind::Usage`] for any other.
    fn from_str(word: &str) -> Result<Language> {
        let means = |language: &Language| word == <&str>::from(language) || language.aliases().contains(&word);
        let unknown =
            || Error::new(ErrorKind::Usage, format!("'{word}' is no language of the runbooks")).hint("the languages are en, pt-BR");
        Language::ALL.into_iter().find(means).ok_or_else(unknown)
    }
}

macro_rules! runbooks {
    ($($id:literal),* $(,)?) => {
        /// The runbooks, what is most urgent first.
        pub const IDS: &[&str] = &[$($id),*];

        fn source(id: &str, language: Language) -> Option<&'static str> {
            match (id, language) {
                $(($id, Language::English) => Some(include_str!(concat!($id, ".en.md"))),
                ($id, Language::Portuguese) => Some(include_str!(concat!($id, ".pt-BR.md"))),)*
                _ => None,
            }
        }
    };
}

runbooks![
    "rollback",
    "emergency-retraining",
    "training-failed",
    "insufficient-data",
    "model-not-promoted",
    "registry-unreachable",
    "mongodb-slow",
    "high-latency",
    "anomalies-missed",
    "model-does-not-load",
    "drift-critical",
    "drift-does-not-end",
    "false-drift",
    "monthly-export",
    "restore",
];

/// The runbook of this name; `None` where there is none.
pub fn read(id: &str, language: Language) -> Option<Runbook> {
    source(id, language).map(|text| Runbook::parse(id, text))
}

/// The runbooks for this alert, in any case and with any sign between its words: those that name it first.
pub fn for_alert(alert: &str) -> Vec<&'static str> {
    let wanted = words::plain(alert);
    let mut found = naming(|runbook| runbook.alerts.iter().any(|known| words::plain(known) == wanted));
    for id in words::of_alert(alert) {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

/// Every alert that leads to a runbook.
pub fn alerts() -> Vec<String> {
    let own = IDS.iter().filter_map(|id| read(id, Language::English)).flat_map(|runbook| runbook.alerts);
    own.chain(words::alerts().map(str::to_owned)).collect()
}

/// The runbooks that name this error code.
pub fn for_code(code: &str) -> Vec<&'static str> {
    naming(|runbook| runbook.codes.iter().any(|known| known == code))
}

fn naming(wanted: impl Fn(&Runbook) -> bool) -> Vec<&'static str> {
    IDS.iter().copied().filter(|id| read(id, Language::English).is_some_and(|runbook| wanted(&runbook))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_steps() {
        for id in IDS {
            let [english, portuguese] = Language::ALL.map(|language| read(id, language).expect("a runbook"));
            let shape = |runbook: &Runbook| -> Vec<_> {
                runbook.steps.iter().map(|step| (step.kind, step.line.clone(), step.expected.clone())).collect()
            };
            assert_eq!(shape(&english), shape(&portuguese), "{id}");
            assert_eq!((&english.alerts, &english.codes), (&portuguese.alerts, &portuguese.codes), "{id}");
            assert!(english.title != portuguese.title && !english.summary.is_empty() && english.steps.len() >= 4, "{id}");
            for (ours, theirs) in english.steps.iter().zip(&portuguese.steps) {
                assert!(ours.title != theirs.title && ours.text.is_empty() == theirs.text.is_empty(), "{id}: {}", ours.title);
                assert_eq!(ours.kind == StepKind::External, ours.expected.is_none(), "{id}: {}", ours.title);
                assert_eq!(ours.kind != StepKind::External, ours.line.starts_with("hivectl "), "{id}: {}", ours.line);
            }
        }
    }

    use super::super::text::StepKind;

    #[test]
    fn an_alert_and_a_code_lead_to_their_runbooks() {
        assert_eq!(for_alert("mltrainingjobfailed"), ["training-failed"]);
        assert_eq!(for_code("HML-1400"), ["emergency-retraining", "insufficient-data"]);
        assert!(for_alert("Nothing").is_empty());
        assert_eq!(Language::of_locale("pt_BR.UTF-8"), Language::Portuguese);
        assert_eq!(Language::of_locale("C"), Language::English);
    }
}
