//! Boosting against XGBoost and against its own aims.

use super::support::*;

use hivectl::trees::{BoostingParams, EarlyStopping, Objective, Scorer, fit_boosting};
use linfa::ParamGuard;

#[test]
fn boosting_gains_and_leaves_are_xgboosts() {
    let (Some(model), Some(predictions)) = (oracle("xgb_reg.json"), oracle("xgb_reg_pred.json")) else { return };
    let (matrix, target) = (matrix(&predictions["X"]), numbers(&predictions["y"]));
    let parameters = BoostingParams::new()
        .rounds(8)
        .depth(4)
        .learning_rate(0.3)
        .l2(2.5)
        .l1(0.7)
        .min_gain(1.0)
        .min_child_weight(5.0)
        .check()
        .expect("valid");
    let fitted = fit_boosting(&parameters, &columns(&matrix), &target, 2, &quiet).expect("an ensemble");
    let theirs = &model["learner"]["gradient_booster"]["model"]["trees"][0];
    let ours = &fitted.ensemble.trees[0];
    let gain = theirs["loss_changes"][0].as_f64().expect("a number");
    assert!((ours.gain[0] / gain - 1.0).abs() < 1e-6, "root gain {} against {gain}", ours.gain[0]);
    assert_eq!(ours.weight[ours.left[0] as usize], theirs["sum_hessian"][1].as_f64().expect("a number"));
    let leaf = theirs["base_weights"][1].as_f64().expect("a number");
    assert!(
        (ours.value[ours.left[0] as usize] / (0.3 * leaf) - 1.0).abs() < 1e-5
            || (ours.value[ours.left[0] as usize] / leaf - 1.0).abs() < 1e-5
    );
    let scores = Scorer::new(&fitted.ensemble).expect("sound").score(&columns(&matrix), 1).expect("scores");
    let ratio = squared_error(&scores, &target) / squared_error(&numbers(&predictions["predict"]), &target);
    assert!((0.95..1.05).contains(&ratio), "training error {ratio} times XGBoost's");
}

#[test]
fn boosting_does_not_depend_on_threads_and_stops_in_time() {
    let (matrix, target) = synthetic(40_000, 2);
    for objective in
        [Objective::SquaredError, Objective::AbsoluteError, Objective::Huber { delta: 5_000.0 }, Objective::Quantile { share: 0.9 }]
    {
        for share in [0.7, 1.0] {
            let parameters =
                BoostingParams::new().rounds(8).objective(objective).row_share(share).column_share(share).check().expect("valid");
            let fit = |threads| fit_boosting(&parameters, &columns(&matrix), &target, threads, &quiet).expect("an ensemble");
            let reference = fit(1);
            assert_eq!(reference, fit(2));
            assert_eq!(reference, fit(5));
        }
    }
    let parameters = BoostingParams::new()
        .rounds(2_000)
        .learning_rate(0.5)
        .early_stopping(Some(EarlyStopping { holdout: 0.2, patience: 5 }))
        .check()
        .expect("valid");
    let fitted = fit_boosting(&parameters, &columns(&matrix), &target, 2, &quiet).expect("an ensemble");
    let losses = &fitted.holdout_loss;
    assert!(losses.len() < 2_000 && losses.len() == fitted.ensemble.trees.len() + 5);
    let best = losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(losses[fitted.ensemble.trees.len() - 1], best);
    let tail: Vec<Vec<f32>> = matrix.iter().map(|column| column[32_000..].to_vec()).collect();
    let scores = Scorer::new(&fitted.ensemble).expect("sound").score(&columns(&tail), 1).expect("scores");
    let loss = squared_error(&scores, &target[32_000..]) / 8_000.0;
    assert!((loss / best - 1.0).abs() < 1e-9, "{loss} against {best}");
}

#[test]
fn objectives_reach_what_they_aim_at() {
    let (matrix, target) = synthetic(20_000, 6);
    let fit = |objective| {
        let parameters = BoostingParams::new().objective(objective).check().expect("valid");
        let fitted = fit_boosting(&parameters, &columns(&matrix), &target, 2, &quiet).expect("an ensemble");
        Scorer::new(&fitted.ensemble).expect("sound").score(&columns(&matrix), 2).expect("scores")
    };
    let absolute =
        |scores: &[f64]| scores.iter().zip(&target).map(|(score, target)| (score - target).abs()).sum::<f64>() / target.len() as f64;
    let below = fit(Objective::Quantile { share: 0.9 }).iter().zip(&target).filter(|(score, target)| target < score).count() as f64
        / target.len() as f64;
    assert!((0.88..0.92).contains(&below), "{below} below the 90 % quantile");
    let constant = vec![target.iter().sum::<f64>() / target.len() as f64; target.len()];
    for objective in [Objective::SquaredError, Objective::AbsoluteError, Objective::Huber { delta: 5_000.0 }] {
        assert!(absolute(&fit(objective)) < 0.1 * absolute(&constant), "{objective:?}");
    }
}
