//! Aliases and tags: which names are possible, and what a change of them comes to.

use std::collections::{BTreeMap, BTreeSet};

use super::measurement::{check_no_password, check_tag_is_free};
use super::{AliasChanged, ModelVersion, ServingRule, TagsChanged};
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};

/// The longest alias, tag key and tag value that every MLflow schema holds.
const LONGEST_ALIAS: usize = 255;
const LONGEST_TAG_KEY: usize = 250;
const LONGEST_TAG_VALUE: usize = 5000;

impl AliasChanged {
    /// What pointing an alias elsewhere comes to, before it is done.
    pub(crate) fn between(model: &str, alias: &str, from_version: Option<u32>, to_version: Option<u32>) -> AliasChanged {
        AliasChanged { model: model.to_owned(), alias: alias.to_owned(), from_version, to_version, changed: false, audit_id: None }
    }

    /// The same after it was done.
    pub(crate) fn done(self, audit_id: String) -> AliasChanged {
        AliasChanged { changed: true, audit_id: Some(audit_id), ..self }
    }
}

impl TagsChanged {
    /// What setting and removing tags comes to, before it is done: only what differs from what is there.
    pub(crate) fn between(version: &ModelVersion, set: &BTreeMap<String, String>, remove: &BTreeSet<String>) -> TagsChanged {
        let differing: BTreeMap<&String, Option<&String>> =
            wanted(set, remove).filter(|(key, value)| version.tags.get(*key) != *value).collect();
        TagsChanged {
            model: version.name.clone(),
            version: version.version,
            before: differing.keys().map(|key| ((*key).clone(), version.tags.get(*key).cloned())).collect(),
            after: differing.iter().map(|(key, value)| ((*key).clone(), value.cloned())).collect(),
            changed: false,
            audit_id: None,
        }
    }

    /// The same after it was done.
    pub(crate) fn done(self, audit_id: String) -> TagsChanged {
        TagsChanged { changed: true, audit_id: Some(audit_id), ..self }
    }
}

/// Removals, and after them what is set: a key in both is set.
fn wanted<'a>(set: &'a BTreeMap<String, String>, remove: &'a BTreeSet<String>) -> impl Iterator<Item = (&'a String, Option<&'a String>)> {
    let removed = remove.iter().filter(|key| !set.contains_key(*key)).map(|key| (key, None));
    removed.chain(set.iter().map(|(key, value)| (key, Some(value))))
}

/// Refuses an alias that MLflow does not take.
///
/// Errors: [`ErrorKind::Usage`].
pub(crate) fn check_alias(alias: &str) -> Result<()> {
    let is_version = alias.strip_prefix(['v', 'V']).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    let problem = if alias.is_empty() || alias.len() > LONGEST_ALIAS {
        format!("it has {} bytes, 1 to {LONGEST_ALIAS} are possible", alias.len())
    } else if let Some(letter) = alias.chars().find(|letter| !letter.is_alphanumeric() && !matches!(letter, '_' | '-')) {
        format!("it contains {letter:?}; letters, digits, '_' and '-' are possible")
    } else if alias.eq_ignore_ascii_case("latest") || is_version {
        "the word has a meaning of its own in a reference".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Usage, format!("'{}' is no name for an alias", alias.escape_debug())).because(problem))
}

/// Refuses to move the serving alias as if nobody were served by it.
///
/// Errors: [`ErrorKind::Usage`].
pub(crate) fn check_alias_is_free(rule: &ServingRule, name: &str, alias: &str) -> Result<()> {
    if !rule.is_serving_alias(alias) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Usage, format!("the alias {alias} tells what serves, so it moves by a promotion")).hint((
        "promote the version: `",
        commands::models_promote(format!("{name}@VERSION")),
        "`",
    )))
}

/// Refuses tags that MLflow does not take, those that hivectl writes itself, and passwords.
///
/// Errors: [`ErrorKind::Usage`].
pub(crate) fn check_tags(set: &BTreeMap<String, String>, remove: &BTreeSet<String>) -> Result<()> {
    wanted(set, remove).try_for_each(|(key, value)| check_tag(key, value.map_or("", String::as_str)))
}

fn check_tag(key: &str, value: &str) -> Result<()> {
    check_tag_is_free(key)?;
    let problem = if key.is_empty() || key.len() > LONGEST_TAG_KEY {
        format!("a key has 1 to {LONGEST_TAG_KEY} bytes, this one has {}", key.len())
    } else if let Some(letter) =
        key.chars().find(|letter| !letter.is_alphanumeric() && !matches!(letter, '_' | '-' | '.' | ' ' | ':' | '/'))
    {
        format!("a key has no {letter:?}")
    } else if value.len() > LONGEST_TAG_VALUE {
        format!("a value has at most {LONGEST_TAG_VALUE} bytes, this one has {}", value.len())
    } else {
        return check_no_password("the tag", value);
    };
    Err(Error::new(ErrorKind::Usage, format!("the tag '{}' cannot be changed", key.escape_debug())).because(problem))
}
