//! `hivectl ml train`.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};

use super::labels::LabelArgs;
use super::learning::{LearningArgs, TuningArgs};
use super::tickets::TicketArgs;
use crate::api::baseline::WrittenBaseline;
use crate::cli::complete;
use crate::cli::prompt;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::verb_spec::VerbSpec;
use crate::cli::view;
use crate::config::Settings;
use crate::error::{Error, ErrorKind, Result};
use crate::kinds::{AnswerForm, Catalogue, FitRequest, FixedSettings, Hyperparameters, TypedInstructions, USUAL_VARIANT};
use crate::lifecycle::{ModelVersion, Policy};
use crate::ops::Resolved;
use crate::ops::backfill::{BackfillRequest, HELD_TICKETS};
use crate::ops::drift::baseline;
use crate::ops::train::{self, Split, TrainReport, TrainRequest, TrainedModel, Typed};
use crate::source::TicketSource;

/// Train models on tickets, judge, gate and register them
///
/// Reads the tickets, trains on the earlier ones and judges on the latest fifth. A model that passes
/// its gate goes to Staging; with --promote-if-better to Production, where it beats the version that is
/// there on the same tickets. Adds a version to the registry; --dry-run writes nothing at all.
#[derive(Debug, Args)]
pub struct TrainArgs {
    /// Kind of model
    #[arg(long, value_parser = kind_parser(), default_value = EVERY_USUAL_KIND)]
    pub model: String,

    #[command(flatten)]
    pub source: TicketArgs,

    /// Days of tickets to use, counted back from --as-of over created_at [default: 30]
    #[arg(long, value_name = "DAYS")]
    pub window_days: Option<f64>,

    /// The moment to train at, such as 2026-01-31T12:00:00Z [default: the newest created_at]
    #[arg(long, value_name = "TIME", value_parser = view::time::parse)]
    pub as_of: Option<i64>,

    /// Fewest usable tickets [default: 100]
    #[arg(long, value_name = "COUNT")]
    pub min_samples: Option<usize>,

    #[command(flatten)]
    pub labels: LabelArgs,

    /// Table of features [default: reference, with --tune the better one]
    #[arg(long, value_enum)]
    pub features: Option<SchemaWord>,

    /// Name to register under, when one kind is trained
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Experiment that the run belongs to [default: orchestrator-predictive-models]
    #[arg(long, value_name = "NAME")]
    pub experiment: Option<String>,

    /// Which tickets judge: the latest fifth, or a random fifth
    #[arg(long, value_enum, default_value_t = SplitWord::Time)]
    pub split: SplitWord,

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

    /// Train and judge, write nothing at all
    #[arg(long)]
    pub dry_run: bool,
}

pub const SPEC: VerbSpec = VerbSpec {
    words: "ml train",
    examples: &[
        ("Train every kind of model and put what passes its gate into Staging", "hivectl ml train --tickets examples/tickets.ndjson.gz"),
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

/// Trains every usual kind.
const EVERY_USUAL_KIND: &str = "all";

/// The kinds of the catalogue, and all usual ones together.
fn kind_parser() -> PossibleValuesParser {
    let catalogue = Catalogue::all();
    let usual: Vec<&str> = catalogue.usual().iter().map(|kind| kind.word()).collect();
    let kinds = catalogue.trained().map(|kind| PossibleValue::new(kind.word()).help(kind.help()));
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaWord {
    /// The 15 features of the running system
    Reference,
    /// Also recency, calendar and ratios
    Extended,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SplitWord {
    Time,
    Random,
}

impl SchemaWord {
    /// The schema's own name.
    pub fn name(self) -> &'static str {
        match self {
            SchemaWord::Reference => "reference",
            SchemaWord::Extended => "extended",
        }
    }
}

impl TrainArgs {
    pub fn run(&self, session: &Session<'_>) -> Result<Report> {
        let settings = self.settings(session)?;
        let request = self.request(session, &settings)?;
        train::check(&request)?;
        let registry = session.registry_to_create(&settings)?;
        self.check_approval(session, &settings, &request)?;
        let beside = self.source.source_for_baselines(&settings)?;
        let tickets = self.source.open(&settings)?;
        let report = train::run(&request, tickets.as_ref(), registry.registration()?, &session.progress())?;
        let models = registry.store().list()?;
        let measured = self.measure(session, &settings, &request, &report)?;
        let published = publish(session, &settings, beside.as_deref(), &report)?;
        let report = view::baseline::below(view::train::report(report, models, self.require_gate), &published)?;
        let report = match measured {
            Some(measured) => view::backfill::below(report, measured),
            None => report,
        };
        Ok(if self.dry_run { report.headed(session.place_line(&settings, registry.store())) } else { report })
    }

    /// The errors of the duration model that was registered, where they are asked for.
    fn measure(&self, session: &Session<'_>, settings: &Settings, request: &TrainRequest, report: &TrainReport) -> Result<Option<Report>> {
        if !settings.is_on("backfill_errors") {
            return Ok(None);
        }
        let registered = |model: &TrainedModel| model.registered.clone().filter(|_| model.kind.answer_form() == AnswerForm::DurationMs);
        let Some(version) = report.models.iter().find_map(registered) else { return Ok(None) };
        let request = BackfillRequest {
            labels: request.labels.clone(),
            typed: TypedInstructions::default(),
            notes: Vec::new(),
            window_days: request.window_days,
            as_of: request.as_of,
            window: None,
            threads: request.threads,
            held_tickets: HELD_TICKETS,
        };
        let version = Resolved { version, chosen_as: "just trained".into() };
        super::backfill::errors(session, settings, &self.source, version, &request).map(Some)
    }

    pub(super) fn settings(&self, session: &Session<'_>) -> Result<Settings> {
        let mut flags = session.flags();
        self.source.note(&mut flags);
        flags.set("window_days", "--window-days", self.window_days);
        flags.set("min_samples", "--min-samples", self.min_samples);
        flags.set("experiment", "--experiment", self.experiment.as_ref());
        flags.set("contamination", "--contamination", self.learning.contamination);
        flags.set("policy", "--policy", self.policy.as_ref());
        flags.set("backfill_errors", "--backfill-errors", self.backfill_errors.then_some("yes"));
        flags.set("baseline_to_mongodb", "--baseline-to-mongodb", self.baseline_to_mongodb.then_some("yes"));
        let settings = session.settings(&flags)?;
        if settings.is_on("backfill_errors") && settings.text("tickets").is_some_and(|places| places.split(' ').any(|place| place == "-")) {
            return Err(Error::new(
                ErrorKind::Usage,
                "--backfill-errors reads the tickets a second time, and standard input is gone by then",
            )
            .hint("name a file: `--tickets FILE`"));
        }
        Ok(settings)
    }

    pub(super) fn request(&self, session: &Session<'_>, settings: &Settings) -> Result<TrainRequest> {
        let catalogue = session.kinds().clone();
        let kinds = match catalogue.get(&self.model) {
            Some(kind) => vec![kind.clone()],
            None => catalogue.usual(),
        };
        if self.name.is_some() && kinds.len() > 1 {
            return Err(Error::new(ErrorKind::Usage, "--name names one model, but several kinds are trained")
                .hint(format!("add {}", catalogue.model_flags())));
        }
        if let Some(name) = &self.name {
            crate::lifecycle::check_name(name)
                .map_err(|why| Error::new(ErrorKind::Usage, format!("'{name}' cannot be a model's name: {why}")))?;
        }
        let fields = TicketArgs::paths(settings)?;
        Ok(TrainRequest {
            fit: FitRequest {
                features: self.features.unwrap_or(SchemaWord::Reference).name().into(),
                fields: fields.configuration(),
                variant: self.variant.clone().unwrap_or_else(|| USUAL_VARIANT.to_owned()),
                hyperparameters: Hyperparameters { contamination: settings.parse("contamination")?, ..self.learning.hyperparameters() },
                tuned: None,
            },
            typed: self.typed(),
            fixed: FixedSettings { features: self.features.is_some(), algorithm: self.learning.algorithm.is_some() },
            catalogue,
            kinds,
            name: self.name.clone(),
            experiment: settings.text("experiment").unwrap_or_default().to_owned(),
            window_days: number(settings, "window_days")?,
            as_of: self.as_of,
            min_samples: settings.parse("min_samples")?.unwrap_or(100),
            labels: self.labels.rule(),
            permutation: self.learning.permutation,
            tuning: self.tuning.request(self.dry_run)?,
            split: match self.split {
                SplitWord::Time => Split::Time,
                SplitWord::Random => Split::Random,
            },
            seed: self.learning.seed,
            threads: crate::ops::threads(self.learning.threads),
            policy: policy(session.kinds(), settings)?,
            promote_if_better: self.promote_if_better,
            dry_run: self.dry_run,
            fields,
            actor: crate::ops::actor_of_process(),
            reason: session.global.reason.clone(),
        })
    }

    /// The flags that were typed and that not every kind and algorithm uses.
    fn typed(&self) -> Typed {
        Typed {
            hyperparameters: self.learning.hyperparameters(),
            variant: self.variant.is_some(),
            permutation: self.learning.permutation,
            backfill_errors: self.backfill_errors,
        }
    }

    /// In a protected context learning is a change like any other, and `--promote-if-better` an approval that has to be
    /// repeated: by the model's name, or by the context's where several models are trained.
    pub(super) fn check_approval(&self, session: &Session<'_>, settings: &Settings, request: &TrainRequest) -> Result<()> {
        if self.dry_run {
            return Ok(());
        }
        let names: Vec<String> = request.kinds.iter().map(|kind| request.name_of(kind)).collect();
        let what = format!(
            "train {} on the tickets of {} days and register a version of each{}",
            names.join(" and "),
            request.window_days,
            if request.promote_if_better { ", in Production where it is better" } else { "" }
        );
        match (names.as_slice(), &settings.context) {
            ([_, _, ..], Some(context)) => prompt::where_protected(session.terminal, settings, context, &what),
            ([name, ..], _) => prompt::where_protected(session.terminal, settings, name, &what),
            ([], _) => Ok(()),
        }
    }
}

/// Writes the baselines of the new versions beside the tickets, where that is asked for. The duration model's comes
/// last: the running system reads the latest, and wants an error in it.
fn publish(
    session: &Session<'_>,
    settings: &Settings,
    beside: Option<&dyn TicketSource>,
    report: &TrainReport,
) -> Result<Vec<WrittenBaseline>> {
    let Some(source) = beside else { return Ok(Vec::new()) };
    let mut models: Vec<&TrainedModel> = report.models.iter().collect();
    models.sort_by_key(|model| model.kind.answer_form() == AnswerForm::DurationMs);
    let versions: Vec<ModelVersion> = models.into_iter().filter_map(|model| model.registered.clone()).collect();
    baseline::publish(&session.registry(settings)?, &versions, source.require_baselines()?)
}

/// A number that has a default.
pub(super) fn number(settings: &Settings, key: &str) -> Result<f64> {
    let number = settings.parse(key)?;
    number.ok_or_else(|| Error::new(ErrorKind::Internal, format!("{key} has no value")))
}

/// The gates: defaults, then the policy file, then the environment variables of the guides.
pub(super) fn policy(kinds: &Catalogue, settings: &Settings) -> Result<Policy> {
    let mut policy = kinds.policy();
    if let Some(path) = settings.text("policy") {
        let text = std::fs::read_to_string(path).map_err(|error| Error::file("read the policy", path.as_ref(), &error))?;
        policy = policy.with_file(path, &text)?;
    }
    for kind in kinds.iter() {
        let Some(moved) = kind.threshold_setting() else { continue };
        if let Some(value) = settings.parse::<f64>(moved.key)? {
            policy.set_threshold(kind.word(), moved.metric, moved.factor * value);
        }
    }
    Ok(policy)
}
