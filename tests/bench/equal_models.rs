//! How often a model is promoted over one that is as good, and over one that is worse.
//!
//! `cargo bench --bench equal_models -- [--shared ../shared] [--seeds 24] [--pairs 200] [--trees 30] [--logs kth-sp2,sdsc-sp2]`
//! grows on the first 400 days of each job log one forest for each seed and takes pairs of unlike seeds: what
//! `train --promote-if-better`, `retrain` and `compare` decide by is counted as they do. Worse are the champions of half
//! the depth and of half, a quarter and an eighth of the training tickets. Beside it the interval over tickets alone.
#![allow(clippy::print_stdout, reason = "a bench prints its table")]

#[path = "../common/pairs_of_models.rs"]
mod pairs_of_models;
#[path = "../common/silent.rs"]
mod silent;

use std::path::{Path, PathBuf};

use hivectl::features::HoldoutSplit;
use hivectl::kinds::TrainingData;
use hivectl::ops::{ReadRequest, read};
use hivectl::source::TicketFiles;
use hivectl::statistics::{Difference, Resampling};
use hivectl::ticket::{FieldPaths, LabelRule};

use pairs_of_models::{Forests, Judged, differences, judge, mean_error, over_tickets, share_better};
use silent::Silent;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const DAYS: f64 = 400.0;
const HOLDOUT_SHARE: f64 = 0.2;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let value = |flag: &str| arguments.iter().position(|word| word == flag).and_then(|place| arguments.get(place + 1));
    let number = |flag: &str, usual: usize| value(flag).map_or(Ok(usual), |text| text.parse());
    let (seeds, pairs, trees) = (number("--seeds", 24)? as u64, number("--pairs", 200)?, number("--trees", 30)?);
    let shared = value("--shared").map(PathBuf::from).or(std::env::var_os("HIVECTL_SHARED").map(PathBuf::from));
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    println!("{seeds} seeds, {pairs} pairs, {trees} trees, {DAYS} days; share promoted over the champion");
    for log in value("--logs").map_or("kth-sp2,sdsc-sp2", String::as_str).split(',') {
        let data = load(&shared, log)?;
        println!("{log}: {} tickets, {} of them judge", data.rows.len(), data.split.holdout.len());
        let usual = Forests { trees, depth: 10, every: 1 };
        let challenger = judge(&data, usual, seeds)?;
        let champions = [
            ("another seed", usual),
            ("half the depth", Forests { depth: 5, ..usual }),
            ("half the training tickets", Forests { every: 2, ..usual }),
            ("a quarter of the training tickets", Forests { every: 4, ..usual }),
            ("an eighth of the training tickets", Forests { every: 8, ..usual }),
        ];
        for (name, forests) in champions {
            let serving = judge(&data, forests, seeds)?;
            tell(name, &serving, &challenger, pairs)?;
        }
    }
    Ok(())
}

fn tell(name: &str, serving: &Judged, challenger: &Judged, pairs: usize) -> Outcome<()> {
    let error = mean_error(serving);
    let found = differences(serving, challenger, pairs, &Resampling::default())?;
    let narrow = differences(&over_tickets(serving), &over_tickets(challenger), pairs, &Resampling::default())?;
    let one_sided = differences(serving, challenger, pairs, &Resampling { confidence: 0.9, ..Resampling::default() })?;
    let mean = |of: &dyn Fn(&Difference) -> f64| found.iter().map(of).sum::<f64>() / found.len() as f64 / error * 100.0;
    let gain = mean(&|difference| difference.estimate);
    let spread = found.iter().map(|difference| (difference.estimate / error * 100.0 - gain).powi(2)).sum::<f64>();
    let tickets = narrow.iter().map(|difference| difference.standard_error).sum::<f64>() / narrow.len() as f64 / error * 100.0;
    println!(
        "  over {name}: {:.3} (tickets alone {:.3}; 90 % {:.3}); the champion's error {:.2} % higher, from pair to pair {:.2}; \
         standard error of tickets {tickets:.2}, of trees {:.2}",
        share_better(&found),
        share_better(&narrow),
        share_better(&one_sided),
        gain,
        (spread / found.len() as f64).sqrt(),
        mean(&|difference| difference.trees_standard_error.unwrap_or(f64::NAN)),
    );
    Ok(())
}

fn load(shared: &Path, log: &str) -> Outcome<TrainingData> {
    let path = shared.join(format!("data/jobs/{log}.ndjson.gz")).display().to_string();
    let source = TicketFiles::open(&[path], FieldPaths::new(Some("metadata.requested_by"), None, None)?)?;
    let request = ReadRequest { labels: LabelRule::default(), window_days: DAYS, as_of: None, min_samples: 0, max_age: None };
    let reading = read(&request, &source, &Silent)?;
    let rows = reading.timeline.labelled();
    let split = HoldoutSplit::by_time(rows.len(), HOLDOUT_SHARE);
    Ok(TrainingData { timeline: reading.timeline, rows, split })
}
