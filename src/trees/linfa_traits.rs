//! The learners as linfa knows them: `parameters.fit(&dataset)`, `ensemble.predict(&records)`.
//!
//! Records are 64-bit floats here and compared as 32-bit ones, as everywhere in this room. linfa's traits
//! carry no number of threads; they use one. [`fit_forest`](super::fit_forest) and its siblings take more.

use linfa::dataset::{AsSingleTargets, DatasetBase};
use linfa::traits::{Fit, PredictInplace};
use ndarray::{Array1, ArrayBase, Data, Ix2};

use super::boosting::{BoostingValidParams, FittedBoosting, fit_boosting};
use super::ensemble::TreeEnsemble;
use super::forest::{FittedForest, RandomForestValidParams, fit_forest};
use super::isolation::{FittedIsolation, IsolationForestValidParams, fit_isolation};
use super::matrix::Columns;
use super::scorer::Scorer;
use crate::error::{Error, ErrorKind, Result};

/// Records as columns of 32-bit floats.
struct Records {
    columns: Vec<Vec<f32>>,
    rows: usize,
}

impl Records {
    fn of<D: Data<Elem = f64>>(records: &ArrayBase<D, Ix2>) -> Self {
        Records {
            columns: records.columns().into_iter().map(|column| column.iter().map(|&value| value as f32).collect()).collect(),
            rows: records.nrows(),
        }
    }

    fn columns(&self) -> Result<Columns<'_>> {
        Columns::new(self.columns.iter().map(Vec::as_slice).collect(), self.rows)
    }
}

/// The targets of a dataset without row weights.
fn targets<D: Data<Elem = f64>, T: AsSingleTargets<Elem = f64>>(dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<Vec<f64>> {
    if let Some(row) = dataset.weights().and_then(|weights| weights.iter().position(|&weight| weight != 1.0)) {
        return Err(Error::new(ErrorKind::BadInput, format!("row {} has a weight other than 1", row + 1))
            .because("row weights are not supported")
            .hint("leave out rows of weight 0 and repeat rows of weight 2 before training"));
    }
    Ok(dataset.targets().as_single_targets().to_vec())
}

impl<D: Data<Elem = f64>, T: AsSingleTargets<Elem = f64>> Fit<ArrayBase<D, Ix2>, T, Error> for RandomForestValidParams {
    type Object = FittedForest;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<FittedForest> {
        fit_forest(self, &Records::of(dataset.records()).columns()?, &targets(dataset)?, 1, &|_| {})
    }
}

impl<D: Data<Elem = f64>, T: AsSingleTargets<Elem = f64>> Fit<ArrayBase<D, Ix2>, T, Error> for BoostingValidParams {
    type Object = FittedBoosting;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<FittedBoosting> {
        fit_boosting(self, &Records::of(dataset.records()).columns()?, &targets(dataset)?, 1, &|_| {})
    }
}

/// Isolation forests look at the records alone.
impl<D: Data<Elem = f64>, T> Fit<ArrayBase<D, Ix2>, T, Error> for IsolationForestValidParams {
    type Object = FittedIsolation;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<FittedIsolation> {
        fit_isolation(self, &Records::of(dataset.records()).columns()?, 1, &|_| {})
    }
}

/// The answer of [`Scorer::score_row`] for each record.
impl<D: Data<Elem = f64>> PredictInplace<ArrayBase<D, Ix2>, Array1<f64>> for TreeEnsemble {
    /// Panics if the number of columns differs from the ensemble's or its check fails, as linfa's models do.
    fn predict_inplace(&self, records: &ArrayBase<D, Ix2>, targets: &mut Array1<f64>) {
        let records = Records::of(records);
        let scores = records.columns().and_then(|columns| Scorer::new(self)?.score(&columns, 1));
        match scores {
            Ok(scores) => targets.iter_mut().zip(scores.chunks(self.outputs)).for_each(|(target, scores)| *target = scores[0]),
            Err(error) => panic!("{error}"),
        }
    }

    fn default_target(&self, records: &ArrayBase<D, Ix2>) -> Array1<f64> {
        Array1::zeros(records.nrows())
    }
}

#[cfg(test)]
mod tests {
    use linfa::prelude::*;
    use linfa::traits::{Fit, Predict};
    use ndarray::{Array1, Array2};

    use crate::error::{Error, ErrorKind};
    use crate::trees::{BoostingParams, IsolationForestParams, RandomForestParams};

    #[test]
    fn the_learners_are_linfas() -> Result<(), Error> {
        let records = Array2::from_shape_fn((300, 2), |(row, column)| (row * (column + 1) % 17) as f64);
        let targets: Array1<f64> = records.rows().into_iter().map(|row| row[0] * 10.0 + row[1]).collect();
        let dataset = Dataset::new(records.clone(), targets.clone());
        let forest = RandomForestParams::new().trees(30).fit(&dataset)?;
        let boosted = BoostingParams::new().rounds(50).fit(&dataset)?;
        for ensemble in [&forest.ensemble, &boosted.ensemble] {
            let predictions: Array1<f64> = ensemble.predict(&records);
            let error = (&predictions - &targets).mapv(f64::abs).mean().unwrap_or(f64::NAN);
            assert!(error < 5.0, "{error}");
        }
        assert_eq!(IsolationForestParams::new().trees(5).fit(&dataset)?.training_scores.len(), 300);
        Ok(())
    }

    #[test]
    fn row_weights_are_refused() {
        let mut dataset = Dataset::new(Array2::zeros((3, 1)), Array1::from_vec(vec![1.0, 2.0, 3.0]));
        dataset = dataset.with_weights(Array1::from_vec(vec![1.0, 0.0, 1.0]));
        let refused: Result<_, Error> = RandomForestParams::new().fit(&dataset);
        let error = refused.expect_err("a weight of 0");
        assert_eq!(error.kind(), ErrorKind::BadInput);
        assert!(error.message().contains("row 2"), "{error}");
    }
}
