//! A model on a table of its own columns: which columns it looks at, and what its library's `predict` says of the rows.

use super::external::has_made_up_names;
use crate::base::number::counted;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::{Format, ReadModel};
use crate::statistics::ClassLabel;
use crate::trees::{EnsembleTask, TreeEnsemble, highest, score_wide, shares};

/// What a model says of rows.
///
/// ```
/// use hivectl::kinds::table_model::TableAnswers;
///
/// assert_eq!(TableAnswers::Numbers(vec![1.5, 2.0]).rows(), 2);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum TableAnswers {
    /// One number a row: a regression.
    Numbers(Vec<f64>),
    /// A regression on several targets: so many numbers a row, row-major.
    Targets { count: usize, numbers: Vec<f64> },
    Classes {
        /// What the model can say, in its own order.
        labels: Vec<ClassLabel>,
        /// The place of each row's class in `labels`: the one of the highest probability, the first of equals.
        chosen: Vec<usize>,
        /// Row-major, one a label.
        probabilities: Vec<f64>,
    },
    /// An isolation forest: whether it marks the row, and its `score_samples`, below 0, lower for what is more unusual.
    Marks { marked: Vec<bool>, scores: Vec<f64> },
}

impl TableAnswers {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        match self {
            TableAnswers::Numbers(numbers) => numbers.len(),
            TableAnswers::Targets { count, numbers } => numbers.len() / count,
            TableAnswers::Classes { chosen, .. } => chosen.len(),
            TableAnswers::Marks { marked, .. } => marked.len(),
        }
    }
}

/// The places of the model's columns among those that a table names, in the model's order.
///
/// A model that names its columns takes them by name, and what else there is is left out. One that names none takes a
/// table of as many columns as it has features, in their order; `names` is empty for a table without names.
///
/// ```
/// use hivectl::kinds::table_model::columns_of;
///
/// let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
/// assert_eq!(columns_of(&names(&["size", "age"]), &names(&["age", "note", "size"]), 3)?, [2, 0]);
/// assert_eq!(columns_of(&names(&["feature_0", "feature_1"]), &names(&["age", "size"]), 2)?, [0, 1]);
/// assert!(columns_of(&names(&["size"]), &names(&["age"]), 1).is_err());
/// assert!(columns_of(&names(&["size"]), &names(&["size", "size"]), 2).is_err());
/// # Ok::<(), hivectl::error::Error>(())
/// ```
///
/// Errors: [`ErrorKind::Usage`] with both lists.
pub fn columns_of(features: &[String], names: &[String], width: usize) -> Result<Vec<usize>> {
    let listed = |names: &[String]| if names.is_empty() { "no names".to_owned() } else { names.join(", ") };
    let unlike = |what: String| {
        Error::new(ErrorKind::Usage, what)
            .because(format!("the model's columns: {}", listed(features)))
            .because(format!("the table's: {}", listed(names)))
    };
    let by_name: Option<Vec<usize>> = features.iter().map(|feature| names.iter().position(|name| name == feature)).collect();
    if let Some(twice) = features.iter().find(|feature| names.iter().filter(|name| name == feature).nth(1).is_some()) {
        return Err(unlike(format!("the table has the column '{twice}' twice, and the model looks at one")));
    }
    match by_name {
        Some(places) if !names.is_empty() => Ok(places),
        _ if (names.is_empty() || has_made_up_names(features)) && width == features.len() => Ok((0..width).collect()),
        _ => {
            let absent = features.iter().find(|feature| !names.contains(feature));
            let what = match absent {
                Some(absent) if !names.is_empty() && !has_made_up_names(features) => {
                    format!("the table has no column '{absent}', which the model looks at")
                }
                _ => format!(
                    "the model names none of its {}, and the table has {}",
                    counted(features.len(), "feature"),
                    counted(width, "column")
                ),
            };
            Err(unlike(what))
        }
    }
}

/// The names of a table's columns as the model's library wrote them: LightGBM keeps no spaces in names, and takes the table that
/// has them. Empty for no names.
///
/// ```
/// use hivectl::formats::Format;
/// use hivectl::kinds::table_model::as_written;
///
/// let names = ["queue length".to_owned()];
/// assert_eq!(as_written(Format::LightgbmText, &names), ["queue_length"]);
/// assert_eq!(as_written(Format::XgboostUbj, &names), names);
/// ```
pub fn as_written(format: Format, names: &[String]) -> Vec<String> {
    let is_lightgbm = format == Format::LightgbmText;
    names.iter().map(|name| if is_lightgbm { name.replace(' ', "_") } else { name.clone() }).collect()
}

/// Chooses again where two probabilities are equal to the last bit, by the sums that they were made of, as CatBoost does.
fn settle_by_sums(ensemble: &TreeEnsemble, columns: &[Vec<f64>], shares: &[f64], chosen: &mut [usize]) -> Result<()> {
    let width = shares.len() / chosen.len().max(1);
    let is_tied = |row: &usize| {
        let shares = &shares[row * width..(row + 1) * width];
        shares.iter().filter(|&&share| share == shares[chosen[*row]]).count() > 1
    };
    let tied: Vec<usize> = (0..chosen.len()).filter(is_tied).collect();
    if tied.is_empty() {
        return Ok(());
    }
    let sums = TreeEnsemble { task: EnsembleTask::Regression, ..ensemble.clone() };
    let columns: Vec<Vec<f64>> = columns.iter().map(|column| tied.iter().map(|&row| column[row]).collect()).collect();
    let said = score_wide(&sums, &columns, 1)?;
    for (row, sums) in tied.into_iter().zip(said.chunks_exact(ensemble.outputs)) {
        chosen[row] = if let [only] = sums { usize::from(*only > 0.0) } else { highest(sums) };
    }
    Ok(())
}

/// What the model says of rows, given one column of values a feature; NaN is missing.
///
/// Errors: those of [`score_wide`].
pub fn answers(model: &ReadModel, columns: &[Vec<f64>], threads: usize) -> Result<TableAnswers> {
    let said = match &model.committee {
        Some(committee) => committee.answers(columns, threads)?,
        None => shares(&model.ensemble, score_wide(&model.ensemble, columns, threads)?),
    };
    Ok(match &model.ensemble.task {
        EnsembleTask::Regression | EnsembleTask::Transformed(_) if model.ensemble.outputs > 1 => {
            TableAnswers::Targets { count: model.ensemble.outputs, numbers: said }
        }
        EnsembleTask::Regression | EnsembleTask::Transformed(_) => TableAnswers::Numbers(said),
        EnsembleTask::Isolation(score) => {
            TableAnswers::Marks { marked: said.iter().map(|&value| score.marks(value)).collect(), scores: said }
        }
        EnsembleTask::Classification { classes, .. } => {
            let mut chosen: Vec<usize> = said.chunks_exact(classes.len()).map(highest).collect();
            if matches!(model.format, Format::CatboostJson | Format::CatboostBinary) {
                settle_by_sums(&model.ensemble, columns, &said, &mut chosen)?;
            }
            TableAnswers::Classes { labels: classes.clone(), chosen, probabilities: said }
        }
    })
}
