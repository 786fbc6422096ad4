-- hivectl's own tables. None refers to a table of MLflow's, because MLflow's upgrades rebuild theirs.

-- What this registry is (registry_id) and where its audit log ends (audit_head: "sequence hash").
CREATE TABLE IF NOT EXISTS hivectl_meta (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- What every stored file was when it was written. Keyed by the logged model, whose id is never used again,
-- while a model's name can be deleted and made anew from version 1.
CREATE TABLE IF NOT EXISTS hivectl_artifacts (
  model_id TEXT NOT NULL,
  path TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (model_id, path)
) WITHOUT ROWID;

-- Folders that a process is filling now, or was filling when it died, and the record of its intent.
CREATE TABLE IF NOT EXISTS hivectl_pending (
  model_id TEXT NOT NULL PRIMARY KEY,
  folder TEXT NOT NULL,
  host TEXT NOT NULL,
  process_id INTEGER NOT NULL,
  started_at_ms INTEGER NOT NULL,
  intent INTEGER NOT NULL
) WITHOUT ROWID;

-- The audit log: records as JSON, each with its digest and, inside, the digest of the one before it.
CREATE TABLE IF NOT EXISTS hivectl_audit (
  sequence INTEGER NOT NULL PRIMARY KEY,
  model TEXT NOT NULL,
  record TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS hivectl_audit_model ON hivectl_audit (model, sequence);
CREATE TRIGGER IF NOT EXISTS hivectl_audit_keeps BEFORE UPDATE ON hivectl_audit
BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
CREATE TRIGGER IF NOT EXISTS hivectl_audit_stays BEFORE DELETE ON hivectl_audit
BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
