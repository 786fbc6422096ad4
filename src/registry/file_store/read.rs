//! The files of a file store: a `meta.yaml` a thing, and a file of text a tag, parameter, metric and alias.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::base::yaml::{self, YamlNode, YamlScalar};
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::{ModelVersion, Registration, RunRecord, Stage};

/// No `meta.yaml`, tag or parameter of MLflow's is longer.
const LONGEST_BYTES: u64 = 1 << 20;

/// What a `meta.yaml` says.
pub(super) struct Meta(BTreeMap<String, String>);

impl Meta {
    /// Errors: [`ErrorKind::BadInput`] for a file that is no such text, those of reading.
    pub(super) fn read(path: &Path) -> Result<Meta> {
        let text = without_lists(&small_text(path)?);
        let entries = yaml::parse(&text).map_err(|error| {
            Error::new(ErrorKind::BadInput, format!("{}:{} cannot be read", path.display(), error.line)).because(error.message)
        })?;
        let leaf = |(key, node)| match node {
            YamlNode::Leaf(YamlScalar(text)) if !matches!(text.as_str(), "null" | "~") => Some((key, text)),
            _ => None,
        };
        Ok(Meta(entries.into_iter().filter_map(leaf).collect()))
    }

    /// The value, empty where there is none.
    pub(super) fn text(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    fn time(&self, key: &str) -> i64 {
        self.text(key).parse().unwrap_or_default()
    }
}

/// The text with empty lines in place of lists, none of which says what is looked for: MLflow 2 writes `aliases: []` into
/// every version, and a list line by line.
fn without_lists(text: &str) -> String {
    let is_list = |line: &str| {
        let value = line.split_once(": ").map_or("", |(_, value)| value.trim_start());
        line.starts_with("- ") || (!line.starts_with(' ') && value.starts_with('['))
    };
    text.lines().map(|line| if is_list(line) { "" } else { line }).collect::<Vec<_>>().join("\n")
}

fn small_text(path: &Path) -> Result<String> {
    let failed = |source: &std::io::Error| Error::file("read", path, source);
    if fs::metadata(path).map_err(|source| failed(&source))?.len() > LONGEST_BYTES {
        return Err(Error::new(ErrorKind::BadInput, format!("{} is longer than a file of MLflow's", path.display())));
    }
    fs::read_to_string(path).map_err(|source| failed(&source))
}

/// The folders in a folder, sorted; none where it is not there.
pub(super) fn folders(place: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(place).into_iter().flatten().filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let mut found: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// The files in a folder as their names and texts; one that cannot be read is left out.
pub(super) fn texts(place: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(place).into_iter().flatten().filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let text = |path: PathBuf| Some((path.file_name()?.to_str()?.to_owned(), small_text(&path).ok()?.trim_end_matches('\n').to_owned()));
    entries.filter(|path| path.is_file()).filter_map(text).collect()
}

/// The versions in a model's folder, newest first; deleted ones are gone from it.
pub(super) fn versions(model: &Path) -> Result<Vec<ModelVersion>> {
    let aliases = texts(&model.join("aliases"));
    let mut versions = Vec::new();
    for folder in folders(model) {
        let number = folder.file_name().and_then(|name| name.to_str()?.strip_prefix("version-")?.parse::<u32>().ok());
        let Some(number) = number.filter(|&number| number > 0) else { continue };
        let meta = Meta::read(&folder.join("meta.yaml"))?;
        // What MLflow calls the stage of a version that was deleted.
        if meta.text("current_stage") == "Deleted_Internal" {
            continue;
        }
        let stored = [meta.text("storage_location"), meta.text("source")].into_iter().find(|place| !place.is_empty()).unwrap_or_default();
        let created_at = meta.time("creation_timestamp");
        versions.push(ModelVersion {
            name: meta.text("name").to_owned(),
            version: number,
            stage: meta.text("current_stage").parse().unwrap_or(Stage::None),
            aliases: aliases.iter().filter(|(_, version)| **version == number.to_string()).map(|(alias, _)| alias.clone()).collect(),
            created_at,
            updated_at: meta.time("last_updated_timestamp").max(created_at),
            description: meta.text("description").to_owned(),
            run_id: Some(meta.text("run_id").to_owned()).filter(|run| !run.is_empty()),
            source: stored.to_owned(),
            metrics: BTreeMap::new(),
            params: BTreeMap::new(),
            tags: texts(&folder.join("tags")),
            artifacts: Vec::new(),
            registration: Registration::from_word(meta.text("status")),
        });
    }
    versions.sort_by_key(|version| std::cmp::Reverse(version.version));
    Ok(versions)
}

/// A run in its folder.
pub(super) fn run(run_id: &str, folder: &Path) -> Result<RunRecord> {
    let meta = Meta::read(&folder.join("meta.yaml"))?;
    let experiment = folder.parent().and_then(|experiment| Meta::read(&experiment.join("meta.yaml")).ok());
    // A line a measurement: time, value and step; the last one counts.
    let last = |(name, text): (String, String)| Some((name, text.lines().last()?.split(' ').nth(1)?.parse().ok()?));
    let metrics = texts(&folder.join("metrics")).into_iter().filter_map(last).filter(|(_, value): &(_, f64)| value.is_finite());
    Ok(RunRecord {
        run_id: run_id.to_owned(),
        experiment: experiment.map(|experiment| experiment.text("name").to_owned()).unwrap_or_default(),
        run_name: meta.text("run_name").to_owned(),
        started_at: meta.time("start_time"),
        ended_at: meta.time("end_time"),
        params: texts(&folder.join("params")),
        metrics: metrics.collect(),
        tags: texts(&folder.join("tags")),
        // They stand in a folder of the experiment, and nobody asks a file store for them.
        datasets: Vec::new(),
    })
}

/// The paths of all files below a folder, sorted; links are left out.
pub(super) fn paths_below(folder: &Path, most: usize) -> Result<Vec<String>> {
    let (mut paths, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(place) = open.pop() {
        for entry in fs::read_dir(&place).map_err(|source| Error::file("read", &place, &source))? {
            let entry = entry.map_err(|source| Error::file("read", &place, &source))?;
            let kind = entry.file_type().map_err(|source| Error::file("read", &entry.path(), &source))?;
            if kind.is_dir() {
                open.push(entry.path());
            } else if let (true, Ok(inside)) = (kind.is_file(), entry.path().strip_prefix(folder)) {
                paths.push(inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"));
            }
            if paths.len() + open.len() > most {
                return Err(Error::new(ErrorKind::BadModelFile, format!("{} holds more than {most} files", folder.display())));
            }
        }
    }
    paths.sort();
    Ok(paths)
}
