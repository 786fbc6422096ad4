//! The SQL of reading. Columns are always named, because newer MLflow schemas have more of them.

use crate::registry::journal::Layout;

/// Version tags with a digest: this and the artifact's path.
pub(super) const SHA256_TAG: &str = "hivectl.sha256.";

/// What MLflow calls the stage of a version that was deleted; its row stays, so that its number is not used again.
const DELETED: &str = "Deleted_Internal";

/// Of every model the newest version, the newest in Production, the newest in Staging, and those that the aliases ?1 and ?2
/// name.
pub(super) fn listed_versions(layout: &Layout) -> String {
    format!(
        "SELECT name, max(version) FROM live GROUP BY name
         UNION SELECT name, max(version) FROM live WHERE coalesce(status, 'READY') NOT LIKE '%_REGISTRATION' GROUP BY name
         UNION SELECT name, max(version) FROM live WHERE stage = 'Staging' GROUP BY name
         UNION SELECT name, version FROM live WHERE stage = 'Production'
         UNION SELECT a.name, a.version FROM registered_model_aliases a WHERE a.alias IN (?1, ?2) AND {}",
        default_workspace(layout, "a")
    )
}

/// Every version of model ?1.
pub(super) const VERSIONS_OF_MODEL: &str = "SELECT name, version FROM live WHERE name = ?1";

/// Version ?2 of model ?1.
pub(super) const ONE_VERSION: &str = "SELECT name, version FROM live WHERE name = ?1 AND version = ?2";

/// The chosen versions themselves.
pub(super) const VERSION_ROWS: &str =
    "SELECT name, version, stage, creation_time, last_updated_time, description, run_id, source, status FROM chosen";

/// What was stored for them.
pub(super) const ARTIFACT_ROWS: &str = "SELECT c.name, c.version, a.path, a.size_bytes, a.sha256
    FROM chosen c JOIN hivectl_artifacts a ON a.model_id = c.model_id ORDER BY a.path";

/// `select` over the table `chosen`: the versions that are not deleted and that `choice` names.
pub(super) fn chosen(layout: &Layout, choice: &str, select: &str) -> String {
    format!(
        "WITH {live}, wanted (name, version) AS ({choice}),
         chosen AS (SELECT live.*, CASE WHEN source LIKE 'models:/m-%' THEN substr(source, 9) END AS model_id
                    FROM wanted CROSS JOIN live ON live.name = wanted.name AND live.version = wanted.version)
         {select}",
        live = live(layout)
    )
}

/// Name and number of versions.
pub(super) fn models(layout: &Layout) -> String {
    let here = default_workspace(layout, "m");
    let same = if layout.workspaces { "AND t.workspace = m.workspace" } else { "" };
    format!(
        "WITH {live}
         SELECT m.name, count(v.version)
         FROM registered_models m LEFT JOIN live v ON v.name = m.name
         WHERE {here} AND NOT EXISTS (
             SELECT 1 FROM registered_model_tags t
             WHERE t.name = m.name {same} AND t.key = 'mlflow.prompt.is_prompt' AND lower(t.value) = 'true')
         GROUP BY m.name ORDER BY m.name",
        live = live(layout)
    )
}

/// Tags of the models themselves: name, key, value.
pub(super) fn model_tags(layout: &Layout) -> String {
    format!("SELECT t.name, t.key, t.value FROM registered_model_tags t WHERE {}", default_workspace(layout, "t"))
}

/// Models with the version that the alias ?1 names, where it is not there.
pub(super) fn lost_aliases(layout: &Layout) -> String {
    format!(
        "WITH {live}
         SELECT a.name, a.version FROM registered_model_aliases a
         WHERE a.alias = ?1 AND {here} AND NOT EXISTS (SELECT 1 FROM live v WHERE v.name = a.name AND v.version = a.version)",
        live = live(layout),
        here = default_workspace(layout, "a")
    )
}

/// Tags of the chosen versions.
pub(super) fn tag_rows(layout: &Layout) -> String {
    format!(
        "SELECT c.name, c.version, t.key, t.value FROM chosen c
         JOIN model_version_tags t ON t.name = c.name AND t.version = c.version AND {}",
        default_workspace(layout, "t")
    )
}

/// Aliases that point at the chosen versions.
pub(super) fn alias_rows(layout: &Layout) -> String {
    format!(
        "SELECT c.name, c.version, a.alias FROM chosen c
         JOIN registered_model_aliases a ON a.name = c.name AND a.version = c.version AND {} ORDER BY a.alias",
        default_workspace(layout, "a")
    )
}

/// Metrics of the chosen versions: the logged model's own, or where it has none, those of its run (a run may
/// have made several models, so its metrics are the second choice). The last row of a name is the newest.
pub(super) fn metric_rows(layout: &Layout) -> String {
    let of_run = "SELECT c.name, c.version, m.key, m.value, 0 AS at, 0 AS step
                  FROM chosen c JOIN latest_metrics m ON m.run_uuid = c.run_id AND m.is_nan = 0";
    if !layout.logged_models {
        return of_run.to_owned();
    }
    format!(
        "SELECT c.name, c.version, m.metric_name, m.metric_value, m.metric_timestamp_ms AS at, m.metric_step AS step
         FROM chosen c JOIN logged_model_metrics m ON m.model_id = c.model_id
         UNION ALL {of_run} WHERE NOT EXISTS (SELECT 1 FROM logged_model_metrics own WHERE own.model_id = c.model_id)
         ORDER BY at, step"
    )
}

/// Parameters of the chosen versions, by the same rule as [`metric_rows`].
pub(super) fn param_rows(layout: &Layout) -> String {
    let of_run = "SELECT c.name, c.version, p.key, p.value FROM chosen c JOIN params p ON p.run_uuid = c.run_id";
    if !layout.logged_models {
        return of_run.to_owned();
    }
    format!(
        "SELECT c.name, c.version, p.param_key, p.param_value FROM chosen c JOIN logged_model_params p ON p.model_id = c.model_id
         UNION ALL {of_run} WHERE NOT EXISTS (SELECT 1 FROM logged_model_params own WHERE own.model_id = c.model_id)"
    )
}

/// The table expression of all versions that are not deleted.
fn live(layout: &Layout) -> String {
    format!(
        "live AS (SELECT name, version, coalesce(current_stage, 'None') AS stage, creation_time, last_updated_time, description, run_id, source,
                         status
                  FROM model_versions WHERE coalesce(current_stage, 'None') <> '{DELETED}' AND {})",
        default_workspace(layout, "model_versions")
    )
}

/// The condition that keeps other workspaces out; hivectl works in MLflow's default one.
pub(super) fn default_workspace(layout: &Layout, table: &str) -> String {
    if layout.workspaces { format!("{table}.workspace = 'default'") } else { "TRUE".to_owned() }
}
