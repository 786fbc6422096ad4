//! The words that name a model or one of its versions.
//!
//! References live beside the versions that they name, because plans and runbooks read them too.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Stage;
use crate::error::{Error, ErrorKind, Result};

/// Which version of a model is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// A bare name: the version in Production, else the newest in Staging, else the latest.
    Default,
    Version(u32),
    /// The highest number.
    Latest,
    Stage(Stage),
    Alias(String),
}

/// A model's name and which version of it is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelRef {
    pub name: String,
    pub selector: Selector,
}

const GRAMMAR: &str = "write NAME, NAME@7, NAME@latest, NAME@alias, NAME#production or models:/NAME/Production";

impl FromStr for ModelRef {
    type Err = Error;

    /// Reads `NAME`, `NAME@7`, `NAME@latest`, `NAME@alias`, `NAME#stage`, `NAME:alias`, `models:/NAME/7`,
    /// `models:/NAME/Production`, `models:/NAME/latest` and `models:/NAME@alias`. A name may hold `/`, as other tools
    /// write some.
    ///
    /// Errors: [`ErrorKind::Usage`] with the grammar.
    fn from_str(text: &str) -> Result<ModelRef> {
        let refuse = |why: &str| Error::new(ErrorKind::Usage, format!("'{text}' names no model version: {why}")).hint(GRAMMAR);
        let (name, selector) = match text.strip_prefix("models:/") {
            Some(path) => mlflow_uri(path).ok_or_else(|| refuse("a models:/ address has a name and then /VERSION, /STAGE or @ALIAS"))?,
            None => match text.find(['@', '#', ':']) {
                None => (text, Selector::Default),
                Some(at) => {
                    let (name, word) = (&text[..at], &text[at + 1..]);
                    let selector = match text.as_bytes()[at] {
                        b'@' if word.eq_ignore_ascii_case("latest") => Selector::Latest,
                        b'@' if is_alias(word) => Selector::Alias(word.to_owned()),
                        b'@' => {
                            Selector::Version(version(word).ok_or_else(|| refuse("after @ stands a version number, latest or an alias"))?)
                        }
                        b'#' => Selector::Stage(word.parse()?),
                        _ if !word.is_empty() => Selector::Alias(word.to_owned()),
                        _ => return Err(refuse("the alias is missing")),
                    };
                    (name, selector)
                }
            },
        };
        check_known_name(name).map_err(|why| refuse(&why))?;
        Ok(ModelRef { name: name.to_owned(), selector })
    }
}

fn mlflow_uri(path: &str) -> Option<(&str, Selector)> {
    if let Some((name, alias)) = path.split_once('@') {
        let selector = if alias.eq_ignore_ascii_case("latest") { Selector::Latest } else { Selector::Alias(alias.to_owned()) };
        return (!alias.is_empty()).then_some((name, selector));
    }
    let (name, word) = path.rsplit_once('/')?;
    let selector = match version(word) {
        Some(number) => Selector::Version(number),
        None if word.eq_ignore_ascii_case("latest") => Selector::Latest,
        None => Selector::Stage(word.parse().ok()?),
    };
    Some((name, selector))
}

/// Whether a word behind `@` is an alias as MLflow takes them: letters, digits, `_` and `-`, and no number or `latest`.
fn is_alias(word: &str) -> bool {
    word.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && word.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'))
}

fn version(word: &str) -> Option<u32> {
    word.parse().ok().filter(|&number| number > 0)
}

/// Begins the names of registered models that are none: leases on a server.
pub(crate) const RESERVED: &str = "hivectl-lease-";

/// Checks a name that a registered model may have, given by whatever tool: as [`check_name`], and `/` may stand in it, not
/// around it.
pub(crate) fn check_known_name(name: &str) -> std::result::Result<(), String> {
    let is_path = name.split('/').any(|part| matches!(part, "" | "." | ".."));
    match name.contains('/') && !is_path {
        true => check_name(&name.replace('/', "_")),
        false => check_name(name),
    }
}

/// Checks a name for a registered model: 1–256 bytes, no `/ : @ #`, no control characters, no blanks
/// around it, and not one of hivectl's own.
pub fn check_name(name: &str) -> std::result::Result<(), String> {
    if name.is_empty() || name.len() > 256 {
        return Err("a name has 1 to 256 bytes".into());
    }
    match name.chars().find(|letter| letter.is_control() || matches!(letter, '/' | ':' | '@' | '#' | '"' | '\'' | '%')) {
        Some(letter) => Err(format!("a name has no {letter:?}")),
        None if name.starts_with(RESERVED) => Err(format!("names that begin with {RESERVED} are hivectl's own")),
        None if name.trim() != name => Err("a name does not begin or end with a blank".into()),
        None => Ok(()),
    }
}

impl fmt::Display for ModelRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.selector {
            Selector::Default => Ok(()),
            Selector::Version(number) => write!(f, "@{number}"),
            Selector::Latest => f.write_str("@latest"),
            Selector::Stage(stage) => write!(f, "#{}", stage.as_str().to_lowercase()),
            Selector::Alias(alias) => write!(f, ":{alias}"),
        }
    }
}

impl Serialize for ModelRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ModelRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<ModelRef, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Selector {
        text.parse::<ModelRef>().expect(text).selector
    }

    #[test]
    fn reads_every_spelling() {
        assert_eq!(read("m"), Selector::Default);
        assert_eq!(read("m@7"), Selector::Version(7));
        assert_eq!(read("m@latest"), Selector::Latest);
        assert_eq!(read("m#PRODUCTION"), Selector::Stage(Stage::Production));
        assert_eq!(read("m:champion"), Selector::Alias("champion".into()));
        assert_eq!(read("m@champion"), Selector::Alias("champion".into()));
        assert_eq!("team/m@2".parse::<ModelRef>().expect("a name").name, "team/m");
        assert_eq!("models:/team/m/2".parse::<ModelRef>().expect("a name").name, "team/m");
        assert_eq!(read("models:/m/7"), Selector::Version(7));
        assert_eq!(read("models:/m/Production"), Selector::Stage(Stage::Production));
        assert_eq!(read("models:/m@champion"), Selector::Alias("champion".into()));
        assert_eq!(read("models:/m/latest"), Selector::Latest);
    }

    #[test]
    fn refuses_the_rest_with_the_grammar() {
        for text in [
            "",
            "@7",
            "m@",
            "m@0",
            "m@-1",
            "m@7x",
            "m@a b",
            "m#live",
            "m:",
            "models:/m",
            "models:/m/x",
            "/a",
            "a/",
            "a/../b",
            "../m",
            " m",
            "m\u{7}",
            "hivectl-lease-m.1",
        ] {
            assert_eq!(text.parse::<ModelRef>().expect_err(text).kind(), ErrorKind::Usage, "{text}");
        }
    }
}
