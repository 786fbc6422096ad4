//! The ids that `MLmodel` names: those of the registry that keeps it, because MLflow asks that registry for them.

/// MLflow's description of a package.
pub(in crate::registry) const MLMODEL: &str = "MLmodel";

/// Where a package is kept.
pub(in crate::registry) struct ModelIds<'a> {
    pub(in crate::registry) run_id: &'a str,
    /// The logged model; servers before MLflow 3 have none.
    pub(in crate::registry) model_id: Option<&'a str>,
    /// Where MLflow finds the files: `models:/m-…`, or the folder of the run.
    pub(in crate::registry) place: &'a str,
}

/// `mlmodel` with these ids in the place of those that it names. What names no logged model knows no place, and stays as
/// it is.
pub(in crate::registry) fn with_ids(mlmodel: &str, ids: &ModelIds<'_>) -> String {
    let Some(former) = declared(mlmodel) else { return mlmodel.to_owned() };
    let place = |line: &str| match key(line) {
        "run_id" => format!("run_id: {}\n", ids.run_id),
        "artifact_path" => format!("artifact_path: {}\n", ids.place),
        // Python would look for a logged model of this name.
        "model_id" => ids.model_id.map(|id| format!("model_id: {id}\n")).unwrap_or_default(),
        "model_uuid" if line.contains(former) => format!("model_uuid: {}\n", ids.model_id.unwrap_or(former)),
        _ => format!("{line}\n"),
    };
    lines(mlmodel).map(place).collect()
}

/// Whether two of them say the same, but for where each is kept.
pub(in crate::registry) fn same_but_for_ids(one: &str, other: &str) -> bool {
    let is_kept = |line: &&str| !["run_id", "artifact_path", "model_id", "model_uuid"].contains(&key(line));
    one == other || lines(one).filter(is_kept).eq(lines(other).filter(is_kept))
}

/// The logged model that it names.
pub(in crate::registry) fn declared(mlmodel: &str) -> Option<&str> {
    mlmodel.lines().find_map(|line| line.strip_prefix("model_id: ")).map(str::trim).filter(|id| id.starts_with("m-"))
}

/// The key of a line that begins a part of the document; nothing for lines within one.
fn key(line: &str) -> &str {
    line.split_once(':').map_or("", |(key, _)| key)
}

/// The lines, without the rest of a place that goes over several.
fn lines(mlmodel: &str) -> impl Iterator<Item = &str> {
    let mut in_place = false;
    mlmodel.lines().filter(move |line| {
        in_place = key(line) == "artifact_path" || (in_place && line.starts_with(' '));
        !in_place || !line.starts_with(' ')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE: &str = "artifact_path: models:/m-1\nflavors:\n  sklearn: {code: null}\nmodel_id: m-1\nmodel_uuid: m-1\nrun_id: r1\nsaved:\n  artifact_path: input_example.json\n";

    #[test]
    fn a_copy_names_where_it_is_and_says_the_same_otherwise() {
        let ids = ModelIds { run_id: "r2", model_id: Some("m-2"), place: "models:/m-2" };
        let copied = with_ids(MADE, &ids);
        let wanted = MADE.replace("m-1", "m-2").replace("r1", "r2");
        assert_eq!(copied, wanted);
        assert!(same_but_for_ids(MADE, &copied) && !same_but_for_ids(MADE, &copied.replace("null", "1")));
        let before_3 = with_ids(MADE, &ModelIds { run_id: "r2", model_id: None, place: "model" });
        assert!(before_3.starts_with("artifact_path: model\n") && !before_3.contains("model_id:"), "{before_3}");
        assert!(same_but_for_ids(MADE, &before_3));
    }

    #[test]
    fn a_place_over_several_lines_is_replaced_whole_and_what_names_no_model_stays() {
        let ids = ModelIds { run_id: "r2", model_id: Some("m-2"), place: "models:/m-2" };
        let long = "artifact_path: /a folder\n  with blanks/m-1\nflavors: {}\nmodel_id: m-1\n";
        assert_eq!(with_ids(long, &ids), "artifact_path: models:/m-2\nflavors: {}\nmodel_id: m-2\n");
        for other in ["", "flavors: {}\nrun_id: r1\n", "{\n  \"flavors\": {}\n}"] {
            assert_eq!(with_ids(other, &ids), other);
        }
    }
}
