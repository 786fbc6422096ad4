//! Makes the file, one ticket after the other.

use std::io::Write;
use std::path::Path;

use crate::base::time::MS_PER_DAY;
use crate::error::{Error, ErrorKind, Result};
use crate::source::output::{Output, TableFormat, table_format};
use crate::source::tables::TableWriter;
use crate::statistics::random::SplitMix64;
use crate::ticket::time::LATEST_MS;

use super::calendar::Calendar;
use super::document::{SyntheticPlan, TicketDocument, columns};
use super::work::SyntheticWork;

const ROWS_IN_A_BATCH: usize = 4096;

/// Which tickets to make up.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntheticRequest {
    pub rows: u64,
    pub seed: u64,
    /// Share of anomalies, 0 to 1.
    pub anomaly_ratio: f64,
    /// How far mix, estimates and durations have moved from the ordinary, 0 to 1.
    pub drift: f64,
    /// When the first ticket may come, milliseconds since the epoch.
    pub start_ms: i64,
    /// Over how many days they are spread.
    pub days: u32,
}

/// Writes the tickets to `path`: NDJSON or Parquet, compressed or not, by its suffix. The same request
/// gives the same bytes. Memory does not grow with the number of tickets.
///
/// Errors: [`ErrorKind::Usage`] for another suffix, a share outside 0 to 1, or days outside 1970 to 2199;
/// those of writing a file, which leave nothing behind.
pub fn write(request: &SyntheticRequest, path: &Path) -> Result<()> {
    check(request)?;
    match table_format(path, &[TableFormat::JsonLines, TableFormat::Parquet])? {
        (TableFormat::Parquet, _) => {
            let mut table = TableWriter::create(path)?;
            let mut batch = Vec::with_capacity(ROWS_IN_A_BATCH);
            generate(request, &mut |document| {
                batch.push(document);
                if batch.len() == ROWS_IN_A_BATCH {
                    table.write(&columns(&batch))?;
                    batch.clear();
                }
                Ok(())
            })?;
            table.write(&columns(&batch))?;
            table.finish()
        }
        (_, compression) => {
            let mut output = Output::create(path, compression)?;
            generate(request, &mut |document| {
                let written = serde_json::to_writer(&mut output, &document).map_err(std::io::Error::from);
                written.and_then(|()| output.write_all(b"\n")).map_err(|source| output.failure(&source))
            })?;
            output.commit()
        }
    }
}

fn check(request: &SyntheticRequest) -> Result<()> {
    for (flag, share) in [("--anomaly-ratio", request.anomaly_ratio), ("--drift", request.drift)] {
        if !(0.0..=1.0).contains(&share) {
            return Err(
                Error::new(ErrorKind::Usage, format!("{flag} is {share}, expected 0 to 1")).hint(format!("give for example `{flag} 0.05`"))
            );
        }
    }
    let end_ms = request.start_ms.saturating_add(i64::from(request.days).saturating_mul(MS_PER_DAY));
    if request.start_ms <= 0 || end_ms >= LATEST_MS {
        return Err(Error::new(ErrorKind::Usage, "the tickets' days are not all in the years 1970 to 2199")
            .hint("give for example `--start 2026-01-01 --days 30`"));
    }
    Ok(())
}

fn generate(request: &SyntheticRequest, give: &mut dyn FnMut(TicketDocument) -> Result<()>) -> Result<()> {
    let mut random = SplitMix64::new(request.seed);
    let mut calendar = Calendar::new(request.rows, request.start_ms, request.days);
    let end_ms = calendar.end_ms();
    let mut plan = SyntheticPlan::begin(&mut random);
    while let Some(created_at) = calendar.next(&mut random) {
        if plan.is_done() {
            plan = SyntheticPlan::begin(&mut random);
        }
        let work = SyntheticWork::draw(request, plan.requester, created_at, &mut random);
        give(plan.document(&work, created_at, end_ms, &mut random))?;
    }
    Ok(())
}
