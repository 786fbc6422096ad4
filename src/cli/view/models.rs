//! Models and versions as people and scripts read them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use super::bar::bar;
use super::number::{bytes, count, metric, milliseconds};
use super::table::{Column, folded_text, table};
use super::time::minute;
use super::{Screen, View, train};
use crate::api::models::{ModelDetails, ModelList, ModelListItem, ServingState, VersionList, VersionSummary};
use crate::api::words::RegressionErrors;
use crate::base::duration::in_words;
use crate::base::{Hint, commands};
use crate::cli::sanitize;
use crate::lifecycle::{CHALLENGER, FORCED_TAG, ServingBy, Stage};

impl View for ModelList {
    fn text(&self, screen: &Screen) -> String {
        list_table(&self.items, screen)
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|model| model.name.clone()).collect()
    }

    fn warnings(&self) -> Vec<String> {
        if self.items.is_empty() {
            return vec![format!("no models match in {}", self.registry)];
        }
        self.items.iter().flat_map(|model| faults(&model.name, &model.serving)).collect()
    }

    /// What to look at next: a model of which it is not certain what serves, else a version that waits in Staging, else the
    /// first model.
    fn next(&self) -> Vec<Hint> {
        let uncertain = self.items.iter().find(|model| !model.serving.faults.is_empty());
        let waiting = self.items.iter().find_map(|model| model.staging.as_ref()).filter(|_| uncertain.is_none());
        match (waiting, uncertain.or(self.items.first())) {
            (Some(version), _) => vec![commands::models_promote_dry_run(format!("{}@{}", version.name, version.version)).into()],
            (None, Some(model)) => vec![commands::models_show(&model.name).into()],
            (None, None) => vec![commands::train_on("FILE").into()],
        }
    }
}

/// What is wrong with what serves of a model.
fn faults(name: &str, serving: &ServingState) -> impl Iterator<Item = String> {
    serving.faults.iter().map(move |fault| format!("{name}: {fault}"))
}

/// The models in one line each.
pub(super) fn list_table(models: &[ModelListItem], screen: &Screen) -> String {
    const COLUMNS: [Column; 10] = [
        Column::Text("NAME"),
        Column::Number("PRODUCTION"),
        Column::Number("STAGING"),
        Column::Number("LATEST"),
        Column::Text("QUALITY"),
        Column::Text("CREATED"),
        Column::Number("VERSIONS"),
        Column::Text("SERVES-BY"),
        Column::Text("ALIASES"),
        Column::Number("JUDGED-ON"),
    ];
    let number = |version: &Option<VersionSummary>| version.as_ref().map_or("-".into(), |version| version.version.to_string());
    let rows: Vec<Vec<String>> = models
        .iter()
        .map(|model| {
            let best = model.serves.as_ref().or(model.production.as_ref()).or(model.staging.as_ref()).or(model.latest.as_ref());
            vec![
                model.name.clone(),
                serving(&model.serving, model.production.as_ref()),
                waiting(model.staging.as_ref()),
                number(&model.latest),
                best.map_or("-".into(), |version| of_which(version, &quality(version))),
                model.latest.as_ref().map_or("-".into(), |version| minute(version.created_at.0)),
                count(model.version_count),
                model.serving.by.map_or("-".into(), |by| by.to_string()),
                aliases(model),
                best.and_then(|version| version.metrics.get("test_samples")).map_or("-".into(), |&tickets| metric(Some(tickets))),
            ]
        })
        .collect();
    let shown = match screen.width {
        _ if screen.all_columns => COLUMNS.len(),
        Some(width) if width < 100 => 5,
        _ => 7,
    };
    let rows: Vec<Vec<String>> = rows.into_iter().map(|row| row[..shown].to_vec()).collect();
    let mut text = table(&COLUMNS[..shown], &rows, screen);
    if shown == 5 && !rows.is_empty() {
        text.push_str(&folded_text("\ncreation and number of versions are left out; -o wide shows them\n", screen));
    }
    text
}

/// What is said of one version, with its number; nothing where nothing is known.
fn of_which(version: &VersionSummary, said: &str) -> String {
    if said == "-" { said.to_owned() } else { format!("{said} (@{})", version.version) }
}

/// The aliases of the versions that a list names, each with its version.
fn aliases(model: &ModelListItem) -> String {
    let versions = [&model.serves, &model.production, &model.staging, &model.latest].into_iter().flatten();
    let named: BTreeSet<String> =
        versions.flat_map(|version| version.aliases.iter().map(|alias| format!("{alias}={}", version.version))).collect();
    if named.is_empty() { "-".into() } else { named.into_iter().collect::<Vec<_>>().join(" ") }
}

/// The version that waits; one that the alias challenger names and no stage stands with it.
fn waiting(version: Option<&VersionSummary>) -> String {
    match version {
        None => "-".into(),
        Some(version) if version.stage == Stage::Staging => version.version.to_string(),
        Some(version) => format!("{} ({CHALLENGER})", version.version),
    }
}

/// The version that serves; an alias that alone tells so stands with it, as does one that disagrees.
fn serving(serving: &ServingState, production: Option<&VersionSummary>) -> String {
    let alias = sanitize::line(&serving.alias);
    match (serving.version, serving.by, production.map(|version| version.version)) {
        (None, ..) => "-".into(),
        (Some(version), ..) if serving.disagreement.is_some() => {
            format!("{version}, {alias} {}", serving.aliased.map_or("-".into(), |aliased| aliased.to_string()))
        }
        (Some(version), Some(ServingBy::Alias), _) => format!("{version} ({alias})"),
        (Some(version), ..) => version.to_string(),
    }
}

impl View for VersionList {
    fn text(&self, screen: &Screen) -> String {
        const COLUMNS: [Column; 5] =
            [Column::Number("VERSION"), Column::Text("STAGE"), Column::Text("ALIASES"), Column::Text("QUALITY"), Column::Text("CREATED")];
        let row = |version: &VersionSummary| {
            let aliases = if version.aliases.is_empty() { "-".into() } else { version.aliases.join(" ") };
            vec![version.version.to_string(), life(version), aliases, quality(version), minute(version.created_at.0)]
        };
        table(&COLUMNS, &self.items.iter().map(row).collect::<Vec<_>>(), screen)
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|version| format!("{}@{}", version.name, version.version)).collect()
    }

    fn next(&self) -> Vec<Hint> {
        self.names().first().map(|newest| commands::models_show(newest).into()).into_iter().collect()
    }
}

/// The stage; of a version that was not registered whole that it was not.
fn life(version: &VersionSummary) -> String {
    match version.registration.is_ready() {
        true => version.stage.as_str().into(),
        false => format!("{}, {}", version.stage.as_str(), version.registration),
    }
}

/// Where a version is in its life: its stage, or of one without a stage why it was chosen, such as by its alias.
pub fn standing(stage: Stage, chosen_as: &str) -> &str {
    if stage == Stage::None { chosen_as } else { stage.as_str() }
}

/// The one number that says how good a version is, by what it has.
fn quality(version: &VersionSummary) -> String {
    let has = |name: &str| version.metrics.get(name).copied();
    match (has("mae_pct").or(has("mae_percentage")), has("precision"), has("wape")) {
        (Some(percent), ..) => format!("MAE {} %", metric(Some(percent))),
        (None, Some(precision), _) => format!("precision {}", metric(Some(precision))),
        (None, None, Some(percent)) => format!("WAPE {} %", metric(Some(percent))),
        (None, None, None) => "-".into(),
    }
}

impl View for ModelDetails {
    fn text(&self, screen: &Screen) -> String {
        let version = &self.version;
        let mut text = format!("{}@{} ({})\n\n", sanitize::line(&version.name), version.version, self.chosen_as);
        for (name, value) in facts(self) {
            let _ = writeln!(text, "{name:<11} {}", sanitize::line(&value));
        }
        text.push_str(&metrics_text(self, screen));
        if let Some(learned) = &self.forecaster {
            let _ = write!(text, "\nWays of forecasting, at the moments that judged\n{}", train::candidates_table(learned, screen));
        }
        text.push_str(&by_task_type(self, screen));
        text.push_str(&importances(self, screen));
        text.push_str(&artifacts_text(self, screen));
        if self.serving.version != Some(version.version) {
            let _ = writeln!(text, "\nServices do not use this version: {}.", why_not(self));
        }
        text
    }

    fn warnings(&self) -> Vec<String> {
        faults(&self.version.name, &self.serving).collect()
    }

    fn names(&self) -> Vec<String> {
        vec![format!("{}@{}", self.version.name, self.version.version)]
    }
}

/// Why services do not use a version.
fn why_not(shown: &ModelDetails) -> String {
    let place = if shown.version.stage == Stage::None { "no stage" } else { shown.version.stage.as_str() };
    match (&shown.serving.by, shown.serving.version) {
        (Some(ServingBy::Alias), Some(serves)) => format!("the alias {} names version {serves}", sanitize::line(&shown.serving.alias)),
        _ => format!("it is in {place}"),
    }
}

/// The stage; where aliases alone tell what serves, that they do.
fn stage(shown: &ModelDetails) -> String {
    match (shown.version.stage, shown.serving.by) {
        (Stage::None, Some(ServingBy::Alias)) => format!("none; the alias {} tells what serves", shown.serving.alias),
        _ => life(&shown.version),
    }
}

fn facts(shown: &ModelDetails) -> Vec<(&'static str, String)> {
    let version = &shown.version;
    let mut facts: Vec<(&str, String)> = vec![
        ("stage", stage(shown)),
        ("aliases", if version.aliases.is_empty() { "-".into() } else { version.aliases.join(" ") }),
        ("created", format!("{} UTC", minute(version.created_at.0))),
        ("run", version.run_id.clone().unwrap_or_else(|| "-".into())),
    ];
    if shown.metrics_claimed {
        facts.push(("metrics", format!("claimed at register, measured by nobody; `{}` measures them", commands::validate())));
    } else if let Some(on) = &shown.measured_on {
        facts.push(("metrics", format!("measured on {on}")));
    }
    if let Some(rounds) = &shown.rounds_summary {
        facts.push(("rounds", rounds.clone()));
    }
    if let Some(reason) = shown.tags.get(FORCED_TAG) {
        facts.push(("forced", format!("past what would have refused it: {reason}")));
    }
    if let (Some(window), Some(samples)) = (&shown.training_window, &shown.samples) {
        let [from, judged, to] = [window.from, window.holdout_from, window.to].map(|time| minute(time.0));
        let what = match &shown.forecaster {
            None => "tickets".to_owned(),
            Some(learned) => {
                let words = |seconds: u64| in_words(Duration::from_secs(seconds));
                let (bucket, ahead) = (words(learned.bucket_seconds), words(learned.horizon_seconds));
                facts.push(("forecasts", format!("{ahead} ahead in buckets of {bucket}, from {} tickets", count(samples.used))));
                "buckets".to_owned()
            }
        };
        facts.push(("trained on", format!("{} {what} from {from} to {judged} UTC", count(samples.train))));
        facts.push(("judged on", format!("{} {what} from {judged} to {to} UTC", count(samples.holdout))));
    }
    if let Some(schema) = &shown.schema {
        let fingerprint = schema.fingerprint.get(..12).unwrap_or(&schema.fingerprint);
        facts.push(("features", format!("{} ({}), {fingerprint}", schema.name, schema.features.len())));
    }
    if let Some(told) = &shown.instructions {
        let fields = [("requester", &told.requester_field), ("executable", &told.executable_field), ("size", &told.size_field)];
        let named = fields.into_iter().filter_map(|(what, path)| Some(format!("{what} {}", path.as_ref()?)));
        let named: Vec<String> = named.collect();
        facts.push(("fields", if named.is_empty() { "none".into() } else { named.join(", ") }));
        facts.push(("labels", format!("{} of {}", told.label, told.status.join(", "))));
    }
    if shown.synthetic == Some(true) {
        facts.push(("data", "synthetic".into()));
    }
    let joined = |words: &[String]| if words.is_empty() { "not recorded".into() } else { words.join(", ") };
    let described = [("flavor", &shown.flavors), ("takes", &shown.inputs), ("gives", &shown.outputs)];
    facts.extend(described.into_iter().filter_map(|(name, words)| Some((name, joined(words.as_ref()?)))));
    facts
}

fn artifacts_text(version: &ModelDetails, screen: &Screen) -> String {
    if version.artifacts.is_empty() {
        return format!("\nits files were not recorded when it was registered; `{}` looks at them\n", commands::models_verify());
    }
    let digest = |sha256: &str| if screen.all_columns { sha256.to_owned() } else { sha256.chars().take(12).collect() };
    let rows: Vec<Vec<String>> = version
        .artifacts
        .iter()
        .map(|artifact| vec![artifact.path.clone(), bytes(artifact.size_bytes), digest(&artifact.sha256)])
        .collect();
    format!("\nArtifacts\n{}", table(&[Column::Text("PATH"), Column::Number("SIZE"), Column::Text("SHA256")], &rows, screen))
}

/// Metrics, and the names under which the running system reads the same numbers.
const SECOND_NAMES: [(&str, &str); 2] = [("mae_pct", "mae_percentage"), ("f1", "f1_score")];

/// Errors of durations, which hivectl logs in milliseconds.
const IN_MILLISECONDS: [&str; 7] =
    ["bias", "interval_mean_width", "mae", "median_absolute_error", "out_of_bag_mae", "p90_absolute_error", "rmse"];

/// Of a model of load: shares, and what is counted as tickets a bucket.
const SHARES_OF_LOAD: [&str; 6] = ["coverage_80", "coverage_95", "mape", "skill", "smape", "wape"];
const LOAD_IN_TICKETS: [&str; 6] = ["bias", "mae", "pinball", "rmse", "width_80", "width_95"];

/// A metric with its unit. What another tool logged as `mae` may be in any.
fn with_unit(name: &str, value: f64, shown: &ModelDetails) -> String {
    let (is_own, is_load) = (shown.schema.is_some(), shown.forecaster.is_some());
    let number = metric(Some(value));
    match name {
        "mae_pct" | "mae_percentage" => format!("{number} %"),
        _ if is_load && SHARES_OF_LOAD.contains(&name) => format!("{number} %"),
        _ if is_load && LOAD_IN_TICKETS.contains(&name) => format!("{number} tickets"),
        _ if is_own && !is_load && IN_MILLISECONDS.contains(&name) => milliseconds(value),
        _ => number,
    }
}

fn metrics_text(shown: &ModelDetails, screen: &Screen) -> String {
    let mut text = String::new();
    if let Some(gate) = &shown.gate {
        text.push_str("\nGate\n");
        text.push_str(&train::gate_table(gate, screen));
    }
    let metrics = &shown.version.metrics;
    if metrics.is_empty() {
        return format!("{text}\nno metrics are recorded; `{}` measures them\n", commands::validate());
    }
    text.push_str("\nMetrics\n");
    let is_second = |name: &str| SECOND_NAMES.iter().any(|(own, second)| *second == name && metrics.get(*own) == metrics.get(name));
    let told = metrics.iter().filter(|(name, _)| !is_second(name));
    let rows: Vec<Vec<String>> = told.map(|(name, value)| vec![name.clone(), with_unit(name, *value, shown)]).collect();
    text.push_str(&table(&[Column::Text("METRIC"), Column::Number("VALUE")], &rows, screen));
    text
}

fn by_task_type(shown: &ModelDetails, screen: &Screen) -> String {
    if shown.by_task_type.is_empty() {
        return String::new();
    }
    const COLUMNS: [Column; 5] =
        [Column::Text("TASK-TYPE"), Column::Number("TICKETS"), Column::Number("MAE"), Column::Number("MAE-%"), Column::Number("BIAS")];
    let row = |(name, errors): (&String, &RegressionErrors)| {
        let name = if name.is_empty() { "-".to_owned() } else { name.clone() };
        vec![name, count(errors.count as i64), milliseconds(errors.mae), metric(errors.mae_pct), milliseconds(errors.bias)]
    };
    let rows: Vec<Vec<String>> = shown.by_task_type.iter().map(row).collect();
    format!("\nOn the tickets that judge, by task type\n{}", table(&COLUMNS, &rows, screen))
}

fn importances(shown: &ModelDetails, screen: &Screen) -> String {
    if shown.importances.is_empty() {
        return String::new();
    }
    let largest = shown.importances.iter().map(|importance| importance.value).fold(f64::MIN_POSITIVE, f64::max);
    let most = if screen.all_columns { shown.importances.len() } else { 10 };
    let mut text = String::from("\nWhat the model looks at (share of the gain)\n");
    for importance in shown.importances.iter().take(most) {
        let _ = writeln!(
            text,
            "{:<28} {:>5.1} %{}",
            importance.feature,
            importance.value * 100.0,
            // A narrow screen has room for the numbers alone.
            match screen.width.is_none_or(|width| width >= 64) {
                true => format!(" {}", bar(importance.value / largest, 24, screen)),
                false => String::new(),
            }
        );
    }
    text
}
