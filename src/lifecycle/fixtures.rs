//! What the unit tests of this room make up.

use std::collections::BTreeMap;

use super::{ModelVersion, Stage};

/// Version `number` of the model `m`, in no stage, with nothing recorded about it.
pub(crate) fn version(number: u32) -> ModelVersion {
    ModelVersion {
        name: "m".into(),
        version: number,
        stage: Stage::None,
        aliases: vec![],
        created_at: 1,
        updated_at: 1,
        description: String::new(),
        run_id: None,
        source: String::new(),
        metrics: BTreeMap::new(),
        params: BTreeMap::new(),
        tags: BTreeMap::new(),
        artifacts: vec![],
        registration: super::Registration::Ready,
    }
}
