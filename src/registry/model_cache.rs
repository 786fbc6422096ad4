//! Copies of models that servers handed out, on this machine: files by their digest, and what a server last said of
//! a model's versions.
//!
//! A file whose digest is recorded is asked for once. A file of which nothing is recorded (another tool made the
//! version) and what a server said of a model count for the time to live; a change of the model makes hivectl forget
//! what was said. The cache is never needed: what it cannot read or write is asked for again.
//!
//! While the server answers it is always asked which version is meant; while it does not, reading uses what it said
//! last, with its age as a warning. No change is ever made on what was said before.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::clock::now_ms;
use crate::base::sha256_hex;
use crate::base::write_whole;
use crate::error::{Error, Result};
use crate::lifecycle::ModelVersion;

/// Files that nobody has used for this long are removed when another one is stored.
const UNUSED: Duration = Duration::from_secs(30 * 24 * 3600);

/// The cache of one user.
#[derive(Clone, Debug)]
pub struct ModelCache {
    folder: PathBuf,
    time_to_live: Duration,
}

/// What a server said of one model.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Remembered {
    /// The server's address, without secrets.
    pub server: String,
    pub name: String,
    /// When it was said, milliseconds since the epoch.
    pub said_at_ms: i64,
    /// Newest first.
    pub versions: Vec<ModelVersion>,
    /// Digests of files that are recorded nowhere, with the time they were read.
    #[serde(default)]
    loose: BTreeMap<String, Loose>,
}

/// A file of which the registry recorded nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Loose {
    sha256: String,
    read_at_ms: i64,
}

/// A version with what of it is in the cache.
#[derive(Clone, Debug)]
pub struct Copied<'a> {
    pub version: &'a ModelVersion,
    /// Files in the cache, and files that are recorded.
    pub file_count: usize,
    pub recorded_count: usize,
    pub size_bytes: u64,
}

/// What was removed.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Cleared {
    pub models: u64,
    pub files: u64,
    pub bytes: u64,
}

impl ModelCache {
    /// The cache below `folder`, which the first copy makes.
    pub fn at(folder: PathBuf, time_to_live: Duration) -> ModelCache {
        ModelCache { folder, time_to_live }
    }

    /// How long what a server said counts.
    pub fn time_to_live(&self) -> Duration {
        self.time_to_live
    }

    /// The file of this digest; a copy that is damaged is removed and not answered.
    pub(super) fn file(&self, sha256: &str) -> Option<Vec<u8>> {
        let path = self.file_path(sha256);
        let bytes = fs::read(&path).ok()?;
        if sha256_hex(&bytes) != sha256 {
            let _ = fs::remove_file(&path);
            return None;
        }
        // The time of last use, where the disk lets us write it.
        let _ = File::options().append(true).open(&path).and_then(|file| file.set_modified(SystemTime::now()));
        Some(bytes)
    }

    /// Keeps a file.
    pub(super) fn keep_file(&self, sha256: &str, bytes: &[u8]) {
        let path = self.file_path(sha256);
        if path.exists() {
            return;
        }
        self.drop_unused();
        if path.parent().is_some_and(|parent| fs::create_dir_all(parent).is_ok()) {
            let _ = write_whole(&path, bytes);
        }
    }

    /// The copy of a file that nothing is recorded of, while it counts; at any age with `at_any_age`.
    pub(super) fn loose_file(&self, server: &str, version: &ModelVersion, path: &str, at_any_age: bool) -> Option<Vec<u8>> {
        let remembered = self.remembered(server, &version.name)?;
        let loose = remembered.loose.get(&key(version, path))?;
        let counts = at_any_age || self.is_fresh(loose.read_at_ms);
        if counts { self.file(&loose.sha256) } else { None }
    }

    /// Keeps a file that nothing is recorded of.
    pub(super) fn keep_loose_file(&self, server: &str, version: &ModelVersion, path: &str, bytes: &[u8]) {
        let sha256 = sha256_hex(bytes);
        self.keep_file(&sha256, bytes);
        if let Some(mut remembered) = self.remembered(server, &version.name) {
            remembered.loose.insert(key(version, path), Loose { sha256, read_at_ms: now_ms() });
            self.write(&remembered);
        }
    }

    /// Remembers what a server said of a model just now.
    pub(super) fn remember(&self, server: &str, name: &str, versions: &[ModelVersion]) {
        let loose = self.remembered(server, name).map(|former| former.loose).unwrap_or_default();
        let (server, name) = (server.to_owned(), name.to_owned());
        self.write(&Remembered { server, name, said_at_ms: now_ms(), versions: versions.to_vec(), loose });
    }

    /// What a server last said of a model, at whatever age.
    pub(super) fn remembered(&self, server: &str, name: &str) -> Option<Remembered> {
        read::<Remembered>(&self.said_path(server, name)).filter(|said| said.server == server && said.name == name)
    }

    /// Forgets what a server said of a model: it is about to change.
    pub(super) fn forget(&self, server: &str, name: &str) {
        let _ = fs::remove_file(self.said_path(server, name));
    }

    /// Whether what was said then still counts.
    pub fn is_fresh(&self, said_at_ms: i64) -> bool {
        let age_ms = now_ms().saturating_sub(said_at_ms);
        // A time that lies ahead comes of a clock that was set back.
        age_ms >= 0 && u128::from(age_ms.unsigned_abs()) <= self.time_to_live.as_millis()
    }

    /// All that is remembered, by server and name.
    ///
    /// Errors: [`crate::error::ErrorKind::FileAccess`] for a folder that cannot be read.
    pub fn list(&self) -> Result<Vec<Remembered>> {
        let mut said: Vec<Remembered> = entries(&self.folder.join("said"))?.iter().filter_map(|path| read(path)).collect();
        said.sort_by(|one, other| (&one.server, &one.name).cmp(&(&other.server, &other.name)));
        Ok(said)
    }

    /// What of each version is in the cache; versions without any copy are left out.
    pub fn copies<'a>(&self, said: &'a Remembered) -> Vec<Copied<'a>> {
        let copied = |version: &'a ModelVersion| {
            let digests = digests(said, version);
            let sizes: Vec<u64> =
                digests.iter().filter_map(|sha256| fs::metadata(self.file_path(sha256)).ok()).map(|file| file.len()).collect();
            let recorded_count = version.artifacts.len().max(sizes.len());
            Copied { version, file_count: sizes.len(), recorded_count, size_bytes: sizes.iter().sum() }
        };
        said.versions.iter().map(copied).filter(|copied| copied.file_count > 0).collect()
    }

    /// Removes everything, or one model with the files that no other one has.
    ///
    /// Errors: [`crate::error::ErrorKind::FileAccess`] naming what could not be removed.
    pub fn clear(&self, name: Option<&str>) -> Result<Cleared> {
        let mut cleared = Cleared::default();
        for said in self.list()?.iter().filter(|said| name.is_none_or(|name| said.name == name)) {
            remove(&self.said_path(&said.server, &said.name))?;
            cleared.models += 1;
        }
        let staying = self.list()?;
        let used: BTreeSet<&str> =
            staying.iter().flat_map(|said| said.versions.iter().flat_map(|version| digests(said, version))).collect();
        for path in entries(&self.folder.join("files"))? {
            let digest = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if !used.contains(digest) {
                cleared.bytes += fs::metadata(&path).map_or(0, |file| file.len());
                cleared.files += 1;
                remove(&path)?;
            }
        }
        Ok(cleared)
    }

    fn drop_unused(&self) {
        let is_unused = |path: &PathBuf| {
            let used = fs::metadata(path).and_then(|file| file.modified()).ok();
            used.and_then(|used| used.elapsed().ok()).is_some_and(|age| age > UNUSED)
        };
        for path in entries(&self.folder.join("files")).unwrap_or_default().iter().filter(|path| is_unused(path)) {
            let _ = fs::remove_file(path);
        }
    }

    fn write(&self, said: &Remembered) {
        let path = self.said_path(&said.server, &said.name);
        if let (Ok(bytes), Some(parent)) = (serde_json::to_vec(said), path.parent())
            && fs::create_dir_all(parent).is_ok()
        {
            let _ = write_whole(&path, &bytes);
        }
    }

    fn file_path(&self, sha256: &str) -> PathBuf {
        self.folder.join("files").join(sha256)
    }

    fn said_path(&self, server: &str, name: &str) -> PathBuf {
        self.folder.join("said").join(format!("{}.json", &sha256_hex(format!("{server}\n{name}").as_bytes())[..32]))
    }
}

/// Digests of the files of a version, recorded or not.
fn digests<'a>(said: &'a Remembered, version: &'a ModelVersion) -> Vec<&'a str> {
    let prefix = key(version, "");
    let loose = said.loose.iter().filter(|(key, _)| key.starts_with(&prefix)).map(|(_, loose)| loose.sha256.as_str());
    version.artifacts.iter().map(|artifact| artifact.sha256.as_str()).chain(loose).collect()
}

/// A version's source may be given to a new version of the same number, which is another one.
fn key(version: &ModelVersion, path: &str) -> String {
    format!("{} {} {path}", version.version, version.created_at)
}

fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(Error::file("remove", path, &source)),
        _ => Ok(()),
    }
}

/// The files of a folder; none of one that is not there.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(found) => Ok(found.flatten().map(|entry| entry.path()).collect()),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(Error::file("read", folder, &source)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::Artifact;
    use crate::lifecycle::fixtures::version;

    fn cache(folder: &Path, seconds: u64) -> ModelCache {
        ModelCache::at(folder.join("models"), Duration::from_secs(seconds))
    }

    #[test]
    fn files_are_found_by_digest_and_damaged_ones_are_not() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let cache = cache(folder.path(), 60);
        let digest = sha256_hex(b"trees");
        assert_eq!(cache.file(&digest), None);
        cache.keep_file(&digest, b"trees");
        assert_eq!(cache.file(&digest).as_deref(), Some(b"trees".as_slice()));
        fs::write(cache.file_path(&digest), "treeS").expect("written");
        assert_eq!(cache.file(&digest), None);
        assert!(!cache.file_path(&digest).exists());
    }

    #[test]
    fn files_without_a_record_count_for_the_time_to_live() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let (fresh, stale) = (cache(folder.path(), 60), cache(folder.path(), 0));
        let version = version(1);
        fresh.remember("http://h", "m", std::slice::from_ref(&version));
        fresh.keep_loose_file("http://h", &version, "model.onnx", b"x");
        assert!(fresh.loose_file("http://h", &version, "model.onnx", false).is_some());
        assert!(fresh.loose_file("http://other", &version, "model.onnx", false).is_none());
        assert!(fresh.loose_file("http://h", &ModelVersion { created_at: 2, ..version.clone() }, "model.onnx", true).is_none());
        std::thread::sleep(Duration::from_millis(2));
        assert!(stale.loose_file("http://h", &version, "model.onnx", false).is_none());
        assert!(stale.loose_file("http://h", &version, "model.onnx", true).is_some());
    }

    #[test]
    fn clearing_one_model_leaves_the_files_of_others() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let cache = cache(folder.path(), 60);
        let artifact = |text: &str| Artifact { path: text.into(), size_bytes: 1, sha256: sha256_hex(text.as_bytes()) };
        for (name, files) in [("m", ["shared", "a"]), ("n", ["shared", "b"])] {
            files.iter().for_each(|text| cache.keep_file(&sha256_hex(text.as_bytes()), text.as_bytes()));
            let artifacts = files.iter().map(|text| artifact(text)).collect();
            cache.remember("http://h", name, &[ModelVersion { artifacts, ..version(1) }]);
        }
        let said = cache.list().expect("read");
        assert_eq!(cache.copies(&said[0])[0].file_count, 2);
        let cleared = cache.clear(Some("m")).expect("cleared");
        assert_eq!((cleared.models, cleared.files, cleared.bytes), (1, 1, 1));
        assert!(cache.file(&sha256_hex(b"shared")).is_some() && cache.file(&sha256_hex(b"a")).is_none());
        assert_eq!(cache.clear(None).expect("cleared").files, 2);
        assert!(cache.remembered("http://h", "n").is_none());
    }

    #[test]
    fn what_was_said_is_forgotten_before_a_change_and_a_clock_set_back_makes_nothing_young() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let cache = cache(folder.path(), 60);
        cache.remember("http://h", "m", &[version(3)]);
        assert_eq!(cache.remembered("http://h", "m").map(|said| said.versions[0].version), Some(3));
        cache.forget("http://h", "m");
        assert!(cache.remembered("http://h", "m").is_none());
        assert!(cache.is_fresh(now_ms()) && !cache.is_fresh(now_ms() + 60_000) && !cache.is_fresh(now_ms() - 61_000));
    }
}
