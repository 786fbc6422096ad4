//! A version as one file: a tar archive that any tar lists, ended by the digest of everything before.
//!
//! `manifest.json` comes first and names every file with its digest; the files follow under `artifacts/`. The
//! digest at the end stands behind the archive's own end, where tar does not look, and covers every byte, so
//! that a file that was cut off or altered anywhere is refused before anything of it is used.

use std::collections::BTreeMap;
use std::io::Read as _;

use serde::{Deserialize, Serialize};

use super::ArtifactFile;
use crate::base::command_line::PROGRAM_VERSION;
use crate::base::sha256_hex;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{Artifact, ModelVersion, RegistryIdentity, RunRecord, Stage};

const SCHEMA: &str = "hivectl.export/v1";
const MANIFEST: &str = "manifest.json";
const ARTIFACTS: &str = "artifacts/";
/// What ends the file: this, 64 hexadecimal digits and a line feed.
const SEAL: &str = "\nhivectl sha256 ";
const SEAL_BYTES: usize = SEAL.len() + 64 + 1;

/// Whether this looks like an export: it ends as one does. Whether it is whole is not looked at.
pub fn is_bundle(bytes: &[u8]) -> bool {
    let end = bytes.len().checked_sub(SEAL_BYTES).map(|from| &bytes[from..]);
    end.is_some_and(|end| end.starts_with(SEAL.as_bytes()))
}

/// What is known of an exported version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub schema: String,
    /// The version of hivectl that wrote the file.
    pub tool: String,
    pub registry: RegistryIdentity,
    /// RFC 3339.
    pub exported_at: String,
    pub name: String,
    pub version: u32,
    pub stage: Stage,
    pub aliases: Vec<String>,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    pub description: String,
    /// The logged model's id, where the version has one.
    pub model_id: Option<String>,
    pub run: Option<RunRecord>,
    pub metrics: BTreeMap<String, f64>,
    pub params: BTreeMap<String, String>,
    pub tags: BTreeMap<String, String>,
    pub artifacts: Vec<Artifact>,
    /// The version's life in the registry it comes from ([`crate::lifecycle::HistoryEntry`] as JSON).
    pub history: Vec<serde_json::Value>,
}

/// An exported version with its files.
#[derive(Clone, Debug)]
pub struct Bundle {
    pub manifest: Manifest,
    pub files: Vec<ArtifactFile>,
}

impl Manifest {
    /// What is known of `version`, and the digests of `files`.
    pub fn new(
        registry: RegistryIdentity,
        exported_at: String,
        version: &ModelVersion,
        run: Option<RunRecord>,
        files: &[ArtifactFile],
    ) -> Manifest {
        Manifest {
            schema: SCHEMA.to_owned(),
            tool: PROGRAM_VERSION.to_owned(),
            registry,
            exported_at,
            name: version.name.clone(),
            version: version.version,
            stage: version.stage,
            aliases: version.aliases.clone(),
            created_at: version.created_at,
            description: version.description.clone(),
            model_id: version.model_id().map(str::to_owned),
            run,
            metrics: version.metrics.clone(),
            params: version.params.clone(),
            tags: version.tags.clone(),
            artifacts: files.iter().map(|file| file.artifact().clone()).collect(),
            history: Vec::new(),
        }
    }
}

impl Bundle {
    /// The file's bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let failed = |source: &dyn std::fmt::Display| Error::new(ErrorKind::Internal, "cannot write the export").because(source);
        let manifest = serde_json::to_vec_pretty(&self.manifest).map_err(|source| failed(&source))?;
        let mut archive = tar::Builder::new(Vec::new());
        let seconds = u64::try_from(self.manifest.created_at / 1000).unwrap_or(0);
        let mut append = |path: String, bytes: &[u8]| {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            header.set_mtime(seconds);
            archive.append_data(&mut header, path, bytes).map_err(|source| failed(&source))
        };
        append(MANIFEST.to_owned(), &manifest)?;
        for file in &self.files {
            append(format!("{ARTIFACTS}{}", file.path()), &file.bytes()?)?;
        }
        let mut bytes = archive.into_inner().map_err(|source| failed(&source))?;
        let digest = sha256_hex(&bytes);
        bytes.extend_from_slice(format!("{SEAL}{digest}\n").as_bytes());
        Ok(bytes)
    }

    /// Reads an export; `name` is the file's, for messages.
    ///
    /// Errors: [`ErrorKind::BadInput`] for a file that is no export, was cut off or altered.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Bundle> {
        let refuse = |why: String| {
            Error::new(ErrorKind::BadInput, format!("{name} is not imported"))
                .because(why)
                .hint("export the version again, or take another copy of the file")
        };
        let content = sealed(bytes).map_err(refuse)?;
        let (manifest, mut files) = unpack(content).map_err(refuse)?;
        if manifest.schema != SCHEMA {
            return Err(refuse(format!("its schema is '{}', this hivectl reads '{SCHEMA}'", manifest.schema)));
        }
        files.sort_by(|one, other| one.path().cmp(other.path()));
        let mut listed: Vec<&Artifact> = manifest.artifacts.iter().collect();
        listed.sort_by(|one, other| one.path.cmp(&other.path));
        if !files.iter().map(ArtifactFile::artifact).eq(listed) {
            return Err(refuse("its files are not those that its manifest names".to_owned()));
        }
        Ok(Bundle { manifest, files })
    }
}

/// The archive inside, when the digest at the end is its own.
fn sealed(bytes: &[u8]) -> Result<&[u8], String> {
    let no_seal = || "it does not end with hivectl's digest: it is no export, or was cut off".to_owned();
    let (content, seal) = bytes.split_at_checked(bytes.len().wrapping_sub(SEAL_BYTES)).ok_or_else(no_seal)?;
    let digest = seal.strip_prefix(SEAL.as_bytes()).and_then(|rest| rest.strip_suffix(b"\n")).ok_or_else(no_seal)?;
    let found = sha256_hex(content);
    match found.as_bytes() == digest {
        true => Ok(content),
        false => Err(format!("its digest is {found}, not the one it was written with")),
    }
}

fn unpack(content: &[u8]) -> Result<(Manifest, Vec<ArtifactFile>), String> {
    let broken = |source: std::io::Error| format!("its archive cannot be read: {source}");
    let mut manifest = None;
    let mut files = Vec::new();
    for entry in tar::Archive::new(content).entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let path = String::from_utf8(entry.path_bytes().into_owned()).map_err(|_| "it holds a name that is no text".to_owned())?;
        let mut bytes = Vec::with_capacity(usize::try_from(entry.size()).unwrap_or(0).min(content.len()));
        entry.read_to_end(&mut bytes).map_err(broken)?;
        match path.strip_prefix(ARTIFACTS) {
            Some(inside) => files.push(ArtifactFile::new(inside, bytes)),
            None if path == MANIFEST => {
                manifest = Some(serde_json::from_slice(&bytes).map_err(|source| format!("its manifest cannot be read: {source}"))?);
            }
            None => return Err(format!("it holds '{}', which does not belong there", path.escape_debug())),
        }
    }
    manifest.map(|manifest| (manifest, files)).ok_or_else(|| format!("it holds no {MANIFEST}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::Registration;

    fn bundle() -> Bundle {
        let files = vec![
            ArtifactFile::new("MLmodel", b"flavors: {}".to_vec()),
            ArtifactFile::new(format!("a/{}/deep", "long".repeat(40)), vec![7; 600]),
        ];
        let version = ModelVersion {
            name: "m".into(),
            version: 3,
            stage: Stage::Production,
            aliases: vec!["champion".into()],
            created_at: 1_760_000_000_000,
            updated_at: 0,
            description: String::new(),
            run_id: None,
            source: "models:/m-0".into(),
            metrics: BTreeMap::from([("mae".into(), 0.1)]),
            params: BTreeMap::new(),
            tags: BTreeMap::new(),
            artifacts: vec![],
            registration: Registration::Ready,
        };
        let registry = RegistryIdentity { id: "r".into(), location: "/r.db".into() };
        Bundle { manifest: Manifest::new(registry, "2026-01-01T00:00:00Z".into(), &version, None, &files), files }
    }

    #[test]
    fn an_export_is_read_as_it_was_written() {
        let read = Bundle::from_bytes("f", &bundle().to_bytes().expect("written")).expect("read");
        assert_eq!(read.manifest, bundle().manifest);
        assert_eq!(read.files.iter().map(|file| file.artifact().size_bytes).sum::<u64>(), 611);
    }

    #[test]
    fn cut_off_anywhere_or_altered_in_any_bit_it_is_refused() {
        let bytes = bundle().to_bytes().expect("written");
        for length in 0..bytes.len() {
            assert_eq!(Bundle::from_bytes("f", &bytes[..length]).expect_err("cut").kind(), ErrorKind::BadInput, "{length} bytes");
        }
        let mut altered = bytes.clone();
        for at in 0..bytes.len() * 8 {
            altered[at / 8] ^= 1 << (at % 8);
            assert_eq!(Bundle::from_bytes("f", &altered).expect_err("altered").kind(), ErrorKind::BadInput, "bit {at}");
            altered[at / 8] ^= 1 << (at % 8);
        }
    }

    #[test]
    fn an_archive_with_a_right_digest_and_wrong_content_is_refused() {
        let reseal = |archive: Vec<u8>| {
            let digest = sha256_hex(&archive);
            [archive, format!("{SEAL}{digest}\n").into_bytes()].concat()
        };
        let other_file = Bundle { files: vec![ArtifactFile::new("MLmodel", b"other".to_vec())], ..bundle() };
        assert!(Bundle::from_bytes("f", &other_file.to_bytes().expect("written")).is_err());
        assert!(Bundle::from_bytes("f", &reseal(vec![0; 1024])).is_err());
        assert!(Bundle::from_bytes("f", &reseal(b"no archive".to_vec())).is_err());
        assert!(Bundle::from_bytes("f", &reseal(vec![])).is_err());
    }
}
