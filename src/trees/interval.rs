//! Local scaffold.
use crate::error::Result;
use serde::{Deserialize, Serialize};
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct IntervalModel {}
impl IntervalModel {
    pub fn calibrate(_: &[f64], _: &[f64]) -> Result<Option<Self>> {
        Ok(None)
    }
    pub fn nominal_coverage(&self) -> f64 {
        0.8
    }
    pub fn coverage(&self, _: &[f64], _: &[f64]) -> Option<f64> {
        None
    }
    pub fn interval(&self, p: f64) -> (f64, f64) {
        (p, p)
    }
    pub fn exceedance(&self, _: f64, _: f64) -> f64 {
        0.0
    }
}
