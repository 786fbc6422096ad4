//! Whether the tables that hivectl writes are as it knows them, whatever revision the schema says it has.
//!
//! MLflow adds tables, columns and indexes with nearly every release, and none of that concerns a writer of other
//! tables. What does is told by the file itself: a column that a row must fill and that hivectl does not know, a column
//! that is gone or holds another type, another key, a trigger that changes what is written. So a schema of tomorrow that
//! only adds is written to, and one that changes a table which hivectl writes is only read.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};

/// The tables of MLflow's that hivectl writes rows into.
const WRITTEN_TABLES: [&str; 17] = [
    "datasets",
    "experiments",
    "input_tags",
    "inputs",
    "latest_metrics",
    "logged_model_metrics",
    "logged_model_params",
    "logged_model_tags",
    "logged_models",
    "metrics",
    "model_version_tags",
    "model_versions",
    "params",
    "registered_model_aliases",
    "registered_models",
    "runs",
    "tags",
];

/// The schema that hivectl makes itself, which its statements are written for.
const KNOWN_SCHEMA: &str = include_str!("mlflow_schema.sql");

/// Since revision 1b5f0d9ad7c1 a part of every key of the model registry, which hivectl knows and fills.
const WORKSPACE: &str = "workspace";

/// A column as SQLite tells it.
struct Column {
    name: String,
    /// How SQLite keeps a value of the declared type.
    affinity: &'static str,
    must_be_filled: bool,
    has_default: bool,
    is_computed: bool,
    in_primary_key: bool,
}

/// What keeps hivectl from changing the file, naming table and column; `None` where nothing does.
///
/// # Errors
/// Those of reading the schema.
pub(in crate::registry) fn obstacle(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let known = Connection::open_in_memory()?;
    known.execute_batch(KNOWN_SCHEMA)?;
    for table in WRITTEN_TABLES {
        if let Some(obstacle) = table_obstacle(connection, &known, table)? {
            return Ok(Some(obstacle));
        }
    }
    Ok(None)
}

fn table_obstacle(connection: &Connection, known: &Connection, table: &str) -> rusqlite::Result<Option<String>> {
    let there = columns(connection, table)?;
    if there.is_empty() || !is_table(connection, table)? {
        return Ok(Some(format!("it has no table {table}")));
    }
    let wanted = columns(known, table)?;
    if let Some(obstacle) = wanted.iter().find_map(|wanted| column_obstacle(table, wanted, &there)) {
        return Ok(Some(obstacle));
    }
    let added = |column: &&Column| wanted.iter().all(|wanted| wanted.name != column.name);
    let must = |column: &&Column| column.must_be_filled && !column.has_default && !column.is_computed && column.name != WORKSPACE;
    if let Some(column) = there.iter().filter(added).find(must) {
        return Ok(Some(format!("its column {table}.{} must be filled, and this hivectl does not know with what", column.name)));
    }
    let key = |columns: &[Column]| -> BTreeSet<String> {
        columns.iter().filter(|column| column.in_primary_key && column.name != WORKSPACE).map(|column| column.name.clone()).collect()
    };
    if key(&there) != key(&wanted) {
        let names: Vec<String> = key(&there).into_iter().collect();
        return Ok(Some(format!("the key of its table {table} is ({}), which this hivectl does not know", names.join(", "))));
    }
    let known_keys: Vec<BTreeSet<String>> = unique_keys(known, table)?.into_iter().map(|(_, key)| key).chain([key(&wanted)]).collect();
    // A key that holds a known one refuses nothing that the known one lets in.
    let is_new = |(_, columns): &(String, BTreeSet<String>)| !known_keys.iter().any(|known| known.is_subset(columns));
    if let Some((index, _)) = unique_keys(connection, table)?.into_iter().find(is_new) {
        return Ok(Some(format!("its table {table} has a unique index {index}, which this hivectl does not know")));
    }
    let trigger = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = ?1 ORDER BY name";
    let trigger: Option<String> = connection.query_row(trigger, [table], |row| row.get(0)).optional()?;
    Ok(trigger.map(|trigger| format!("its table {table} has a trigger {trigger}, which may change what is written")))
}

/// What of `wanted` is otherwise in the table.
fn column_obstacle(table: &str, wanted: &Column, there: &[Column]) -> Option<String> {
    let name = &wanted.name;
    let Some(column) = there.iter().find(|column| column.name == *name) else {
        return Some(format!("it has no column {table}.{name}"));
    };
    if column.is_computed {
        return Some(format!("its column {table}.{name} is computed by the database"));
    }
    if column.affinity != wanted.affinity {
        return Some(format!("its column {table}.{name} holds {}, and this hivectl writes {}", column.affinity, wanted.affinity));
    }
    let is_tightened = column.must_be_filled && !wanted.must_be_filled && !wanted.in_primary_key;
    is_tightened.then(|| format!("its column {table}.{name} must be filled, which this hivectl does not always do"))
}

fn is_table(connection: &Connection, table: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)";
    connection.query_row(sql, [table], |row| row.get(0))
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<Column>> {
    let sql = r#"SELECT name, type, "notnull", dflt_value IS NOT NULL, hidden IN (2, 3), pk > 0 FROM pragma_table_xinfo(?1)"#;
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([table], |row| {
        Ok(Column {
            name: row.get(0)?,
            affinity: affinity(&row.get::<_, String>(1)?),
            must_be_filled: row.get(2)?,
            has_default: row.get(3)?,
            is_computed: row.get(4)?,
            in_primary_key: row.get(5)?,
        })
    })?;
    rows.collect()
}

/// Name and columns of every unique index but hivectl's own; the workspace is no part of them.
fn unique_keys(connection: &Connection, table: &str) -> rusqlite::Result<Vec<(String, BTreeSet<String>)>> {
    let sql = r#"SELECT l.name, i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i
                 WHERE l."unique" AND l.name NOT LIKE 'hivectl\_%' ESCAPE '\' ORDER BY l.seq"#;
    let mut statement = connection.prepare_cached(sql)?;
    let mut keys: Vec<(String, BTreeSet<String>)> = Vec::new();
    // An expression has no name.
    for row in statement.query_map([table], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?)))? {
        let (index, column) = row?;
        if keys.last().is_none_or(|(name, _)| *name != index) {
            keys.push((index, BTreeSet::new()));
        }
        if let (Some((_, columns)), Some(column)) = (keys.last_mut(), column.filter(|column| column != WORKSPACE)) {
            columns.insert(column);
        }
    }
    Ok(keys)
}

/// SQLite's own rule from a declared type to how values are kept (<https://www.sqlite.org/datatype3.html>, 3.1).
fn affinity(declared: &str) -> &'static str {
    let declared = declared.to_ascii_uppercase();
    let has = |word: &str| declared.contains(word);
    match () {
        () if has("INT") => "integers",
        () if has("CHAR") || has("CLOB") || has("TEXT") => "text",
        () if has("BLOB") || declared.is_empty() => "bytes",
        () if has("REAL") || has("FLOA") || has("DOUB") => "floating-point numbers",
        () => "numbers",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(changes: &str) -> Option<String> {
        let connection = Connection::open_in_memory().expect("a database");
        connection.execute_batch(KNOWN_SCHEMA).expect("the schema");
        connection.execute_batch(changes).expect("changed");
        obstacle(&connection).expect("looked at")
    }

    #[test]
    fn what_only_adds_is_written_to() {
        for added in [
            "",
            "CREATE TABLE prompts (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
            "ALTER TABLE model_versions ADD COLUMN region VARCHAR(20)",
            "ALTER TABLE model_versions ADD COLUMN region VARCHAR(20) NOT NULL DEFAULT 'here'",
            "ALTER TABLE runs ADD COLUMN longer TEXT AS (name || '!')",
            "CREATE INDEX runs_by_name ON runs (name)",
            "CREATE UNIQUE INDEX more ON model_versions (version, name, source)",
            "ALTER TABLE trace_info ADD COLUMN weight FLOAT NOT NULL DEFAULT 1",
            "CREATE TRIGGER elsewhere AFTER INSERT ON trace_info BEGIN SELECT 1; END",
            "CREATE UNIQUE INDEX hivectl_one_production ON model_versions (name) WHERE current_stage = 'Production'",
        ] {
            assert_eq!(told(added), None, "{added}");
        }
    }

    #[test]
    fn what_changes_a_table_that_is_written_is_named() {
        for (changed, table, column) in [
            ("DROP TABLE tags", "no table tags", ""),
            ("DROP TABLE tags; CREATE VIEW tags AS SELECT 1 AS key", "no table tags", ""),
            ("ALTER TABLE runs DROP COLUMN user_id", "runs", "user_id"),
            ("ALTER TABLE params RENAME COLUMN value TO content", "params", "value"),
            (
                "DROP TABLE inputs; CREATE TABLE inputs (input_uuid, source_type, source_id, destination_type, destination_id, step)",
                "inputs",
                "input_uuid",
            ),
            ("DROP TABLE tags; CREATE TABLE tags (key VARCHAR(250), value BIGINT, run_uuid VARCHAR(32))", "tags", "value"),
            (
                "DROP TABLE tags; CREATE TABLE tags (key TEXT, value TEXT NOT NULL, run_uuid TEXT, PRIMARY KEY (key, run_uuid))",
                "tags",
                "value",
            ),
            ("DROP TABLE tags; CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT, PRIMARY KEY (run_uuid))", "tags", "(run_uuid)"),
            (
                "DROP TABLE tags; CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT, who TEXT NOT NULL, PRIMARY KEY (key, run_uuid))",
                "tags",
                "who",
            ),
            ("CREATE UNIQUE INDEX one_source ON model_versions (source)", "model_versions", "one_source"),
            ("CREATE TRIGGER moved AFTER UPDATE ON model_versions BEGIN SELECT 1; END", "model_versions", "moved"),
        ] {
            let told = told(changed).unwrap_or_default();
            assert!(told.contains(table) && told.contains(column), "{changed}: {told}");
        }
    }
}
