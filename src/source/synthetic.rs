//! Local scaffold.
use crate::error::Result;
pub const DEFAULT_ANOMALY_RATIO: f64 = 0.05;
pub struct SyntheticRequest {
    pub rows: u64,
    pub seed: u64,
    pub anomaly_ratio: f64,
    pub drift: f64,
    pub start_ms: i64,
    pub days: u32,
}
pub fn write(_: &SyntheticRequest, _: &std::path::Path) -> Result<()> {
    Ok(())
}
