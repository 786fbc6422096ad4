//! A lease told in the tags of the model itself.
//!
//! A server that knows its users may hide an account's flags ([`super::lease`]) from another account, which must
//! be able to read and edit the model that both want to change. So who is known by name there tags that model too:
//! as with flags, who tags first and looks then is seen by whoever looks later.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::api::absent_is_none;
use super::client::{Call, Client, Repeat, Sent};
use super::dto;
use crate::error::Result;
use crate::registry::clock::now_ms;

/// Begins the tags' keys, before the last letters of the flag's name.
const PREFIX: &str = "hivectl.lease.";

/// How many letters at the end of a flag's name are its own.
pub(super) const OWN_LETTERS: usize = 32;

/// What a tag says of a lease.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Mark {
    /// The flag beside it.
    pub(super) flag: String,
    /// By the server's clock, milliseconds since the epoch.
    pub(super) made_at: i64,
    pub(super) lasts_ms: i64,
    pub(super) holder: String,
    pub(super) host: String,
    pub(super) process: String,
}

/// Tags a model; says `false` where there is no such model yet, so that only one account can make it.
pub(super) fn put(client: &Client, model: &str, mark: &Mark) -> Result<bool> {
    let body = json!({ "name": model, "key": key(&mark.flag), "value": json!(mark).to_string() });
    let operation = format!("take the lease of {model}");
    Ok(absent_is_none(client.write::<dto::Nothing>(Method::POST, "registered-models/set-tag", body, &operation))?.is_some())
}

/// Removes the tag of a flag; one that is gone is removed.
pub(super) fn remove(client: &Client, model: &str, flag: &str) -> Result<()> {
    let body = json!({ "name": model, "key": key(flag) });
    let removed = client.write::<dto::Nothing>(Method::DELETE, "registered-models/delete-tag", body, "give back the lease of a model");
    absent_is_none(removed)?;
    Ok(())
}

/// The marks of a model, and the server's time; none where the model is absent.
pub(super) fn standing(client: &Client, model: &str) -> Result<(Vec<Mark>, i64)> {
    let call = Call {
        method: Method::GET,
        path: "api/2.0/mlflow/registered-models/get",
        query: vec![("name", model.to_owned())],
        body: Sent::Nothing,
        repeat: Repeat::Safe,
        operation: "look who holds the lease of a model",
    };
    let found: Option<(dto::RegisteredModelAnswer, Option<i64>)> = absent_is_none(client.json_at(&call))?;
    let Some((answer, server_time)) = found else { return Ok((Vec::new(), now_ms())) };
    Ok((of(&answer.registered_model), server_time.unwrap_or_else(now_ms)))
}

/// The marks among a model's tags; what cannot be read is nobody's lease.
pub(super) fn of(model: &dto::RegisteredModel) -> Vec<Mark> {
    let own = model.tags.iter().filter(|tag| tag.key.starts_with(PREFIX));
    own.filter_map(|tag| serde_json::from_str(&tag.value).ok()).collect()
}

fn key(flag: &str) -> String {
    format!("{PREFIX}{}", &flag[flag.len().saturating_sub(OWN_LETTERS)..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_back_from_the_tags_and_other_tags_are_none() {
        let mark = Mark {
            flag: format!("hivectl-lease-m.{:032x}", 7),
            made_at: 1,
            lasts_ms: 150_000,
            holder: "ana@h".into(),
            host: "h".into(),
            process: "1 x".into(),
        };
        let tag = |key: &str, value: String| dto::Pair { key: key.to_owned(), value };
        let tags = vec![
            tag(&key(&mark.flag), json!(mark).to_string()),
            tag("hivectl.lease.holder", "ana@h".into()),
            tag("hivectl.retrainings", "3".into()),
        ];
        let model = dto::RegisteredModel { name: "m".into(), creation_timestamp: 0, tags, aliases: vec![] };
        assert_eq!(of(&model), [mark]);
    }
}
