//! A model that another tool made, told by its trees: taken for the kind that answers in the same form.

use super::catalogue::{Catalogue, Kind};
use super::estimator::Estimator;
use super::kind::AnswerForm;
use crate::base::commands;
use crate::error::{Error, ErrorKind, Result};
use crate::features::{Configuration, FeatureSchema};
use crate::trees::{EnsembleTask, TreeEnsemble};

/// Where MLflow's flavors keep the trees, the surest form first.
const USUAL_PLACES: [&str; 9] =
    ["model.pkl", "model.skops", "model.onnx", "model.xgb", "model.ubj", "model.json", "model.lgb", "model.txt", "data/model.onnx"];

/// Endings of files that can only be a model.
const ENDINGS: [&str; 5] = [".pkl", ".joblib", ".skops", ".onnx", ".ubj"];

/// What the trees of a file answer, whoever made them, and so whose gate judges them.
///
/// ```
/// use hivectl::kinds::external::TreesTask;
/// assert_eq!(TreesTask::Classifier.gate(), "specialist");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum TreesTask {
    Regression,
    Anomaly,
    Classifier,
}

impl TreesTask {
    /// What these trees answer.
    pub fn of(trees: &TreeEnsemble) -> TreesTask {
        match trees.task {
            EnsembleTask::Regression | EnsembleTask::Transformed(_) => TreesTask::Regression,
            EnsembleTask::Isolation(_) => TreesTask::Anomaly,
            EnsembleTask::Classification { .. } => TreesTask::Classifier,
        }
    }

    /// The kind whose gate judges them, where nothing else is known of them.
    pub fn gate(self) -> &'static str {
        match self {
            TreesTask::Regression => "duration",
            TreesTask::Anomaly => "anomaly",
            TreesTask::Classifier => "specialist",
        }
    }
}

/// Trees whose features hivectl makes, and what they are taken for.
///
/// ```
/// use hivectl::kinds::{Catalogue, external::adopt};
/// # use hivectl::features::FeatureSchema;
/// # use hivectl::trees::{EnsembleTask, Tree, TreeEnsemble};
/// # let leaf = Tree {
/// #     feature: vec![0], threshold: vec![0.0], left: vec![Tree::LEAF], right: vec![Tree::LEAF], missing_left: vec![false],
/// #     value: vec![60_000.0], rows: vec![1], weight: vec![1.0], impurity: vec![0.0], gain: vec![0.0], categorical: Vec::new(),
/// # };
/// # let trees = TreeEnsemble::averaged(EnsembleTask::Regression, FeatureSchema::reference().names(), 1, vec![leaf]);
/// let external = adopt(&Catalogue::all(), trees, "model.pkl of m@1")?;
/// assert_eq!((external.kind.word(), external.features_assumed), ("duration", false));
/// # Ok::<(), hivectl::error::Error>(())
/// ```
pub struct External {
    pub kind: Kind,
    pub schema: FeatureSchema,
    pub estimator: Box<dyn Estimator>,
    /// The trees name no features.
    pub features_assumed: bool,
}

/// The place of the file with the trees among these paths, whichever tool wrote it.
///
/// ```
/// let paths = ["MLmodel".to_owned(), "model.pkl".to_owned()];
/// assert_eq!(hivectl::kinds::external::place_of_trees(&paths), Some(1));
/// ```
pub fn place_of_trees(paths: &[String]) -> Option<usize> {
    let usual = USUAL_PLACES.into_iter().find_map(|place| paths.iter().position(|path| path == place));
    usual.or_else(|| paths.iter().position(|path| ENDINGS.iter().any(|ending| path.ends_with(ending))))
}

/// Takes trees for a model of the catalogue; `origin` is the file they stand in, `model.pkl of NAME@7`.
///
/// Errors: [`ErrorKind::BadModelFile`] for trees that tell classes; [`ErrorKind::SchemaMismatch`] for features that
/// hivectl does not make.
pub fn adopt(kinds: &Catalogue, mut trees: TreeEnsemble, origin: &str) -> Result<External> {
    if trees.outputs > 1 && TreesTask::of(&trees) == TreesTask::Regression {
        return Err(Error::new(ErrorKind::BadModelFile, format!("{origin} answers {} targets of a row", trees.outputs))
            .because("of a ticket one duration is asked"));
    }
    let form = match trees.task {
        EnsembleTask::Regression | EnsembleTask::Transformed(_) => Some(AnswerForm::DurationMs),
        EnsembleTask::Isolation(_) => Some(AnswerForm::Mark),
        EnsembleTask::Classification { .. } => None,
    };
    let kind = form.and_then(|form| kinds.answering(form)).ok_or_else(|| tells_classes(origin))?;
    let (schema, features_assumed) = schema_of(&trees)?;
    // Trees that name the columns in another order look at the same ones.
    if !features_assumed {
        trees.reorder(&schema.names());
    }
    let estimator = kind.adopt(trees).ok_or_else(|| tells_classes(origin))?;
    Ok(External { kind: kind.clone(), schema, estimator, features_assumed })
}

/// Gives trees without names those of the signature; `columns` is empty where there is none.
///
/// Errors: [`ErrorKind::Usage`] where trees and signature name different columns, with both lists.
pub fn name_by_signature(trees: &mut TreeEnsemble, columns: &[String]) -> Result<()> {
    // LightGBM writes what its text cannot hold as `_`.
    let plain = |names: &[String]| -> Vec<String> {
        names.iter().map(|name| name.replace(|letter: char| !letter.is_alphanumeric(), "_")).collect()
    };
    match columns {
        [] => {}
        _ if columns.len() == trees.features() && has_made_up_names(&trees.feature_names) => trees.feature_names = columns.to_vec(),
        _ if plain(columns) == plain(&trees.feature_names) => trees.feature_names = columns.to_vec(),
        _ => {
            return Err(Error::new(ErrorKind::Usage, "the signature and the trees name different columns")
                .because(format!("the signature: {}", columns.join(", ")))
                .because(format!("the trees: {}", trees.feature_names.join(", "))));
        }
    }
    Ok(())
}

/// Whether the names tell nothing but the place of each column.
pub fn has_made_up_names(names: &[String]) -> bool {
    let made_up =
        |(place, name): (usize, &String)| ["feature_", "Column_", "f", "x"].iter().any(|prefix| *name == format!("{prefix}{place}"));
    names.iter().enumerate().all(made_up)
}

fn tells_classes(origin: &str) -> Error {
    Error::new(ErrorKind::BadModelFile, format!("{origin} tells classes"))
        .because("models of durations and anomaly detectors can be run on tickets")
}

/// The schema with these names in any order; trees without names and with as many features as the running
/// system has are taken for its own.
fn schema_of(trees: &TreeEnsemble) -> Result<(FeatureSchema, bool)> {
    let sorted = |names: &[String]| {
        let mut names = names.to_vec();
        names.sort_unstable();
        names
    };
    let (names, wanted) = (&trees.feature_names, sorted(&trees.feature_names));
    let bases = [FeatureSchema::reference(), FeatureSchema::named("extended", Configuration::default())?];
    for base in bases {
        for schema in [base.clone(), base.with_outcome()] {
            if sorted(&schema.names()) == wanted {
                return Ok((schema, false));
            }
        }
    }
    let reference = FeatureSchema::reference();
    if names.len() == reference.len() && has_made_up_names(names) {
        return Ok((reference, true));
    }
    let known = reference.names();
    let stranger = names.iter().find(|name| !known.contains(name)).map_or("one of them".into(), |name| format!("'{name}'"));
    Err(Error::new(ErrorKind::SchemaMismatch, format!("the {} features of the trees are not those that hivectl makes", names.len()))
        .because(format!("{stranger} is not of 'reference' or 'extended'"))
        .hint(("train a model on the same tickets with `", commands::train(), "`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_told_by_names_or_where_there_are_none_by_their_number() {
        let reference = FeatureSchema::reference();
        let trees = |names: &[String]| TreeEnsemble::averaged(EnsembleTask::Regression, names.to_vec(), 1, Vec::new());
        let schema_of = |names: &[String]| schema_of(&trees(names));
        assert_eq!(schema_of(&reference.names()).expect("known"), (reference.clone(), false));
        let unnamed: Vec<String> = (0..15).map(|place| format!("feature_{place}")).collect();
        assert_eq!(schema_of(&unnamed).expect("as many"), (reference.clone(), true));
        assert_eq!(schema_of(&unnamed[..14]).expect_err("one less").kind(), ErrorKind::SchemaMismatch);
        let mut turned = reference.names();
        turned.swap(0, 1);
        assert_eq!(schema_of(&turned).expect("another order"), (reference.clone(), false));
        turned[0] = turned[1].clone();
        assert_eq!(schema_of(&turned).expect_err("one of them twice").kind(), ErrorKind::SchemaMismatch);
        let outcome = reference.with_outcome();
        assert_eq!(schema_of(&outcome.names()).expect("known"), (outcome, false));
    }

    #[test]
    fn a_signature_names_trees_that_have_no_names_and_no_others() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let named = |own: &[&str], signature: &[&str]| {
            let mut trees = TreeEnsemble::averaged(EnsembleTask::Regression, names(own), 1, Vec::new());
            name_by_signature(&mut trees, &names(signature)).map(|()| trees.feature_names)
        };
        assert_eq!(named(&["f0", "f1"], &["b", "a"]).expect("named"), ["b", "a"]);
        assert_eq!(named(&["queue_length", "a"], &["queue length", "a"]).expect("the same"), ["queue length", "a"]);
        assert_eq!(named(&["a", "b"], &[]).expect("no signature"), ["a", "b"]);
        assert_eq!(named(&["a", "b"], &["b", "a"]).expect_err("another order").kind(), ErrorKind::Usage);
        assert_eq!(named(&["f0"], &["a", "b"]).expect_err("more").kind(), ErrorKind::Usage);
    }
}
