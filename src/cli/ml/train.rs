//! `hivectl ml train`.

use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::labels::{LabelArgs, LabelWords as _};
use super::learning::{LearningArgs, TuningArgs};
use super::tickets::{AgeArgs, TicketArgs};
use crate::api::train::{Split, TrainRequest};
use crate::api::words::FeatureSchema;
use crate::api::words::{Catalogue, USUAL_VARIANT};
use crate::api::{TimeWindow, Timestamp};
use crate::base::duration;
use crate::cli::complete;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::{VerbArgs, VerbSpec};
use crate::cli::view;
use crate::error::Result;

/// Train models on tickets, judge, gate and register them
///
/// Reads the tickets, trains on the earlier ones and judges on the latest fifth. A model that passes
/// its gate goes to Staging; with --promote-if-better to Production, where it beats the version that is
/// there on the same tickets. Models of load learn from how many tickets came when, and are judged by forecasts of the past.
/// Adds a version to the registry; --dry-run writes nothing at all.
#[derive(Debug, Args)]
pub struct TrainArgs {
    /// Kinds of models, one or a list such as anomaly,load
    #[arg(long, value_parser = kind_parser(), value_delimiter = ',', default_value = EVERY_USUAL_KIND)]
    pub model: Vec<String>,

    #[command(flatten)]
    pub source: TicketArgs,

    #[command(flatten)]
    pub age: AgeArgs,

    #[command(flatten)]
    pub load: LoadArgs,

    /// Days of tickets to use, counted back from --as-of over created_at [default: 30, for load 540]
    #[arg(long, value_name = "DAYS")]
    pub window_days: Option<f64>,

    /// The moment to train at, such as 2026-01-31T12:00:00Z [default: the newest created_at]
    #[arg(long, value_name = "TIME", value_parser = view::time::parse)]
    pub as_of: Option<i64>,

    /// Fewest usable tickets [default: 100, for load 1000]
    #[arg(long, value_name = "COUNT")]
    pub min_samples: Option<usize>,

    #[command(flatten)]
    pub labels: LabelArgs,

    /// Table of features [default: reference, with --tune the better one]
    #[arg(long, value_parser = features_parser())]
    pub features: Option<String>,

    /// Name to register under, when one kind is trained
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Experiment that the run belongs to [default: orchestrator-predictive-models]
    #[arg(long, value_name = "NAME")]
    pub experiment: Option<String>,

    /// Which tickets judge: the latest fifth, or a random fifth
    #[arg(long, value_parser = split_parser(), default_value_t = Split::Time)]
    pub split: Split,

    /// What the anomaly detector may know [default: scheduling]
    #[arg(long, value_parser = variant_parser())]
    pub variant: Option<String>,

    #[command(flatten)]
    pub learning: LearningArgs,

    #[command(flatten)]
    pub tuning: TuningArgs,

    /// Put a model that passes its gate and beats the champion into Production
    #[arg(long)]
    pub promote_if_better: bool,

    /// End with exit code 3 when a gate fails
    #[arg(long)]
    pub require_gate: bool,

    /// Afterwards measure the new duration model on the tickets of the window, as `hivectl ml backfill --errors-only`
    #[arg(long)]
    pub backfill_errors: bool,

    /// Also write the drift baseline into ml_feature_baselines beside the tickets, where the running system reads it
    #[arg(long)]
    pub baseline_to_mongodb: bool,

    /// File with the gates
    #[arg(long, value_name = "FILE", add = complete::files(&["yaml", "yml"]))]
    pub policy: Option<String>,

    /// Registry, a path that ends in .db, that keeps what the server could not take [default: that of this machine]
    #[arg(long, value_name = "PATH", add = complete::files(&["db"]))]
    pub keep: Option<String>,

    /// Train and judge, write nothing at all
    #[arg(long)]
    pub dry_run: bool,
}

/// What models of load are asked for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Models of load")]
pub struct LoadArgs {
    /// How far ahead, a list of 60m, 360m and 1440m; each is a model by itself [default: all of them]
    #[arg(long, value_name = "TIME", value_delimiter = ',', value_parser = duration::parse)]
    pub horizon: Vec<Duration>,

    /// Length of a bucket, 1m to 1d [default: 5m, for 1440m 1h]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub bucket: Option<Duration>,

    /// Span that counts as not known, such as an outage: 2026-01-31T08:00:00Z..2026-01-31T11:00:00Z (can be repeated)
    #[arg(long, value_name = "FROM..TO", value_parser = super::forecast::span)]
    pub exclude: Vec<TimeWindow>,
}

/// Trains every usual kind.
const EVERY_USUAL_KIND: &str = "all";

/// The kinds of the catalogue, and all usual ones together.
fn kind_parser() -> PossibleValuesParser {
    let catalogue = Catalogue::all();
    let usual: Vec<&str> = catalogue.usual().iter().map(|kind| kind.word()).collect();
    let families = catalogue.trained_words().into_iter().map(|word| {
        let behind = catalogue.trained_as(word);
        match behind.as_slice() {
            [kind] => PossibleValue::new(word).help(kind.help()),
            several => {
                PossibleValue::new(word).help(several.iter().map(|kind| kind.registered_name(USUAL_VARIANT)).collect::<Vec<_>>().join(", "))
            }
        }
    });
    let of_families = catalogue.trained().filter(|kind| kind.family().is_some());
    let kinds = families.chain(of_families.map(|kind| PossibleValue::new(kind.word()).help(kind.help()).hide(true)));
    let mut together = usual.join(" and ");
    if let Some(first) = together.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    kinds.chain([PossibleValue::new(EVERY_USUAL_KIND).help(together)]).collect::<Vec<PossibleValue>>().into()
}

/// The variants of all kinds.
fn variant_parser() -> PossibleValuesParser {
    let catalogue = Catalogue::all();
    let variants = catalogue.trained().flat_map(|kind| kind.variants());
    variants.map(|variant| PossibleValue::new(variant.name).help(variant.help)).collect::<Vec<PossibleValue>>().into()
}

/// The tables of features.
pub(super) fn features_parser() -> PossibleValuesParser {
    FeatureSchema::NAMES.map(|(name, help)| PossibleValue::new(name).help(help)).into()
}

/// Which tickets may judge.
fn split_parser() -> impl TypedValueParser<Value = Split> {
    PossibleValuesParser::new(Split::ALL.map(|split| split.to_string())).try_map(|word| word.parse::<Split>())
}

impl VerbArgs for TrainArgs {
    const SPEC: &'static VerbSpec = &VerbSpec {
        words: "ml train",
        examples: &[
            (
                "Train every kind of model and put what passes its gate into Staging",
                "hivectl ml train --tickets examples/tickets.ndjson.gz",
            ),
            (
                "Straight into Production where it beats the champion",
                "hivectl ml train --model duration --promote-if-better --tickets tickets.parquet",
            ),
            ("See how a model would do, writing nothing", "hivectl ml train --model anomaly --dry-run --tickets tickets.parquet"),
        ],
        exit_codes: &[3, 4, 6, 7, 9, 10, 11, 12, 14],
        changes: "Registers a version of each kind it trains, in Staging where it passes its gate; with --promote-if-better it may change Production. With --dry-run nothing.",
        ..VerbSpec::READING
    };

    fn run(&self, session: &Session<'_>) -> Result<Report> {
        session.answer(&self.request())
    }
}

impl TrainArgs {
    /// The words of kinds that were typed, every usual one where they stand in a list with others; none for those alone.
    fn kinds(&self) -> Vec<String> {
        if self.model.iter().all(|word| word == EVERY_USUAL_KIND) {
            return Vec::new();
        }
        let usual = || Catalogue::all().usual().iter().map(|kind| kind.word().to_owned()).collect();
        let words = |word: &String| if word == EVERY_USUAL_KIND { usual() } else { vec![word.clone()] };
        self.model.iter().flat_map(words).collect()
    }

    /// What was typed.
    pub(super) fn request(&self) -> TrainRequest {
        TrainRequest {
            models: self.kinds(),
            horizons: self.load.horizon.clone(),
            bucket: self.load.bucket,
            exclude: self.load.exclude.clone(),
            tickets: self.age.limit(self.source.tickets()),
            window_days: self.window_days,
            as_of: self.as_of.map(Timestamp),
            min_samples: self.min_samples,
            labels: self.labels.rule(),
            typed: self.source.typed(self.labels.typed()),
            features: self.features.clone(),
            name: self.name.clone(),
            experiment: self.experiment.clone(),
            split: self.split,
            variant: self.variant.clone(),
            hyperparameters: self.learning.hyperparameters(),
            permutation: self.learning.permutation,
            seed: self.learning.seed,
            threads: self.learning.threads,
            tuning: self.tuning.request(),
            promote_if_better: self.promote_if_better,
            require_gate: self.require_gate,
            backfill_errors: self.backfill_errors,
            baseline_to_mongodb: self.baseline_to_mongodb,
            policy: self.policy.clone(),
            keep: self.keep.clone(),
            dry_run: self.dry_run,
        }
    }
}
