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
//! Where a server knows who asks, a flag may be hidden from others: there the model is tagged beside it ([`super::marks`]).

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use super::api::absent_is_none;
use super::client::{Call, Client, Repeat, Sent};
use super::dto;
use super::failure::Asked;
use super::marks::{self, Mark, OWN_LETTERS};
use crate::audit::Actor;
use crate::base::sha256_hex;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::RESERVED as PREFIX;
use crate::registry::Warnings;
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
    /// When the flag was put up, by the server's clock.
    made_at: i64,
    subject: Subject,
    is_marked: bool,
    taken: Instant,
    lasts: Duration,
}

/// What is leased.
#[derive(Clone)]
pub(super) struct Subject {
    /// What the flags are named after.
    pub(super) name: String,
    /// The model whose tags carry the lease beside them.
    pub(super) model: String,
}

/// A flag that stands, or the tag of one.
struct Flag {
    name: String,
    made_at: i64,
    holder: String,
    is_stale: bool,
    is_mark: bool,
}

impl<'client> Lease<'client> {
    /// Takes the lease of `subject`, waiting for others at most `longest_wait`.
    ///
    /// Errors: [`ErrorKind::LockHeld`] naming the holder; those of the server.
    pub(super) fn take(
        client: &'client Client,
        subject: &Subject,
        actor: &Actor,
        longest_wait: Duration,
        lasts: Duration,
        notices: &Warnings,
    ) -> Result<Lease<'client>> {
        let begun = Instant::now();
        let mut round = 0u32;
        loop {
            let held_by = match Self::attempt(client, subject, actor, lasts, notices)? {
                Ok(lease) => return Ok(lease),
                Err(holder) => holder,
            };
            // A different pause for each process and round, so that two do not go on meeting.
            round += 1;
            let pause = Duration::from_millis(30 + u64::from(std::process::id().wrapping_mul(7).wrapping_add(round * 37) % 90));
            if begun.elapsed() + pause > longest_wait || !client.budget.sleep(pause) {
                return Err(Error::new(ErrorKind::LockHeld, format!("{held_by} is changing {} at {}", subject.name, client.shown()))
                    .because(format!("waited {:.1} s for it", begun.elapsed().as_secs_f64()))
                    .hint("repeat the command; to wait longer, add '--lock-timeout 2m'"));
            }
        }
    }

    /// One flag put up; the holder's name where another one has the lease.
    fn attempt(
        client: &'client Client,
        subject: &Subject,
        actor: &Actor,
        lasts: Duration,
        notices: &Warnings,
    ) -> Result<Result<Lease<'client>, String>> {
        // Who sees that another one holds the lease does not even put up a flag.
        if let Some(other) = flags(client, subject)?.into_iter().find(|flag| !flag.is_stale) {
            return Ok(Err(other.holder));
        }
        let lease = Lease::put_up(client, subject, actor, lasts)?;
        let begun = Instant::now();
        loop {
            let flags = flags(client, subject)?;
            let is_own = |flag: &&Flag| flag.name == lease.flag && flag.is_mark == lease.is_marked;
            let Some(own) = flags.iter().find(is_own) else {
                return Err(Error::new(ErrorKind::Conflict, format!("the lease of {} was taken away by another tool", subject.name))
                    .hint("repeat the command"));
            };
            for stale in flags.iter().filter(|flag| flag.is_stale && flag.name != lease.flag) {
                if stale.is_mark {
                    marks::remove(client, &subject.model, &stale.name)?;
                } else {
                    take_down_stale(client, stale, notices)?;
                }
            }
            let others: Vec<&Flag> = flags.iter().filter(|flag| !flag.is_stale && flag.name != lease.flag).collect();
            let Some(other) = others.first() else { return Ok(Ok(lease)) };
            let is_oldest = others.iter().all(|other| (own.made_at, &own.name) < (other.made_at, &other.name));
            if !is_oldest || begun.elapsed() > LONGEST_WAIT || !client.budget.sleep(Duration::from_millis(20)) {
                return Ok(Err(other.holder.clone()));
            }
        }
    }

    fn put_up(client: &'client Client, subject: &Subject, actor: &Actor, lasts: Duration) -> Result<Lease<'client>> {
        let flag = format!("{}{}", stem(&subject.name), new_run_id());
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
        let mut lease = Lease { client, flag, made_at: 0, subject: subject.clone(), is_marked: false, taken: Instant::now(), lasts };
        let operation = format!("take the lease of {}", subject.name);
        let made = client.make::<dto::RegisteredModelAnswer>("registered-models/create", body, &operation);
        lease.made_at = match made {
            Ok(made) => made.registered_model.creation_timestamp,
            // The look at all flags tells whether it stands.
            Err(failure) if failure.effect_unknown || failure.is_already_there() => match client.model(&lease.flag)? {
                Some(found) => found.creation_timestamp,
                None => return Err(failure.into()),
            },
            Err(failure) => return Err(failure.into()),
        };
        if client.is_known_by_name() {
            lease.is_marked = marks::put(client, &subject.model, &lease.mark(actor))?;
        }
        Ok(lease)
    }

    fn mark(&self, actor: &Actor) -> Mark {
        Mark {
            flag: self.flag.clone(),
            made_at: self.made_at,
            lasts_ms: i64::try_from(self.lasts.as_millis()).unwrap_or(i64::MAX),
            holder: format!("{}@{}", actor.user, actor.host),
            host: host_name(),
            process: process_of(std::process::id()),
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
        Err(Error::new(ErrorKind::Conflict, format!("the lease of {} ran out after {} s", self.subject.name, self.lasts.as_secs()))
            .because("the server or this machine was too slow; what was written before stays written")
            .hint("repeat the command: it finishes what was begun"))
    }

    /// Leaves the flag up beyond this process's interest in the value; answers with what takes it down.
    pub(super) fn keep(mut self) -> Kept {
        let flag = std::mem::take(&mut self.flag);
        Kept { flag, marked: self.is_marked.then(|| self.subject.model.clone()) }
    }
}

/// A lease that stands until it is given back.
pub(super) struct Kept {
    flag: String,
    /// The model that is tagged with it.
    marked: Option<String>,
}

impl Kept {
    /// Takes the flag down, and the tag.
    ///
    /// Errors: those of the server.
    pub(super) fn give_back(&self, client: &Client) -> Result<()> {
        if let Some(model) = &self.marked {
            marks::remove(client, model, &self.flag)?;
        }
        take_down(client, &self.flag)
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if !self.flag.is_empty() {
            let kept = Kept { flag: std::mem::take(&mut self.flag), marked: self.is_marked.then(|| self.subject.model.clone()) };
            // What cannot be taken down now is stale soon, and taken down by the next one.
            let _ = kept.give_back(self.client);
        }
    }
}

/// Takes a flag down; one that is gone is down.
fn take_down(client: &Client, flag: &str) -> Result<()> {
    let removed =
        client.write::<dto::Nothing>(Method::DELETE, "registered-models/delete", json!({ "name": flag }), "give back the lease of a model");
    absent_is_none(removed)?;
    Ok(())
}

/// Takes a stale flag down. One that another account put up may not be this account's to delete; as it is stale it holds
/// nobody back, so it is told.
fn take_down_stale(client: &Client, flag: &Flag, notices: &Warnings) -> Result<()> {
    match take_down(client, &flag.name) {
        Err(error) if error.kind() == ErrorKind::NotAllowed => {
            let told = format!(
                "{} left a lease behind that has run out, and this account may not remove it: it holds nothing back; its owner or an \
                 administrator removes it with `{}`",
                flag.holder,
                removal(client, &flag.name)
            );
            notices.lock().unwrap_or_else(PoisonError::into_inner).push(told);
            Ok(())
        }
        done => done,
    }
}

/// The line that removes a flag by hand; curl asks for the password.
pub(super) fn removal(client: &Client, flag: &str) -> String {
    format!(
        "curl -u USER -X DELETE {}/api/2.0/mlflow/registered-models/delete -H 'Content-Type: application/json' -d '{{\"name\": \"{flag}\"}}'",
        client.shown()
    )
}

/// The flags that stand though their holders are gone, of one model or of all.
pub(super) fn left_behind(client: &Client, subject: Option<&str>) -> Result<Vec<String>> {
    let flags = subject.map_or_else(|| standing(client, PREFIX), |subject| flags_of(client, subject))?;
    Ok(flags.into_iter().filter(|flag| flag.is_stale).map(|flag| flag.name).collect())
}

/// The flags of one model, and those that its tags tell of.
fn flags(client: &Client, subject: &Subject) -> Result<Vec<Flag>> {
    let mut flags = flags_of(client, &subject.name)?;
    if client.is_known_by_name() {
        let (marks, now) = marks::standing(client, &subject.model)?;
        let stem = stem(&subject.name);
        let own = marks.iter().filter(|mark| is_flag_of(&mark.flag, &stem));
        flags.extend(own.map(|mark| flag_of_mark(mark, now)));
    }
    Ok(flags)
}

/// The flags of one model.
fn flags_of(client: &Client, subject: &str) -> Result<Vec<Flag>> {
    let stem = stem(subject);
    let mut flags = standing(client, &stem)?;
    flags.retain(|flag| is_flag_of(&flag.name, &stem));
    Ok(flags)
}

/// The flags of `a.b` begin like those of `a`.
fn is_flag_of(flag: &str, stem: &str) -> bool {
    flag.starts_with(stem) && flag.len() == stem.len() + OWN_LETTERS
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
    let mark = Mark {
        flag: model.name.clone(),
        made_at: model.creation_timestamp,
        lasts_ms: lasts,
        holder: tag("holder").unwrap_or("somebody").to_owned(),
        host: tag("host").unwrap_or_default().to_owned(),
        process: tag("process").unwrap_or_default().to_owned(),
    };
    Flag { is_mark: false, ..flag_of_mark(&mark, now) }
}

fn flag_of_mark(mark: &Mark, now: i64) -> Flag {
    let has_run_out = now > mark.made_at.saturating_add(mark.lasts_ms).saturating_add(GRACE_MS);
    let died = mark.host == host_name() && has_died(&mark.process);
    Flag { name: mark.flag.clone(), made_at: mark.made_at, holder: mark.holder.clone(), is_stale: has_run_out || died, is_mark: true }
}

/// What the names of a model's flags begin with.
fn stem(subject: &str) -> String {
    let plain = format!("{PREFIX}{subject}.");
    if plain.len() + OWN_LETTERS <= LONGEST_NAME { plain } else { format!("{PREFIX}{}.", &sha256_hex(subject.as_bytes())[..32]) }
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
