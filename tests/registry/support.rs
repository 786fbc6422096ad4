//! What the registry's tests share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hivectl::registry::embedded::EmbeddedPlace;
use hivectl::registry::{ArtifactFile, NewVersion, RunRecord, Stage, new_model_id, new_run_id};

/// The model that most tests register.
pub const NAME: &str = "ticket-duration-predictor";

/// A named place in `folder`.
pub fn place(folder: &Path) -> EmbeddedPlace {
    EmbeddedPlace { database: folder.join("registry.db"), named: true }
}

/// A small version with files in folders, two metrics, a parameter and a tag.
pub fn new_version(name: &str) -> NewVersion {
    let file = |path: &str, text: &str| ArtifactFile { path: path.into(), bytes: text.as_bytes().to_vec() };
    NewVersion {
        name: name.into(),
        model_id: new_model_id(),
        run: RunRecord {
            run_id: new_run_id(),
            experiment: "orchestrator-predictive-models".into(),
            run_name: "a test".into(),
            started_at: 1_760_000_000_000,
            ended_at: 1_760_000_001_000,
            params: BTreeMap::from([("trees".into(), "100".into())]),
            metrics: BTreeMap::from([("mae".into(), 1234.5), ("mae_pct".into(), 9.25)]),
            tags: BTreeMap::from([("mlflow.user".into(), "nobody".into())]),
        },
        description: "made by a test".into(),
        tags: BTreeMap::from([("hivectl.schema".into(), "reference".into())]),
        files: vec![file("MLmodel", "flavors: {}\n"), file("model.bin", "bytes"), file("deep/er/file.txt", "text")],
        stage: Stage::None,
        expected_champion: None,
    }
}

/// Every file below `folder` with its bytes.
pub fn files_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("readable folder").map(|entry| entry.expect("entry").path()) {
        if entry.is_dir() {
            found.extend(files_below(&entry));
        } else {
            found.insert(entry.clone(), std::fs::read(&entry).expect("readable file"));
        }
    }
    found
}

/// The folders of logged models beside the database in `folder`.
pub fn model_folders(folder: &Path) -> Vec<PathBuf> {
    let below = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("entry").path());
    below(folder.join("mlruns")).flat_map(|experiment| below(experiment.join("models"))).collect()
}
