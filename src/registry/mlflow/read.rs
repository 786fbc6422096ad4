//! Models and versions as a server tells them, in the words of the house.

use std::collections::{BTreeMap, HashMap};

use super::client::Client;
use super::moves::Moved;
use super::{dto, lease, own_tags};
use crate::error::Result;
use crate::lifecycle::{CHALLENGER, CONTEXT_TAG, ModelSummary, ModelVersion, Registration, RunDataset, RunRecord, ServingRule, Stage};

/// MLflow keeps prompts in the same tables; this tag tells them.
const PROMPT_TAG: &str = "mlflow.prompt.is_prompt";

/// Runs that are asked for in one request.
const RUNS_A_REQUEST: usize = 100;

/// All models by name, with the versions that a list shows.
pub(super) fn summaries(client: &Client, rule: &ServingRule) -> Result<Vec<ModelSummary>> {
    Ok(everything(client)?.into_iter().map(|(model, versions)| summary(&model, versions, rule)).collect())
}

/// All versions of all models, by name, newest first; without what only runs know.
pub(super) fn all_versions(client: &Client) -> Result<Vec<ModelVersion>> {
    let mut all = Vec::new();
    for (model, versions) in everything(client)? {
        let from = all.len();
        all.extend(versions.into_iter().filter_map(|version| version_from(version, &model.aliases)));
        all[from..].sort_by_key(|version| std::cmp::Reverse(version.version));
    }
    Ok(all)
}

/// All models by name, each with all its versions.
///
/// Two questions, asked at once because each takes a server seconds when it has thousands of versions: models
/// know names and aliases, versions everything else. No run is asked for.
fn everything(client: &Client) -> Result<Vec<(dto::RegisteredModel, Vec<dto::Version>)>> {
    let operation = "list the models";
    let (models, versions) = std::thread::scope(|scope| {
        let models = scope.spawn(|| client.models(None, operation));
        let versions = client.model_versions(None, operation);
        (models.join(), versions)
    });
    let models = models.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    let mut found: HashMap<String, Vec<dto::Version>> = HashMap::new();
    for version in versions? {
        found.entry(version.name.clone()).or_default().push(version);
    }
    let shown = models.into_iter().filter(is_shown);
    let mut all: Vec<(dto::RegisteredModel, Vec<dto::Version>)> = shown
        .map(|model| {
            let versions = found.remove(&model.name).unwrap_or_default();
            (model, versions)
        })
        .collect();
    all.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
    Ok(all)
}

fn is_shown(model: &dto::RegisteredModel) -> bool {
    let is_prompt = model.tags.iter().any(|tag| tag.key == PROMPT_TAG && tag.value.eq_ignore_ascii_case("true"));
    !is_prompt && !lease::is_lease(&model.name)
}

/// Only the versions that a summary tells of are read whole: there may be thousands.
fn summary(model: &dto::RegisteredModel, versions: Vec<dto::Version>, rule: &ServingRule) -> ModelSummary {
    let newest = |stage: Option<Stage>| {
        versions.iter().filter(|version| stage.is_none_or(|stage| stage_of(version) == stage)).map(|version| version.version).max()
    };
    let mut told: Vec<i64> = [None, Some(Stage::Staging)].into_iter().filter_map(newest).collect();
    told.extend(versions.iter().filter(|version| Registration::from_word(&version.status).is_ready()).map(|version| version.version).max());
    told.extend(versions.iter().filter(|version| stage_of(version) == Stage::Production).map(|version| version.version));
    told.extend(model.aliases.iter().filter(|alias| alias.alias == rule.alias || alias.alias == CHALLENGER).map(|alias| alias.version));
    let tags = model.tags.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect();
    let count = u32::try_from(versions.len()).unwrap_or(u32::MAX);
    let lost = lost_alias(model, rule, |number| versions.iter().any(|version| version.version == number));
    let told = versions.into_iter().filter(|version| told.contains(&version.version));
    let told = told.filter_map(|version| version_from(version, &model.aliases)).map(|version| Moved::from_version(version).version);
    ModelSummary { tags, ..ModelSummary::of(model.name.clone(), &told.collect::<Vec<_>>(), count, rule, lost) }
}

/// The version that the serving alias of a model names though it is not there.
pub(super) fn lost_alias(model: &dto::RegisteredModel, rule: &ServingRule, is_there: impl Fn(i64) -> bool) -> Option<u32> {
    let lost = model.aliases.iter().find(|alias| alias.alias == rule.alias && !is_there(alias.version))?;
    u32::try_from(lost.version).ok()
}

/// All versions of one model with their moves, newest first, with the metrics of those that other tools made.
pub(super) fn versions(client: &Client, name: &str) -> Result<Vec<Moved>> {
    let mut versions = bare_versions(client, name)?;
    add_what_runs_say(client, &mut versions)?;
    Ok(versions.into_iter().map(Moved::from_version).collect())
}

/// As [`versions`], without what only runs know: all that a change of stages needs.
pub(super) fn moved_versions(client: &Client, name: &str) -> Result<Vec<Moved>> {
    Ok(bare_versions(client, name)?.into_iter().map(Moved::from_version).collect())
}

fn bare_versions(client: &Client, name: &str) -> Result<Vec<ModelVersion>> {
    let Some(model) = client.model(name)?.filter(is_shown) else { return Ok(Vec::new()) };
    let found = client.model_versions(Some(format!("name = '{name}'")), &format!("list the versions of '{name}'"))?;
    // Some databases compare names without regard to case.
    let found = found.into_iter().filter(|version| version.name == name);
    let mut versions: Vec<ModelVersion> = found.filter_map(|version| version_from(version, &model.aliases)).collect();
    versions.sort_by_key(|version| std::cmp::Reverse(version.version));
    Ok(versions)
}

/// Metrics and parameters of versions that have none recorded: those of their runs, many in one request.
fn add_what_runs_say(client: &Client, versions: &mut [ModelVersion]) -> Result<()> {
    let is_bare = |version: &ModelVersion| version.artifacts.is_empty() && version.metrics.is_empty() && version.params.is_empty();
    let mut run_ids: Vec<String> =
        versions.iter().filter(|version| is_bare(version)).filter_map(|version| version.run_id.clone()).collect();
    run_ids.sort_unstable();
    run_ids.dedup();
    if run_ids.is_empty() {
        return Ok(());
    }
    let mut runs: BTreeMap<String, RunRecord> = BTreeMap::new();
    if let [only] = run_ids.as_slice() {
        runs.extend(client.run(only)?.map(|run| (only.clone(), run_from(run, String::new()))));
    } else {
        let experiments = client.experiments()?;
        for some in run_ids.chunks(RUNS_A_REQUEST) {
            let list: Vec<String> = some.iter().map(|run_id| format!("'{run_id}'")).collect();
            let filter = format!("attributes.run_id IN ({})", list.join(", "));
            let found = client.runs(&experiments, &filter, "read the runs of the versions")?;
            runs.extend(found.into_iter().map(|run| (run.info.run_id.clone(), run_from(run, String::new()))));
        }
    }
    for version in versions.iter_mut().filter(|version| is_bare(version)) {
        if let Some(run) = version.run_id.as_ref().and_then(|run_id| runs.get(run_id)) {
            version.metrics.clone_from(&run.metrics);
            version.params.clone_from(&run.params);
        }
    }
    Ok(())
}

/// One run as the house knows runs.
pub(super) fn run_from(run: dto::Run, experiment: String) -> RunRecord {
    let pairs = |pairs: Vec<dto::Pair>| pairs.into_iter().map(|pair| (pair.key, pair.value)).collect();
    RunRecord {
        run_id: run.info.run_id,
        experiment,
        run_name: run.info.run_name,
        started_at: run.info.start_time,
        ended_at: run.info.end_time,
        params: pairs(run.data.params),
        metrics: run.data.metrics.into_iter().filter(|metric| metric.value.is_finite()).map(|metric| (metric.key, metric.value)).collect(),
        tags: pairs(run.data.tags),
        datasets: run.inputs.dataset_inputs.into_iter().map(dataset_from).collect(),
    }
}

fn dataset_from(input: dto::DatasetInput) -> RunDataset {
    let dto::DatasetInput { dataset, tags } = input;
    let dto::Dataset { name, digest, source_type, source, schema, profile } = dataset;
    let context = tags.into_iter().find(|tag| tag.key == CONTEXT_TAG).map(|tag| tag.value).unwrap_or_default();
    let told = |text: Option<String>| text.filter(|text| !text.is_empty());
    RunDataset { name, digest, source_type, source, schema: told(schema), profile: told(profile), context }
}

fn stage_of(version: &dto::Version) -> Stage {
    // MLflow itself knows four; a word of another tool is a version that serves nothing.
    version.current_stage.parse().unwrap_or(Stage::None)
}

/// One version; `None` for a number that is none.
pub(super) fn version_from(version: dto::Version, aliases: &[dto::Alias]) -> Option<ModelVersion> {
    let number = u32::try_from(version.version).ok().filter(|number| *number > 0)?;
    let stage = stage_of(&version);
    let mut tags: BTreeMap<String, String> = version.tags.into_iter().map(|tag| (tag.key, tag.value)).collect();
    let recorded = own_tags::take(&mut tags);
    let mut aliases: Vec<String> =
        aliases.iter().filter(|alias| alias.version == version.version).map(|alias| alias.alias.clone()).collect();
    aliases.sort_unstable();
    Some(ModelVersion {
        name: version.name,
        version: number,
        stage,
        aliases,
        created_at: version.creation_timestamp,
        updated_at: version.last_updated_timestamp.max(version.creation_timestamp),
        description: version.description,
        run_id: Some(version.run_id).filter(|run_id| !run_id.is_empty()),
        source: version.source,
        metrics: recorded.metrics.unwrap_or_default(),
        params: recorded.params.unwrap_or_default(),
        tags,
        artifacts: recorded.artifacts,
        registration: Registration::from_word(&version.status),
    })
}
