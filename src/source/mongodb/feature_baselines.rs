//! Drift baselines beside the tickets, in the shape that the running system reads.

use mongodb::bson::{Bson, DateTime, Document, doc};

use super::connection::Connection;
use super::tickets::MongoTickets;
use crate::drift::Baseline;
use crate::drift::observations::feature_names;
use crate::error::{Error, ErrorKind, Result};
use crate::source::contract::{BaselineStore, PublishedBaseline};

/// The running system's own name.
const COLLECTION: &str = "ml_feature_baselines";
/// Values kept of a feature, spread evenly over the tickets: at most 5 MB with every feature, far from the 16 MB
/// that a document may have, which the running system's own writer passes at 130,000 tickets.
const MOST_VALUES: usize = 20_000;

impl BaselineStore for MongoTickets {
    /// Writes into `ml_feature_baselines` of the database of the tickets.
    fn publish(&self, baseline: &Baseline, version: u32) -> Result<PublishedBaseline> {
        const DOING: &str = "write the drift baseline";
        let target = self.target();
        let document = document(baseline, version);
        let size_bytes = mongodb::bson::serialize_to_vec(&document).map_or(0, |bytes| bytes.len() as u64);
        let connection = Connection::open(target)?;
        // A named document, so that a command repeated after a broken connection writes one.
        let id = document.get("_id").cloned();
        let update = doc! { "q": { "_id": id }, "u": document, "upsert": true };
        let command = doc! { "update": COLLECTION, "updates": [update], "writeConcern": { "w": "majority" } };
        let reply = connection.command(DOING, &command)?;
        if let Some(error) = reply.get_array("writeErrors").ok().and_then(|errors| errors.first()?.as_document()) {
            let text = error.get_str("errmsg").unwrap_or("no reason given").to_owned();
            let failed = format!("cannot {DOING} of {target}: the server answered with an error");
            return Err(Error::new(ErrorKind::ServerFailed, failed).because(text));
        }
        let namespace = format!("{}.{COLLECTION}", target.database);
        Ok(PublishedBaseline { model: baseline.origin.model.clone(), version, namespace, size_bytes })
    }
}

/// `{model_name, version, timestamp, features: {NAME: {values, mean, std, min, max}}, target_distribution: {values,
/// mean, std, percentiles}, training_mae, sample_count}`; standard deviations are the population's.
fn document(baseline: &Baseline, version: u32) -> Document {
    let columns = feature_names().into_iter().zip(&baseline.observations.features);
    let features: Document = columns
        .filter_map(|(name, column)| {
            let column: Vec<f64> = column.iter().map(|&value| f64::from(value)).filter(|value| value.is_finite()).collect();
            Some((name, Bson::Document(spread(&column, MOST_VALUES)?)))
        })
        .collect();
    let at = |share: f64| baseline.variables.get("duration_ms").and_then(|durations| durations.quantile(share));
    let target = &baseline.reference.target;
    doc! {
        "_id": mongodb::bson::oid::ObjectId::new(),
        "model_name": &baseline.origin.model,
        "version": version.to_string(),
        "timestamp": DateTime::now(),
        "features": features,
        "target_distribution": {
            "values": &target.values,
            "mean": target.mean,
            "std": target.standard_deviation,
            "percentiles": { "p50": at(0.5), "p95": at(0.95), "p99": at(0.99) },
        },
        "training_mae": baseline.error.as_ref().map(|error| error.mae),
        "sample_count": baseline.tickets as i64,
    }
}

/// A column in numbers, with as many of its values as are kept; `None` without a value.
fn spread(values: &[f64], most: usize) -> Option<Document> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let deviation = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
    let least = values.iter().copied().min_by(f64::total_cmp)?;
    let largest = values.iter().copied().max_by(f64::total_cmp)?;
    let kept = values.len().min(most);
    let kept: Vec<f64> = (0..kept).map(|place| values[place * values.len() / kept]).collect();
    Some(doc! { "values": kept, "mean": mean, "std": deviation, "min": least, "max": largest })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_thinned_evenly_and_counted_whole() {
        let values: Vec<f64> = (0..10_000).map(f64::from).collect();
        let thinned = spread(&values, 100).unwrap();
        let kept: Vec<f64> = thinned.get_array("values").unwrap().iter().filter_map(Bson::as_f64).collect();
        assert_eq!((kept.len(), kept[1], kept[99]), (100, 100.0, 9_900.0));
        assert_eq!((thinned.get_f64("mean").unwrap(), thinned.get_f64("max").unwrap()), (4_999.5, 9_999.0));
        assert_eq!(spread(&[3.0, 5.0], 100).unwrap(), doc! { "values": [3.0, 5.0], "mean": 4.0, "std": 1.0, "min": 3.0, "max": 5.0 });
        assert_eq!(spread(&[], 100), None);
    }
}
