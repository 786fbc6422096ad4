//! Lines of other tools as the guides type them: of kubectl, helm, mlflow, Python and the MongoDB shell, each with the
//! command that takes its place. What only looked is answered with what only looks.

use super::former::Former;

/// What a line holds, and what is typed now. The first that fits is meant.
pub struct Line {
    /// Everything that stands in the line, in any order and case.
    holds: &'static [&'static str],
    pub former: Former,
}

/// A line without options of its own.
const fn line(holds: &'static [&'static str], what: &'static str, now: &'static str) -> Line {
    Line { holds, former: Former { names: &[], what, now, options: &[] } }
}

/// The words of kubectl that only look.
const LOOKS: [&str; 5] = ["get", "describe", "logs", "log", "top"];

const RUNS: &str = "shows runs of a training; every training and check is kept here, also one that failed";
const CHECKS: &str = "shows runs of the drift check";
const REGISTRY: &str = "looks whether the registry is up";

/// Lines of kubectl that only look; every one begins with one of [`LOOKS`].
const LOOKING: &[Line] = &[
    line(&["drift-retraining"], RUNS, "hivectl ml jobs list"),
    line(&["drift"], CHECKS, "hivectl ml drift history"),
    line(&["validation"], "shows runs of a validation", "hivectl ml validate --dry-run"),
    line(&["configmap"], "shows settings", "hivectl config list"),
    line(&["secret"], "shows that there are secrets; hivectl names each setting and where it comes from", "hivectl config list"),
    line(&["train"], RUNS, "hivectl ml jobs list"),
    line(&["job"], RUNS, "hivectl ml jobs list"),
    line(&["mlflow"], REGISTRY, "hivectl doctor --check registry"),
    line(&["pod"], "looks whether the pods are up; what they stand on is checked", "hivectl doctor"),
    line(&["deployment"], "looks whether a service is up; what it stands on is checked", "hivectl doctor"),
    line(&[], "looks at the cluster; what the models stand on is checked", "hivectl doctor"),
];

/// Every other line, what names more before what names less.
const LINES: &[Line] = &[
    line(&["kubectl", "edit", "configmap"], "changes settings", "hivectl config set KEY VALUE"),
    line(
        &["kubectl", "scale"],
        "starts more of a service, which stays with kubectl; whether predictions are slow is told by",
        "hivectl doctor",
    ),
    line(&["kubectl", "port-forward", "mlflow"], "opens a way to the registry", "hivectl doctor --check registry"),
    line(
        &["helm ", "ml_enhanced"],
        "switches predictions off or on in the service, which stays with helm",
        "hivectl runbook show emergency-retraining",
    ),
    line(&["mlflow:5000/health"], REGISTRY, "hivectl doctor --check registry"),
    line(&["prometheus", "/api/v1/query"], "asks for a metric; hivectl computes it from what is recorded", "hivectl ml stats"),
    line(&["get_latest_versions", "staging"], "names what is in Staging", "hivectl ml models list --stage staging"),
    line(&["get_latest_versions", "production"], "names what serves", "hivectl ml models list --stage production"),
    line(&["get_latest_versions"], "names the newest versions", "hivectl ml models list"),
    line(&["search_registered_models"], "lists the models", "hivectl ml models list"),
    line(&["search_model_versions"], "lists the versions", "hivectl ml models list"),
    line(&["mlpredictor", "load_models"], "loads the models before they are asked", "hivectl ml models cache warm NAME@VERSION"),
    line(&["predict_duration"], "predicts one ticket", "hivectl ml predict --model duration --tickets PLACE"),
    line(&["update_reference_data"], "makes a new baseline for drift", "hivectl ml drift baseline save NAME@VERSION --tickets PLACE"),
    line(&["getindexes"], "lists the indexes", "hivectl doctor --check mongodb"),
    line(&["createindex"], "makes an index", "hivectl doctor --check mongodb --create-indexes"),
    line(&["test_ml_pipeline_e2e"], "tests the whole pipeline", "hivectl ml train --dry-run --tickets PLACE"),
];

/// The entry of a line that another tool was given; `None` where it is not such a line, or one with a script in it.
pub fn found(words: &[String]) -> Option<&'static Former> {
    let line = words.join(" ").to_ascii_lowercase();
    let fits = |entry: &&Line| entry.holds.iter().all(|part| line.contains(part));
    let looks = words.first().is_some_and(|word| word == "kubectl") && words.iter().any(|word| LOOKS.contains(&word.as_str()));
    let entry = match looks && !words.iter().any(|word| word == "exec" || word == "create") {
        true => LOOKING.iter().find(fits),
        false => LINES.iter().find(fits),
    };
    entry.map(|entry| &entry.former)
}
