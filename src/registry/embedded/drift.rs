//! Baselines and drift checks in their tables.

use rusqlite::{Row, params};
use serde_json::Value;

use super::promotion::begin;
use super::registry::EmbeddedRegistry;
use crate::base::commands;
use crate::base::sha256_hex;
use crate::error::{Error, ErrorKind, Result};
use crate::lifecycle::AuditEntry;
use crate::lifecycle::ModelVersion;
use crate::lifecycle::{DriftRecord, SavedBaseline};
use crate::registry::DriftStore;
use crate::registry::clock::now_ms;
use crate::registry::journal::{Change, View, audit_log, drift_checks};

/// How hard a baseline is squeezed: the library's default.
const COMPRESSION: i32 = 3;
/// Larger than any baseline may be; what unpacks to more is damaged.
const LARGEST_BASELINE: usize = 64 << 20;

impl DriftStore for EmbeddedRegistry {
    fn save_baseline(&self, version: &ModelVersion, json: &[u8], reason: Option<&str>) -> Result<SavedBaseline> {
        let packed = zstd::bulk::compress(json, COMPRESSION)
            .map_err(|error| Error::new(ErrorKind::Internal, "cannot compress the baseline").because(error))?;
        let mut database = self.writer()?;
        let change = begin(self, &mut database)?;
        drift_checks::set_up(&change)?;
        let mut saved = SavedBaseline {
            number: 0,
            model: version.name.clone(),
            version: version.version,
            saved_at: now_ms(),
            size_bytes: json.len() as u64,
            sha256: sha256_hex(json),
            is_current: true,
            by: format!("{}@{}", self.actor.user, self.actor.host),
            reason: reason.map(str::to_owned),
        };
        audit_log::recorded(
            &change,
            &self.actor,
            &AuditEntry::of_baseline(version, reason, Value::from_iter([("saved_sha256", saved.sha256.as_str())])),
            || {
                point_at(&change, version, None)?;
                let sql =
                    "INSERT INTO hivectl_baselines (model, version, version_created_at_ms, saved_at_ms, size_bytes, sha256, is_current,
                       saved_by, reason, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8, ?9)";
                let size = saved.size_bytes.cast_signed();
                let values = params![
                    saved.model,
                    saved.version,
                    version.created_at,
                    saved.saved_at,
                    size,
                    saved.sha256,
                    saved.by,
                    saved.reason,
                    packed
                ];
                change.execute(sql, values).map(drop)
            },
        )?;
        saved.number = change.view().first("SELECT max(number) FROM hivectl_baselines", [], |row| row.get(0))?.unwrap_or_default();
        change.commit()?;
        Ok(saved)
    }

    fn baselines(&self, model: Option<&str>) -> Result<Vec<SavedBaseline>> {
        // A version made anew under an old number has nothing to do with the old one's baselines.
        let sql = "SELECT b.number, b.model, b.version, b.saved_at_ms, b.size_bytes, b.sha256, b.is_current, b.saved_by, b.reason
                   FROM hivectl_baselines b JOIN model_versions v
                   ON v.name = b.model AND v.version = b.version AND v.creation_time = b.version_created_at_ms
                   WHERE ?1 IS NULL OR b.model = ?1 ORDER BY b.number";
        let look = |view: View<'_>| if drift_checks::is_set_up(view)? { view.all(sql, [model], saved_from) } else { Ok(Vec::new()) };
        Ok(self.read(look)?.unwrap_or_default())
    }

    fn read_baseline(&self, baseline: &SavedBaseline) -> Result<Vec<u8>> {
        let sql = "SELECT content FROM hivectl_baselines WHERE number = ?1";
        let packed = self.read(|view| view.first(sql, [baseline.number], |row| row.get::<_, Vec<u8>>(0)))?.flatten().unwrap_or_default();
        let json = zstd::bulk::decompress(&packed, LARGEST_BASELINE).unwrap_or_default();
        if sha256_hex(&json) == baseline.sha256 {
            return Ok(json);
        }
        let message = format!("baseline {} is not what was saved", baseline.number);
        Err(Error::new(ErrorKind::DigestMismatch, message).because(format!("its digest was {}", baseline.sha256)).hint((
            "make it anew: `",
            commands::baseline_save(format!("{}@{}", baseline.model, baseline.version)),
            "`",
        )))
    }

    fn use_baseline(&self, version: &ModelVersion, number: Option<u32>, reason: Option<&str>) -> Result<()> {
        let mut database = self.writer()?;
        let change = begin(self, &mut database)?;
        drift_checks::set_up(&change)?;
        let evidence = Value::from_iter([("current", number)]);
        audit_log::recorded(&change, &self.actor, &AuditEntry::of_baseline(version, reason, evidence), || {
            point_at(&change, version, number)
        })?;
        change.commit()
    }

    fn record_check(&self, record: &DriftRecord) -> Result<()> {
        let mut database = self.writer()?;
        let change = Change::begin_repair(&mut database)?;
        drift_checks::record(&change, record)?;
        change.commit()
    }

    fn checks(&self, model: Option<&str>, since: i64) -> Result<Vec<DriftRecord>> {
        Ok(self.read(|view| drift_checks::since(view, model, since))?.unwrap_or_default())
    }
}

/// Makes one saved baseline of the version the current one, or none of them.
fn point_at(change: &Change<'_>, version: &ModelVersion, number: Option<u32>) -> Result<()> {
    let sql = "UPDATE hivectl_baselines SET is_current = (number IS ?3) WHERE model = ?1 AND version = ?2";
    change.execute(sql, params![version.name, version.version, number]).map(drop)
}

fn saved_from(row: &Row<'_>) -> rusqlite::Result<SavedBaseline> {
    Ok(SavedBaseline {
        number: row.get(0)?,
        model: row.get(1)?,
        version: row.get(2)?,
        saved_at: row.get(3)?,
        size_bytes: row.get::<_, i64>(4)?.cast_unsigned(),
        sha256: row.get(5)?,
        is_current: row.get(6)?,
        by: row.get(7)?,
        reason: row.get(8)?,
    })
}
