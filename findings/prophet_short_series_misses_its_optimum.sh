#!/usr/bin/env bash
# Prophet 1.5.0 with the CmdStan that its wheel brings, a series of 20 hourly rows and default options.
#
# Expected: `fit` ends at the optimum of the posterior that `params['lp__']` tells (maximum a posteriori), or near it.
# Seen: it ends 4.9 below: with the same rows, columns and priors there are parameters whose logarithm of the posterior is
# 56.7 for 51.8. The noise that it states is 3 times as large as theirs (0.020 for 0.0065 of the largest value), so that the
# intervals are 3 times as wide, and its values differ by up to 2 where the series is about 50. The better parameters come of
# plain coordinate descent from Prophet's own. With fewer than 100 rows Prophet takes Newton's method. Series of 16, 24 and 30
# rows of the same kind come within 0.01.
#
# Ends with 0 while this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/environment"
"$folder/environment/bin/python" -m pip install --quiet --disable-pip-version-check \
    prophet==1.5.0 pandas==2.3.3 numpy==2.4.6 cmdstanpy==1.3.2
"$folder/environment/bin/python" - <<'PYTHON'
import logging

import numpy as np
import pandas as pd
from prophet import Prophet

logging.disable(logging.CRITICAL)


def gap(rows, seed, noise):
    """How far the logarithm of the posterior at Prophet's fit is below what coordinate descent reaches from there."""
    random = np.random.default_rng(seed)
    hours = np.arange(rows)
    values = np.round(50 + 8 * np.sin(hours * 2 * np.pi / 24) + random.normal(0, noise, rows), 3)
    model = Prophet()
    model.fit(pd.DataFrame({"ds": pd.date_range("2026-01-05", periods=rows, freq="h"), "y": values}))
    time, target = model.history["t"].to_numpy(), model.history["y_scaled"].to_numpy()
    columns = np.hstack([time[:, None], np.ones((rows, 1)), np.maximum(0, time[:, None] - model.changepoints_t[None, :])])
    weights = np.concatenate([model.params["k"].ravel(), model.params["m"].ravel(), model.params["delta"].ravel()])
    sigma = model.params["sigma_obs"].item()

    def negative(weights, sigma):
        errors = target - columns @ weights
        priors = (weights[:2] ** 2).sum() / 50 + np.abs(weights[2:]).sum() / 0.05
        return rows * np.log(sigma) + errors @ errors / (2 * sigma**2) + 2 * sigma**2 + priors

    theirs = negative(weights, sigma)
    # The formula is the one that Prophet maximizes.
    assert abs(theirs + model.params["lp__"].item()) < 1e-3, (theirs, model.params["lp__"])
    variance = sigma**2
    better = weights.copy()
    for _ in range(3000):
        for index in range(len(better)):
            column = columns[:, index]
            slope = column @ (target - columns @ better + column * better[index]) / variance
            curve = column @ column / variance
            if index < 2:
                better[index] = slope / (curve + 1 / 25)
            else:
                better[index] = np.sign(slope) * max(abs(slope) - 20, 0) / curve
        squares = ((target - columns @ better) ** 2).sum()
        variance = (-rows + np.sqrt(rows * rows + 16 * squares)) / 8
    apart = np.abs(columns @ (better - weights)).max() * model.y_scale
    return theirs - negative(better, np.sqrt(variance)), sigma / np.sqrt(variance), apart


short, noise, apart = gap(20, 0, 0.5)
print(f"20 rows: {short:.2f} below the better posterior, noise {noise:.1f} times as large, values up to {apart:.1f} apart")
others = [gap(*case)[0] for case in ((16, 1, 0.3), (24, 2, 0.3), (30, 0, 0.3))]
print("16, 24 and 30 rows:", ", ".join(f"{other:.4f}" for other in others))
raise SystemExit(not (short > 4 and noise > 2 and apart > 1 and max(others) < 0.02))
PYTHON
