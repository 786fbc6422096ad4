//! Names in a registry, kept in a file so that a TAB does not wait for it.
//!
//! The file is the user's alone and holds names, numbers and stages. It is asked first; the registry is asked where the
//! file is older than what it was made from, within [`BUDGET`], and not again for [`AFTER_FAILURE_MS`] when it did not
//! answer.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::workspace::{open_existing, registry_uri};
use crate::base::{sha256_hex, write_whole};
use crate::config::{Flags, Settings, cache_directory};
use crate::error::Result;
use crate::kinds::{CARD_PATH, ModelCard};
use crate::lifecycle::ModelVersion;
use crate::registry::{ModelStore, RegistryUri};

/// Longest time that a TAB waits for a registry.
const BUDGET: Duration = Duration::from_millis(300);
/// How long a registry that did not answer is left alone.
const AFTER_FAILURE_MS: i64 = 60_000;
/// How long names of a server are taken for fresh.
const FRESH_MS: i64 = 30_000;

/// The registry that a line means, which is not whole yet.
#[derive(Clone, Debug, Default)]
pub struct MeantRegistry {
    /// What it says at `--registry`.
    pub registry: Option<String>,
    /// What it says at `--workspace`.
    pub workspace: Option<String>,
    /// What it says at `--context`.
    pub context: Option<String>,
}

/// What is known of a registry: words that may stand in a command, each with a few words about it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct KnownNames {
    /// When it was asked, milliseconds since the epoch.
    #[serde(default)]
    asked_at_ms: i64,
    /// Whether it answered.
    #[serde(default)]
    answered: bool,
    #[serde(default)]
    versions: Vec<KnownVersion>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct KnownVersion {
    name: String,
    version: u32,
    stage: String,
    /// Whether it serves, by stage or alias.
    #[serde(default)]
    serves: bool,
    gate: String,
    aliases: Vec<String>,
    metrics: Vec<String>,
}

impl KnownNames {
    /// Names of models.
    pub fn models(&self) -> Vec<(String, String)> {
        let mut names: Vec<(String, String)> = Vec::new();
        for version in &self.versions {
            match names.iter_mut().find(|(name, _)| *name == version.name) {
                None => names.push((version.name.clone(), serving(version))),
                Some((_, about)) if about.is_empty() => *about = serving(version),
                Some(_) => {}
            }
        }
        names
    }

    /// Names, `NAME@version` with stage and gate, `NAME:alias`.
    pub fn references(&self) -> Vec<(String, String)> {
        let mut words = self.models();
        words.extend(self.versions.iter().map(|version| {
            let about = [version.stage.as_str(), version.gate.as_str()].into_iter().filter(|word| !word.is_empty());
            (format!("{}@{}", version.name, version.version), about.collect::<Vec<_>>().join(", "))
        }));
        for version in &self.versions {
            let about = format!("version {}", version.version);
            words.extend(version.aliases.iter().map(|alias| (format!("{}:{alias}", version.name), about.clone())));
        }
        words
    }

    /// Aliases by themselves.
    pub fn aliases(&self) -> Vec<(String, String)> {
        self.each(|version| &version.aliases)
    }

    /// The beginning of a JSON object that states a metric.
    pub fn metrics(&self) -> Vec<(String, String)> {
        self.each(|version| &version.metrics).into_iter().map(|(name, about)| (format!("{{\"{name}\":"), about)).collect()
    }

    fn each(&self, words: fn(&KnownVersion) -> &Vec<String>) -> Vec<(String, String)> {
        let all: std::collections::BTreeSet<&String> = self.versions.iter().flat_map(words).collect();
        all.into_iter().map(|word| (word.clone(), String::new())).collect()
    }
}

fn serving(version: &KnownVersion) -> String {
    match version.serves {
        true => format!("Production: {}", version.version),
        false => String::new(),
    }
}

/// What is known of a registry; nothing where it does not answer, or cannot be told.
pub fn known_names(meant: &MeantRegistry) -> KnownNames {
    look(meant).unwrap_or_default()
}

fn look(meant: &MeantRegistry) -> Result<KnownNames> {
    let mut flags = Flags { context: meant.context.clone(), ..Flags::default() };
    flags.set("registry", "--registry", meant.registry.as_ref());
    flags.set("workspace", "--workspace", meant.workspace.as_ref());
    let settings = Settings::resolve(&flags)?;
    let Some(setting) = settings.get("registry").filter(|setting| setting.secret.is_none()) else { return Ok(KnownNames::default()) };
    let of = settings.text("workspace").map_or_else(|| setting.value.clone(), |workspace| format!("{}#{workspace}", setting.value));
    let file = cache_directory()?.join(format!("words-{}.json", &sha256_hex(of.as_bytes())[..16]));
    let kept: Option<KnownNames> = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let now = jiff::Timestamp::now().as_millisecond();
    let database = match registry_uri(setting)? {
        RegistryUri::Embedded { database, .. } => Some(database),
        _ => None,
    };
    if let Some(kept) = kept.as_ref().filter(|kept| is_fresh(kept, now, database.as_deref())) {
        return Ok(kept.clone());
    }
    let known = match ask(settings) {
        Some(versions) => KnownNames { asked_at_ms: now, answered: true, versions },
        // The names of before are better than none.
        None => KnownNames { asked_at_ms: now, answered: false, versions: kept.map(|kept| kept.versions).unwrap_or_default() },
    };
    keep(&file, &known);
    Ok(known)
}

fn is_fresh(kept: &KnownNames, now: i64, database: Option<&Path>) -> bool {
    let age = now - kept.asked_at_ms;
    match (kept.answered, database) {
        (false, _) => (0..AFTER_FAILURE_MS).contains(&age),
        (true, None) => (0..FRESH_MS).contains(&age),
        (true, Some(database)) => changed_at_ms(database) < kept.asked_at_ms,
    }
}

/// When the database or its log was last written.
fn changed_at_ms(database: &Path) -> i64 {
    let log = PathBuf::from(format!("{}-wal", database.display()));
    let written = |path: &Path| -> Option<i64> {
        let time = std::fs::metadata(path).ok()?.modified().ok()?;
        i64::try_from(time.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis()).ok()
    };
    [database, &log].into_iter().filter_map(written).max().unwrap_or(0)
}

/// Asks the registry, for [`BUDGET`] at most; who does not answer in time is left to end with the process.
fn ask(settings: Settings) -> Option<Vec<KnownVersion>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(versions(&settings).ok()));
    receiver.recv_timeout(BUDGET).ok().flatten()
}

fn versions(settings: &Settings) -> Result<Vec<KnownVersion>> {
    let registry = open_existing(settings, BUDGET)?;
    let mut found = Vec::new();
    for model in registry.store().list()? {
        for version in registry.store().versions(&model.name)? {
            let serves = model.serving.names(version.version);
            let gate = gate(registry.store(), &version);
            found.push(KnownVersion {
                gate,
                serves,
                name: version.name,
                version: version.version,
                stage: version.stage.as_str().to_owned(),
                aliases: version.aliases,
                metrics: version.metrics.into_keys().collect(),
            });
        }
    }
    Ok(found)
}

/// Whether the version passed its gate, where that is recorded.
fn gate(registry: &dyn ModelStore, version: &ModelVersion) -> String {
    let recorded = version.artifacts.iter().any(|artifact| artifact.path == CARD_PATH);
    let bytes = recorded.then(|| registry.read_artifact(version, CARD_PATH).ok()).flatten();
    match bytes.and_then(|bytes| ModelCard::from_bytes(&bytes).ok()) {
        Some(card) if card.gate.passed => "gate passed".into(),
        Some(_) => "gate failed".into(),
        None => String::new(),
    }
}

/// Keeps what was found; a home that cannot be written only makes the next TAB slower.
fn keep(file: &Path, known: &KnownNames) {
    let written = file.parent().map(std::fs::create_dir_all);
    if let (Some(Ok(())), Ok(bytes)) = (written, serde_json::to_vec(known)) {
        drop(write_whole(file, &bytes));
    }
}
