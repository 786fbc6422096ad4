//! The tickets that a model learned from, as MLflow names the data set of a run.

use serde::Serialize;

use crate::base::redact::without_passwords;
use crate::base::time::rfc3339;
use crate::error::{Error, ErrorKind, Result};
use crate::features::Timeline;
use crate::kinds::{Training, known_tickets};
use crate::lifecycle::{RunDataset, TRAINING};

/// What MLflow keeps of a digest; a SHA-256 has more digits.
const DIGEST_DIGITS: usize = 32;

/// The longest name of a data set that MLflow takes, in characters.
const LONGEST_NAME: usize = 500;

/// How much there is of it. MLflow's page of a run shows the rows by this name.
#[derive(Serialize)]
struct Profile {
    num_rows: u64,
    rows_that_taught: u64,
    rows_that_judged: u64,
    first_created_at: String,
    last_created_at: String,
    known_until: String,
    made_up: bool,
}

/// Where it is, in the two forms of MLflow's that fit.
#[derive(Serialize)]
#[serde(untagged)]
enum Source {
    File { uri: String },
    Program { tags: Origin },
}

#[derive(Serialize)]
struct Origin {
    #[serde(rename = "mlflow.source.name")]
    name: String,
    #[serde(rename = "mlflow.source.type")]
    kind: &'static str,
}

/// The tickets at `places` that were used, those that judge among them.
pub(super) fn dataset(places: &[String], timeline: &Timeline, training: &Training) -> Result<RunDataset> {
    dataset_of(places, known_tickets::digest(timeline, training.from, training.to.saturating_add(1)), training)
}

/// The same with this digest, lower-case hexadecimal.
pub(super) fn dataset_of(places: &[String], mut digest: String, training: &Training) -> Result<RunDataset> {
    let places: Vec<String> = places.iter().map(|place| without_passwords(place)).collect();
    let samples = &training.samples;
    let profile = Profile {
        num_rows: samples.used,
        rows_that_taught: samples.train,
        rows_that_judged: samples.holdout,
        first_created_at: rfc3339(training.from),
        last_created_at: rfc3339(training.to),
        known_until: rfc3339(training.as_of),
        made_up: training.synthetic,
    };
    // MLflow opens one file by its path; anything else it only shows.
    let (source_type, source) = match places.as_slice() {
        [file] if file.starts_with('/') => ("local", Source::File { uri: file.clone() }),
        _ => ("code", Source::Program { tags: Origin { name: places.join(" "), kind: "LOCAL" } }),
    };
    digest.truncate(DIGEST_DIGITS);
    Ok(RunDataset {
        name: name(&places).chars().take(LONGEST_NAME).collect(),
        digest,
        source_type: source_type.to_owned(),
        source: written(&source)?,
        schema: None,
        profile: Some(written(&profile)?),
        context: TRAINING.to_owned(),
    })
}

fn written(part: &impl Serialize) -> Result<String> {
    serde_json::to_string(part).map_err(|error| Error::new(ErrorKind::Internal, "cannot write what was learned from").because(error))
}

/// The last part of the one place; several have none in common.
fn name(places: &[String]) -> &str {
    match places {
        [only] if only == "-" => "standard input",
        [only] => only.rsplit('/').next().filter(|last| !last.is_empty()).unwrap_or(only),
        _ => "tickets",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::TicketTable;

    fn of(places: &[&str]) -> RunDataset {
        let training = Training {
            from: 0,
            to: 9_000,
            as_of: 9_500,
            holdout_from: 8_000,
            samples: Default::default(),
            synthetic: false,
            seed: 42,
            split: "time".into(),
            tickets_sha256: None,
        };
        let places: Vec<String> = places.iter().map(|&place| place.to_owned()).collect();
        dataset(&places, &TicketTable::default().into_timeline(), &training).expect("written")
    }

    #[test]
    fn a_file_can_be_opened_and_everything_else_is_told_without_secrets() {
        for (places, name, source_type, source) in [
            (&["/data/tickets.parquet"][..], "tickets.parquet", "local", r#"{"uri":"/data/tickets.parquet"}"#),
            (&["/data/a.csv", "/data/b.csv"], "tickets", "code", "/data/a.csv /data/b.csv"),
            (&["-"], "standard input", "code", r#""-""#),
            (&["mongodb://u:s3cr3t@h/d.tickets"], "d.tickets", "code", "mongodb://u:***@h/d.tickets"),
        ] {
            let found = of(places);
            assert_eq!((found.name.as_str(), found.source_type.as_str(), found.digest.len()), (name, source_type, 32), "{places:?}");
            assert!(found.source.contains(source) && !found.source.contains("s3cr3t"), "{found:?}");
        }
    }
}
