//! The lease: who holds it is alone in changing a model, among all who take it.
//!
//! MLflow has no lock and no compare-and-swap; making a registered model of a name is the one thing that one caller
//! alone can do. Whoever wants the lease of a model first puts up a flag, a registered model whose name nobody else
//! ever uses, and then looks at all flags of the model. Alone, it holds the lease. Of two that both put up flags
//! the later look comes after both flags, so never do both see themselves alone. The one whose flag is older waits
//! with its flag up, the other takes its flag down and tries again.
//!
//! A flag is stale when its holder died on this machine or when its time has run out by the server's own clock;
//! anybody may take a stale flag down. Because a name is used once, that can never hit the flag of a successor.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use super::api::absent_is_none;
use super::client::{Call, Client, Repeat, Sent};
use super::dto;
use super::failure::Asked;
use crate::audit::Actor;
use crate::base::sha256_hex;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::RESERVED as PREFIX;
use crate::registry::clock::now_ms;
use crate::registry::new_run_id;
use crate::registry::process::{host_name, is_alive};

/// The longest name of a registered model.
const LONGEST_NAME: usize = 256;

/// How long a flag stands at most, when its holder vanishes.
pub(super) const SHORT: Duration = Duration::from_secs(150);

/// After its time has run out, a flag is left standing so long: clocks and answers are not exact.
const GRACE_MS: i64 = 10_000;

/// How long the older of two waits with its flag up.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Whether a registered model is a flag.
pub(super) fn is_lease(name: &str) -> bool {
    name.starts_with(PREFIX)
}

/// The lease of one model, given back when it is dropped.
pub(super) struct Lease<'client> {
    client: &'client Client,
    flag: String,
    subject: String,
    taken: Instant,
    lasts: Duration,
}

/// A flag that stands.
struct Flag {
    name: String,
    made_at: i64,
    holder: String,
    is_stale: bool,
}

impl<'client> Lease<'client> {
    /// Takes the lease of `subject`, waiting for others at most `longest_wait`.
    ///
    /// Errors: [`ErrorKind::LockHeld`] naming the holder; those of the server.
    pub(super) fn take(
        client: &'client Client,
        subject: &str,
        actor: &Actor,
        longest_wait: Duration,
        lasts: Duration,
    ) -> Result<Lease<'client>> {
        let begun = Instant::now();
        let mut round = 0u32;
        loop {
            let held_by = match Self::attempt(client, subject, actor, lasts)? {
                Ok(lease) => return Ok(lease),
                Err(holder) => holder,
            };
            // A different pause for each process and round, so that two do not go on meeting.
            round += 1;
            let pause = Duration::from_millis(30 + u64::from(std::process::id().wrapping_mul(7).wrapping_add(round * 37) % 90));
            if begun.elapsed() + pause > longest_wait || !client.budget.sleep(pause) {
                return Err(Error::new(ErrorKind::LockHeld, format!("{held_by} is changing {subject} at {}", client.shown()))
                    .because(format!("waited {:.1} s for it", begun.elapsed().as_secs_f64()))
                    .hint("repeat the command; to wait longer, add '--lock-timeout 2m'"));
            }
        }
    }

    /// One flag put up; the holder's name where another one has the lease.
    fn attempt(client: &'client Client, subject: &str, actor: &Actor, lasts: Duration) -> Result<Result<Lease<'client>, String>> {
        // Who sees that another one holds the lease does not even put up a flag.
        if let Some(other) = flags(client, subject)?.into_iter().find(|flag| !flag.is_stale) {
            return Ok(Err(other.holder));
        }
        let lease = Lease::put_up(client, subject, actor, lasts)?;
        let begun = Instant::now();
        loop {
            let flags = flags(client, subject)?;
            let Some(own) = flags.iter().find(|flag| flag.name == lease.flag) else {
                return Err(Error::new(ErrorKind::Conflict, format!("the lease of {subject} was taken away by another tool"))
                    .hint("repeat the command"));
            };
            for stale in flags.iter().filter(|flag| flag.is_stale && flag.name != lease.flag) {
                take_down(client, &stale.name)?;
            }
            let others: Vec<&Flag> = flags.iter().filter(|flag| !flag.is_stale && flag.name != lease.flag).collect();
            let Some(other) = others.first() else { return Ok(Ok(lease)) };
            let is_oldest = others.iter().all(|other| (own.made_at, &own.name) < (other.made_at, &other.name));
            if !is_oldest || begun.elapsed() > LONGEST_WAIT || !client.budget.sleep(Duration::from_millis(20)) {
                return Ok(Err(other.holder.clone()));
            }
        }
    }

    fn put_up(client: &'client Client, subject: &str, actor: &Actor, lasts: Duration) -> Result<Lease<'client>> {
        let flag = format!("{}{}", stem(subject), new_run_id());
        let tag = |key: &str, value: String| json!({ "key": format!("hivectl.lease.{key}"), "value": value });
        let body = json!({
            "name": flag,
            "description": "Marks that hivectl is changing a model. It goes by itself; one that stays may be deleted.",
            "tags": [
                tag("holder", format!("{}@{}", actor.user, actor.host)),
                tag("host", host_name()),
                tag("process", process_of(std::process::id())),
                tag("lasts_ms", lasts.as_millis().to_string()),
            ],
        });
        // From here on, so that also a flag whose answer is lost is taken down again.
        let lease = Lease { client, flag, subject: subject.to_owned(), taken: Instant::now(), lasts };
        let made = client.make::<dto::RegisteredModelAnswer>("registered-models/create", body, &format!("take the lease of {subject}"));
        match made {
            Ok(_) => Ok(lease),
            // The look at all flags tells whether it stands.
            Err(failure) if failure.effect_unknown || failure.is_already_there() => match client.model(&lease.flag)? {
                Some(_) => Ok(lease),
                None => Err(failure.into()),
            },
            Err(failure) => Err(failure.into()),
        }
    }

    /// To be called before each write: a lease that has run out, because the machine slept or the server was slow,
    /// may be another one's by now.
    ///
    /// Errors: [`ErrorKind::Conflict`].
    pub(super) fn check(&self) -> Result<()> {
        // The other half is for the write itself.
        if self.taken.elapsed() < self.lasts / 2 {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Conflict, format!("the lease of {} ran out after {} s", self.subject, self.lasts.as_secs()))
            .because("the server or this machine was too slow; what was written before stays written")
            .hint("repeat the command: it finishes what was begun"))
    }

    /// Leaves the flag up beyond this process's interest in the value; answers with its name.
    pub(super) fn keep(mut self) -> String {
        self.subject.clear();
        std::mem::take(&mut self.flag)
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if !self.flag.is_empty() {
            // What cannot be taken down now is stale soon, and taken down by the next one.
            let _ = take_down(self.client, &self.flag);
        }
    }
}

/// Takes a flag down; one that is gone is down.
pub(super) fn take_down(client: &Client, flag: &str) -> Result<()> {
    let removed =
        client.write::<dto::Nothing>(Method::DELETE, "registered-models/delete", json!({ "name": flag }), "give back the lease of a model");
    absent_is_none(removed)?;
    Ok(())
}

/// The flags that stand though their holders are gone, of one model or of all.
pub(super) fn left_behind(client: &Client, subject: Option<&str>) -> Result<Vec<String>> {
    let flags = subject.map_or_else(|| standing(client, PREFIX), |subject| flags(client, subject))?;
    Ok(flags.into_iter().filter(|flag| flag.is_stale).map(|flag| flag.name).collect())
}

/// The flags of one model.
fn flags(client: &Client, subject: &str) -> Result<Vec<Flag>> {
    let stem = stem(subject);
    let mut flags = standing(client, &stem)?;
    // The flags of `a.b` begin like those of `a`.
    flags.retain(|flag| flag.name.len() == stem.len() + 32);
    Ok(flags)
}

/// The flags whose names begin with `stem`, as of one moment.
fn standing(client: &Client, stem: &str) -> Result<Vec<Flag>> {
    let call = Call {
        method: Method::GET,
        path: "api/2.0/mlflow/registered-models/search",
        query: vec![("filter", format!("name LIKE '{stem}%'")), ("max_results", "1000".to_owned())],
        body: Sent::Nothing,
        repeat: Repeat::Safe,
        operation: "look who holds the lease of a model",
    };
    let (page, server_time): (dto::RegisteredModels, _) = client.json_at(&call)?;
    if !page.next_page_token.is_empty() {
        // An answer in parts is no answer as of one moment, and so many flags there cannot be.
        let asked = Asked { operation: call.operation, server: client.shown(), attempts: 1 };
        return Err(asked.broken(ErrorKind::ServerFailed, "it tells them in parts, which no lease can stand on", false).into());
    }
    let now = server_time.unwrap_or_else(now_ms);
    // In a pattern an underscore stands for any letter.
    let own = page.registered_models.into_iter().filter(|model| model.name.starts_with(stem));
    Ok(own.map(|model| flag_from(&model, now)).collect())
}

fn flag_from(model: &dto::RegisteredModel, now: i64) -> Flag {
    let tag = |key: &str| {
        let key = format!("hivectl.lease.{key}");
        model.tags.iter().find(|tag| tag.key == key).map(|tag| tag.value.as_str())
    };
    let lasts = tag("lasts_ms").and_then(|text| text.parse().ok()).unwrap_or(SHORT.as_millis() as i64);
    let has_run_out = now > model.creation_timestamp.saturating_add(lasts).saturating_add(GRACE_MS);
    let died = tag("host") == Some(&host_name()) && tag("process").is_some_and(has_died);
    Flag {
        name: model.name.clone(),
        made_at: model.creation_timestamp,
        holder: tag("holder").unwrap_or("somebody").to_owned(),
        is_stale: has_run_out || died,
    }
}

/// What the names of a model's flags begin with.
fn stem(subject: &str) -> String {
    let plain = format!("{PREFIX}{subject}.");
    if plain.len() + 32 <= LONGEST_NAME { plain } else { format!("{PREFIX}{}.", &sha256_hex(subject.as_bytes())[..32]) }
}

/// A process in words that no other process of this machine shares, as far as the system tells: its number, and
/// what numbers are counted in.
fn process_of(process_id: u32) -> String {
    format!("{process_id} {}", numbering())
}

/// Says that a process of this machine has ended. Of one that is counted elsewhere (another container, another
/// start of the machine) nothing is known.
fn has_died(process: &str) -> bool {
    let Some((number, counted_in)) = process.split_once(' ') else { return false };
    counted_in == numbering() && number.parse().is_ok_and(|number| !is_alive(number))
}

/// What process numbers are counted in: this start of this machine, this container.
fn numbering() -> String {
    let start = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let container = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    format!("{} {}", start.trim(), container.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(made_at: i64, host: &str, process: &str) -> dto::RegisteredModel {
        let tag = |key: &str, value: &str| dto::Pair { key: format!("hivectl.lease.{key}"), value: value.to_owned() };
        dto::RegisteredModel {
            name: format!("{}1", stem("m")),
            creation_timestamp: made_at,
            tags: vec![tag("holder", "u@h"), tag("host", host), tag("process", process), tag("lasts_ms", "1000")],
            aliases: vec![],
        }
    }

    #[test]
    fn a_flag_is_stale_when_its_time_is_over_or_its_holder_dead_and_not_before() {
        let living = process_of(std::process::id());
        assert!(!flag_from(&model(0, &host_name(), &living), 11_000).is_stale);
        assert!(flag_from(&model(0, &host_name(), &living), 11_001).is_stale);
        let dead = process_of(u32::MAX >> 2);
        assert!(flag_from(&model(0, &host_name(), &dead), 1).is_stale);
        assert!(!flag_from(&model(0, "another-host", &dead), 1).is_stale);
        assert!(!flag_from(&model(0, &host_name(), "4194303 another-start"), 1).is_stale);
        assert!(!flag_from(&model(0, &host_name(), ""), 1).is_stale);
    }

    #[test]
    fn flags_have_names_that_mlflow_takes() {
        assert!(is_lease(&stem("m")) && !is_lease("m"));
        for length in [1, 200, 256] {
            assert!(stem(&"n".repeat(length)).len() + 32 <= LONGEST_NAME);
        }
    }
}
