//! The data sets of a run, in MLflow's tables.

use rusqlite::params;

use crate::base::sha256_hex;
use crate::error::Result;
use crate::lifecycle::{CONTEXT_TAG, RunDataset};
use crate::registry::journal::{Change, View};
use crate::registry::new_run_id;

/// What a run took in. A data set of the same name and digest that the experiment knows is that one.
pub(super) fn add(change: &Change<'_>, experiment_id: i64, run_id: &str, datasets: &[RunDataset]) -> Result<()> {
    for dataset in datasets {
        let known = "SELECT dataset_uuid FROM datasets WHERE experiment_id = ?1 AND name = ?2 AND digest = ?3";
        let known: Option<String> = change.view().first(known, params![experiment_id, dataset.name, dataset.digest], |row| row.get(0))?;
        let dataset_id = match known {
            Some(known) => known,
            None => {
                let made = new_run_id();
                let sql = "INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source,
                             dataset_schema, dataset_profile)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
                let RunDataset { name, digest, source_type, source, schema, profile, .. } = dataset;
                change.execute(sql, params![made, experiment_id, name, digest, source_type, source, schema, profile])?;
                made
            }
        };
        let link_id = &sha256_hex(format!("{dataset_id}\n{run_id}").as_bytes())[..32];
        let sql = "INSERT OR IGNORE INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id, step)
                   VALUES (?1, 'DATASET', ?2, 'RUN', ?3, 0)";
        let is_new = change.execute(sql, params![link_id, dataset_id, run_id])? > 0;
        if is_new && !dataset.context.is_empty() {
            let sql = "INSERT OR IGNORE INTO input_tags (input_uuid, name, value) VALUES (?1, ?2, ?3)";
            change.execute(sql, params![link_id, CONTEXT_TAG, dataset.context])?;
        }
    }
    Ok(())
}

/// What a run took in, by name; schemas that know no data sets have none.
pub(super) fn of_run(view: View<'_>, run_id: &str) -> Result<Vec<RunDataset>> {
    let known = "SELECT count(*) = 3 FROM sqlite_schema WHERE type = 'table' AND name IN ('datasets', 'inputs', 'input_tags')";
    if !view.first(known, [], |row| row.get::<_, bool>(0))?.unwrap_or(false) {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT d.name, d.digest, d.dataset_source_type, d.dataset_source, d.dataset_schema, d.dataset_profile, t.value
         FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id
         LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = '{CONTEXT_TAG}'
         WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND i.destination_id = ?1 ORDER BY d.name, d.digest"
    );
    view.all(&sql, [run_id], |row| {
        Ok(RunDataset {
            name: row.get(0)?,
            digest: row.get(1)?,
            source_type: row.get(2)?,
            source: row.get(3)?,
            schema: row.get(4)?,
            profile: row.get(5)?,
            context: row.get::<_, Option<String>>(6)?.unwrap_or_default(),
        })
    })
}
