-- What is known about drift. Made by the first command that keeps something here.

-- Baselines saved after training, as JSON compressed with zstd.
CREATE TABLE IF NOT EXISTS hivectl_baselines (
  number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  model TEXT NOT NULL,
  version INTEGER NOT NULL,
  version_created_at_ms INTEGER NOT NULL,
  saved_at_ms INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  is_current INTEGER NOT NULL,
  saved_by TEXT NOT NULL,
  reason TEXT,
  content BLOB NOT NULL
);

-- Checks, one for each window of each version.
CREATE TABLE IF NOT EXISTS hivectl_drift_checks (
  model TEXT NOT NULL,
  version INTEGER NOT NULL,
  method TEXT NOT NULL,
  window_end_ms INTEGER NOT NULL,
  checked_at_ms INTEGER NOT NULL,
  status TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (model, version, method, window_end_ms)
) WITHOUT ROWID;

-- Who is retraining a model now; one row a model, free where process_id is 0.
CREATE TABLE IF NOT EXISTS hivectl_leases (
  model TEXT NOT NULL PRIMARY KEY,
  host TEXT NOT NULL,
  process_id INTEGER NOT NULL,
  taken_at_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL
) WITHOUT ROWID;
