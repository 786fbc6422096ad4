//! Aliases and tags.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::apply::begin;
use super::audit_log::{self, Entry};
use super::place::EmbeddedRegistry;
use super::{observe, rows};
use crate::audit::{Action, Standing};
use crate::error::{Error, ErrorKind, Result};
use crate::registry::measured::{check_no_password, check_tag_is_free};
use crate::registry::{AliasChanged, CHAMPION, TagsChanged};

/// The longest alias, tag key and tag value that every MLflow schema holds.
const LONGEST_ALIAS: usize = 255;
const LONGEST_TAG_KEY: usize = 250;
const LONGEST_TAG_VALUE: usize = 5000;

/// Points an alias at a version, or removes it.
pub(super) fn set_alias(
    registry: &EmbeddedRegistry,
    name: &str,
    alias: &str,
    version: Option<u32>,
    reason: Option<&str>,
) -> Result<AliasChanged> {
    check_alias(name, alias)?;
    let mut database = registry.writer()?;
    let change = begin(registry, &mut database)?;
    let observed = observe::observe(change.view(), name)?;
    if let Some(version) = version {
        observed.live(version)?;
    }
    // An alias may be left on a deleted version, so the table itself is asked.
    let before = rows::alias(&change, name, alias)?;
    let mut changed = AliasChanged {
        model: name.to_owned(),
        alias: alias.to_owned(),
        from_version: before,
        to_version: version,
        changed: false,
        audit_id: None,
    };
    if before == version {
        return Ok(changed);
    }
    let standing = |version: Option<u32>| Standing { aliases: BTreeMap::from([(alias.to_owned(), version)]), ..Standing::default() };
    let entry = Entry {
        action: if version.is_some() { Action::SetAlias } else { Action::RemoveAlias },
        model: name.to_owned(),
        version: version.or(before),
        before: standing(before),
        after: standing(version),
        reason: reason.map(str::to_owned),
        evidence: Value::Null,
    };
    let link = audit_log::recorded(&change, &registry.actor, &entry, || match version {
        Some(version) => rows::set_alias(&change, name, alias, version),
        None => rows::remove_alias(&change, name, alias),
    })?;
    change.commit()?;
    (changed.changed, changed.audit_id) = (true, Some(link.id()));
    Ok(changed)
}

pub(in crate::registry) fn check_alias(name: &str, alias: &str) -> Result<()> {
    let is_version = alias.strip_prefix(['v', 'V']).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    let problem = if alias == CHAMPION {
        return Err(Error::new(ErrorKind::Usage, format!("the alias {CHAMPION} moves with Production and not by hand"))
            .hint(format!("promote the version: 'hivectl ml models promote {name}@VERSION'")));
    } else if alias.is_empty() || alias.len() > LONGEST_ALIAS {
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

/// Sets and removes tags of a version.
pub(super) fn set_tags(
    registry: &EmbeddedRegistry,
    name: &str,
    version: u32,
    set: &BTreeMap<String, String>,
    remove: &BTreeSet<String>,
    reason: Option<&str>,
) -> Result<TagsChanged> {
    let wanted: BTreeMap<&String, Option<&String>> =
        remove.iter().map(|key| (key, None)).chain(set.iter().map(|(key, value)| (key, Some(value)))).collect();
    for (key, value) in &wanted {
        check_tag(key, value.map(String::as_str))?;
        check_no_password("the tag", value.map_or("", String::as_str))?;
    }
    let mut database = registry.writer()?;
    let change = begin(registry, &mut database)?;
    let observed = observe::observe(change.view(), name)?;
    let now = &observed.live(version)?.tags;
    let differing: BTreeMap<&String, Option<&String>> = wanted.into_iter().filter(|(key, value)| now.get(*key) != *value).collect();
    let before: BTreeMap<String, Option<String>> = differing.keys().map(|key| ((*key).clone(), now.get(*key).cloned())).collect();
    let after: BTreeMap<String, Option<String>> = differing.iter().map(|(key, value)| ((*key).clone(), value.cloned())).collect();
    let mut changed = TagsChanged { model: name.to_owned(), version, before, after, changed: false, audit_id: None };
    if changed.after.is_empty() {
        return Ok(changed);
    }
    let entry = Entry {
        action: Action::Tag,
        model: name.to_owned(),
        version: Some(version),
        before: Standing { tags: changed.before.clone(), ..Standing::default() },
        after: Standing { tags: changed.after.clone(), ..Standing::default() },
        reason: reason.map(str::to_owned),
        evidence: Value::Null,
    };
    let link = audit_log::recorded(&change, &registry.actor, &entry, || {
        changed.after.iter().try_for_each(|(key, value)| match value {
            Some(value) => rows::set_tag(&change, name, version, key, value),
            None => rows::remove_tag(&change, name, version, key),
        })
    })?;
    change.commit()?;
    (changed.changed, changed.audit_id) = (true, Some(link.id()));
    Ok(changed)
}

pub(in crate::registry) fn check_tag(key: &str, value: Option<&str>) -> Result<()> {
    check_tag_is_free(key)?;
    let problem = if key.is_empty() || key.len() > LONGEST_TAG_KEY {
        format!("a key has 1 to {LONGEST_TAG_KEY} bytes, this one has {}", key.len())
    } else if let Some(letter) =
        key.chars().find(|letter| !letter.is_alphanumeric() && !matches!(letter, '_' | '-' | '.' | ' ' | ':' | '/'))
    {
        format!("a key has no {letter:?}")
    } else if let Some(value) = value.filter(|value| value.len() > LONGEST_TAG_VALUE) {
        format!("a value has at most {LONGEST_TAG_VALUE} bytes, this one has {}", value.len())
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Usage, format!("the tag '{}' cannot be changed", key.escape_debug())).because(problem))
}
