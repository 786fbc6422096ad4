//! Registering: the files first, then a version number, which is asked for once.

use serde_json::{Value, json};

use super::apply::{make, read_back, recorded, settled, waits_no_longer};
use super::lease::Lease;
use super::moves::{Move, Moved};
use super::observe::{observe, pointer, serving};
use super::own_tags::{self, MOVES, OPERATION};
use super::registry::MlflowRegistry;
use super::upload::{Upload, Uploaded};
use super::{deleted, dto, read};
use crate::audit::{Action, RecordedState};
use crate::base::sha256_hex;
use crate::base::time::rfc3339;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{AuditEntry, FINGERPRINT_TAG, ModelVersion, Pointer, REASON_TAG, Stage, check_name};
use crate::registry::clock::now_ms;
use crate::registry::package::check_files;
use crate::registry::{ModelStore, NewVersion, Registration, Submission, new_run_id};

/// How often a version number is asked for when answers are lost; between them is a look.
const MOST_TRIES: u32 = 3;

/// What is to be registered and how it is known again.
struct Attempt<'a> {
    new: &'a NewVersion,
    action: Action,
    operation: String,
    fingerprint: Option<&'a str>,
    evidence: Value,
}

impl Registration for MlflowRegistry {
    fn check_experiment(&self, name: &str) -> Result<()> {
        deleted::check_experiment(&self.client, name)
    }

    fn register(&self, new: NewVersion) -> Result<ModelVersion> {
        let attempt = Attempt { new: &new, action: Action::Register, operation: new_run_id(), fingerprint: None, evidence: json!({}) };
        store(self, &attempt).map(|(version, _)| version)
    }

    fn register_once(&self, submission: Submission) -> Result<(ModelVersion, bool)> {
        let Submission { version: mut new, action, fingerprint, evidence } = submission;
        if let Some(there) = with_fingerprint(&read::versions(&self.client, &new.name)?, &fingerprint) {
            return Ok((there, false));
        }
        new.tags.insert(FINGERPRINT_TAG.to_owned(), fingerprint.clone());
        // The same command typed again after a crash finds run and files of the first time by this.
        let operation = sha256_hex(format!("{}\n{fingerprint}", new.name).as_bytes()).chars().take(32).collect();
        store(self, &Attempt { new: &new, action, operation, fingerprint: Some(&fingerprint), evidence })
    }
}

fn with_fingerprint(versions: &[Moved], fingerprint: &str) -> Option<ModelVersion> {
    let is_same = |version: &&ModelVersion| version.tags.get(FINGERPRINT_TAG).is_some_and(|tag| tag == fingerprint);
    versions.iter().rev().map(|moved| &moved.version).find(is_same).cloned()
}

fn store(registry: &MlflowRegistry, attempt: &Attempt<'_>) -> Result<(ModelVersion, bool)> {
    let new = attempt.new;
    check_name(&new.name)
        .map_err(|why| Error::new(ErrorKind::Usage, format!("'{}' is no name for a model", new.name.escape_debug())).because(why))?;
    check_files(&new.files)?;
    let upload = Upload { client: &registry.client, new, operation: &attempt.operation, is_new_run: attempt.fingerprint.is_none() };
    let uploaded = upload.run()?;
    let mut made = None;
    let entry = entry(attempt, &uploaded);
    let stored = recorded(registry, &entry, || {
        made = Some(numbered(registry, attempt, &uploaded)?);
        Ok(())
    });
    if let Err(error) = stored {
        if error.kind() == ErrorKind::Conflict {
            // A run that came to nothing; that it cannot be marked is not what is told.
            let _ = upload.end_run(&uploaded.run_id, "FAILED");
        }
        return Err(error);
    }
    let lost = || {
        Error::new(ErrorKind::ServerFailed, format!("cannot read the new version back from {} after 1 attempt", registry.location()))
            .because("the server made it and does not tell of it")
            .hint("repeat the command: what is there is found and not made twice")
    };
    let (version, is_new) = made.ok_or_else(lost)?;
    match is_new && new.stage == Stage::None {
        // The server has just told it, and nothing was done to it since.
        true => Ok((version, true)),
        false => Ok((registry.version(&new.name, version.version)?.ok_or_else(lost)?, is_new)),
    }
}

fn entry(attempt: &Attempt<'_>, uploaded: &Uploaded) -> AuditEntry {
    let mut evidence = attempt.evidence.clone();
    evidence["model_id"] = json!(uploaded.model_id);
    evidence["run_id"] = uploaded.run_id.as_str().into();
    AuditEntry {
        action: attempt.action,
        model: attempt.new.name.clone(),
        version: None,
        before: RecordedState::default(),
        after: RecordedState { stage: Some(attempt.new.stage.as_str().into()), ..RecordedState::default() },
        reason: attempt.new.tags.get(REASON_TAG).cloned(),
        evidence,
    }
}

/// The version, under the lease: looked for, else made; and whether it was made.
fn numbered(registry: &MlflowRegistry, attempt: &Attempt<'_>, uploaded: &Uploaded) -> Result<(ModelVersion, bool)> {
    let new = attempt.new;
    let lease = registry.lease(&new.name)?;
    let versions = settled(registry, &lease, &new.name)?;
    if let Some(there) = attempt.fingerprint.and_then(|fingerprint| with_fingerprint(&versions, fingerprint)) {
        return Ok((there, false));
    }
    if new.stage == Stage::Production {
        serving(registry, &versions).agreed(&new.name)?;
    }
    let pointer = match new.stage {
        Stage::Production | Stage::Staging => pointer(registry, &new.name, &versions, new.stage)?,
        // Who is in no stage and in none any more has no pointer either.
        Stage::None | Stage::Archived => Pointer::Stage,
    };
    if new.stage == Stage::Production {
        check_champion(new, serving(registry, &versions).champion())?;
    }
    if versions.is_empty() {
        make_model(registry, &new.name)?;
    }
    lease.check()?;
    let version = make_version(registry, attempt, uploaded, &pointer)?;
    match new.stage {
        Stage::None => {}
        Stage::Production => put_into_service(registry, &lease, attempt, (&versions, pointer), version.clone())?,
        Stage::Staging | Stage::Archived if !pointer.moves_stage() => {
            lease.check()?;
            if let Some(alias) = pointer.alias_alone() {
                registry.client.set_alias(&new.name, alias, version.version)?;
            }
        }
        Stage::Staging | Stage::Archived => {
            lease.check()?;
            registry.client.transition(&new.name, version.version, new.stage.as_str(), false)?;
        }
    }
    Ok((Moved::from_version(version).version, true))
}

fn make_model(registry: &MlflowRegistry, name: &str) -> Result<()> {
    let operation = format!("make the model '{name}'");
    // Read and not taken for granted: an answer that is none may come from something before the server.
    let made = registry.client.make::<dto::RegisteredModelAnswer>("registered-models/create", json!({ "name": name }), &operation);
    match made {
        Err(failure) if failure.is_already_there() => Ok(()),
        Err(failure) if failure.effect_unknown => match registry.client.model(name)? {
            Some(_) => Ok(()),
            None => Err(failure.into()),
        },
        made => Ok(made.map(drop)?),
    }
}

fn make_version(registry: &MlflowRegistry, attempt: &Attempt<'_>, uploaded: &Uploaded, pointer: &Pointer) -> Result<ModelVersion> {
    let new = attempt.new;
    let in_no_stage = new.stage == Stage::Production || !pointer.moves_stage();
    let one = moved(registry, attempt, 0, if in_no_stage { Stage::None } else { new.stage });
    let moves = serde_json::to_string(&[one]).map_err(|source| Error::new(ErrorKind::Internal, "cannot write a move").because(source))?;
    let own = own_tags::record(&uploaded.artifacts, &new.run.metrics, &new.run.params);
    let given = new.tags.iter().map(|(key, value)| (key.clone(), value.clone()));
    let tags: Vec<Value> = given
        .chain(own)
        .chain([(OPERATION.to_owned(), attempt.operation.clone()), (MOVES.to_owned(), moves)])
        .map(|(key, value)| json!({ "key": key, "value": value }))
        .collect();
    let mut body = json!({
        "name": new.name,
        "source": uploaded.source,
        "run_id": uploaded.run_id,
        "description": new.description,
        "tags": tags,
    });
    if let Some(model_id) = &uploaded.model_id {
        body["model_id"] = model_id.as_str().into();
    }
    let operation = format!("make a version of '{}'", new.name);
    let mut tries = 0;
    loop {
        tries += 1;
        let failure = match registry.client.make::<dto::VersionAnswer>("model-versions/create", body.clone(), &operation) {
            Ok(made) => return read::version_from(made.model_version, &[]).ok_or_else(|| no_number(&new.name)),
            Err(failure) => failure,
        };
        if !failure.effect_unknown {
            return Err(failure.into());
        }
        // The answer was lost; the version may be there. A second one is never made without this look.
        let there = read::moved_versions(&registry.client, &new.name)?;
        let is_own = |moved: &&Moved| moved.version.tags.get(OPERATION) == Some(&attempt.operation);
        if let Some(found) = there.iter().find(is_own) {
            return Ok(found.version.clone());
        }
        if tries == MOST_TRIES {
            return Err(failure.into());
        }
    }
}

fn no_number(name: &str) -> Error {
    Error::new(ErrorKind::ServerFailed, format!("the server gave the new version of '{name}' no number"))
}

fn moved(registry: &MlflowRegistry, attempt: &Attempt<'_>, number: u64, to: Stage) -> Move {
    Move {
        number,
        at: rfc3339(now_ms()),
        action: attempt.action,
        created_at: 0,
        from: Stage::None,
        to,
        pointer: Pointer::default(),
        alias_from: None,
        before: None,
        after: None,
        user: registry.actor.user.clone(),
        host: registry.actor.host.clone(),
        reason: attempt.new.tags.get(REASON_TAG).cloned(),
        forced: false,
        plan: None,
    }
    .fitting()
}

fn check_champion(new: &NewVersion, champion: Option<u32>) -> Result<()> {
    if champion == new.expected_champion {
        return Ok(());
    }
    let words = |version: Option<u32>| version.map_or_else(|| "none".to_owned(), |version| format!("version {version}"));
    Err(Error::new(ErrorKind::Conflict, format!("{}'s version in Production changed while this one was made", new.name))
        .because(format!("it was {} and is {} now", words(new.expected_champion), words(champion)))
        .hint("run the command again: it compares with the version that is in Production now"))
}

/// The new version takes the champion's place.
fn put_into_service(
    registry: &MlflowRegistry,
    lease: &Lease<'_>,
    attempt: &Attempt<'_>,
    (before, pointer): (&[Moved], Pointer),
    version: ModelVersion,
) -> Result<()> {
    let revision = if before.is_empty() { 0 } else { observe(registry, &version.name, before)?.revision };
    let serving = serving(registry, before);
    let champion = before.iter().map(|moved| &moved.version).find(|version| Some(version.version) == serving.champion());
    let champion = champion.map(ModelVersion::as_production_version);
    let to = if pointer.moves_stage() { Stage::Production } else { Stage::None };
    let one = Move {
        created_at: version.created_at,
        alias_from: serving.aliased.filter(|_| !pointer.moves_stage()),
        pointer,
        before: champion,
        after: Some(version.as_production_version()),
        ..moved(registry, attempt, revision + 1, to)
    };
    let reason = one.reason.clone();
    let (name, number) = (version.name.clone(), version.version);
    make(registry, lease, &Moved::from_version(version), &one, reason.as_deref())?;
    for former in before.iter().filter(|moved| Some(moved.version.version) == serving.production) {
        waits_no_longer(registry, lease, &former.version, &one.pointer)?;
    }
    let archives: Vec<u32> = champion.iter().map(|served| served.version).collect();
    read_back(registry, &name, number, &one, &archives)
}
