-- Trainings and checks, also those that failed. Made by the first of them.
CREATE TABLE IF NOT EXISTS hivectl_jobs (
  id TEXT NOT NULL PRIMARY KEY,
  started_at_ms INTEGER NOT NULL,
  record TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS hivectl_jobs_started ON hivectl_jobs (started_at_ms);
