//! Model files, and the copies of a server's model files on this machine, for people.

use super::number::{bytes, count, counted};
use super::table::{Column, table};
use super::time::minute;
use super::{Screen, View};
use crate::api::transfer::{CacheList, CachedVersion, ClearedCache, InspectReport, WarmedVersion};
use crate::base::{Hint, commands};

impl View for CacheList {
    fn text(&self, screen: &Screen) -> String {
        if self.items.is_empty() {
            return "no copies of models are on this machine\n".to_owned();
        }
        const COLUMNS: [Column; 7] = [
            Column::Text("VERSION"),
            Column::Text("STAGE"),
            Column::Number("FILES"),
            Column::Number("SIZE"),
            Column::Text("SAID AT"),
            Column::Text("COUNTS"),
            Column::Text("SERVER"),
        ];
        let row = |copy: &CachedVersion| {
            vec![
                format!("{}@{}", copy.model, copy.version),
                copy.stage.as_str().to_owned(),
                format!("{}/{}", copy.files, copy.recorded_files),
                bytes(copy.size_bytes),
                minute(copy.said_at.0),
                if copy.fresh { "yes" } else { "no" }.to_owned(),
                copy.server.clone(),
            ]
        };
        let rows: Vec<Vec<String>> = self.items.iter().map(row).collect();
        format!("{}what a server said counts for {} s while it is away\n", table(&COLUMNS, &rows, screen), count(self.ttl_seconds))
    }

    fn next(&self) -> Vec<Hint> {
        if self.items.is_empty() { vec![commands::models_cache_warm("NAME#production").into()] } else { Vec::new() }
    }
}

impl View for WarmedVersion {
    fn text(&self, _: &Screen) -> String {
        let label = format!("{}@{}", self.model, self.version);
        match &self.local_registry {
            Some(location) => format!("{label} needs no copy: {location} is on this machine\n"),
            None => format!("{label} is on this machine: {}, {}\n", counted(self.files, "file"), bytes(self.size_bytes)),
        }
    }

    fn names(&self) -> Vec<String> {
        vec![format!("{}@{}", self.model, self.version)]
    }

    fn next(&self) -> Vec<Hint> {
        if self.local_registry.is_none() { vec![commands::models_cache_list().into()] } else { Vec::new() }
    }
}

impl View for ClearedCache {
    fn text(&self, _: &Screen) -> String {
        format!("{} removed, {}\n", counted(self.files, "file"), bytes(self.bytes))
    }
}

impl View for InspectReport {
    fn text(&self, _: &Screen) -> String {
        format!(
            "format    {} ({})\ntask      {}\ntrees     {}, {} nodes, at most {} edges deep\nfeatures  {}: {}\n",
            self.format,
            self.flavor,
            self.task,
            count(self.trees as u64),
            count(self.nodes as u64),
            self.depth,
            self.features,
            self.feature_names.join(", ")
        )
    }
}
