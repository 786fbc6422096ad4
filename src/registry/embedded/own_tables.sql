-- hivectl's own tables. None refers to a table of MLflow's, because MLflow's upgrades rebuild theirs.

-- What every stored file was when it was written. Keyed by the logged model, whose id is never used again,
-- while a model's name can be deleted and made anew from version 1.
CREATE TABLE IF NOT EXISTS hivectl_artifacts (
  model_id TEXT NOT NULL,
  path TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (model_id, path)
) WITHOUT ROWID;

-- Folders that a process is filling now, or was filling when it died.
CREATE TABLE IF NOT EXISTS hivectl_pending (
  model_id TEXT NOT NULL PRIMARY KEY,
  folder TEXT NOT NULL,
  host TEXT NOT NULL,
  process_id INTEGER NOT NULL,
  started_at_ms INTEGER NOT NULL
) WITHOUT ROWID;
