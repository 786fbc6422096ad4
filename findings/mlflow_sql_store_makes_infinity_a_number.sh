#!/usr/bin/env bash
# MLflow 3.17.2, its SQL store (SQLite).
#
# Expected: a metric that was logged as infinity is infinity when it is read, as NaN is NaN.
# Seen: infinity is read as 1.7976931348623157e308, minus infinity as its opposite: the largest numbers that a double
# holds, which are finite. NaN stays NaN. A script that guards with math.isfinite() takes them for measurements, and a
# threshold such as "r2 > 0.6" passes on a division by zero.
#
# Ends with 0 while this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/environment"
"$folder/environment/bin/python" -m pip install --quiet --disable-pip-version-check mlflow==3.17.2
cd "$folder"
"$folder/environment/bin/python" - <<'PYTHON'
import math

import mlflow
from mlflow.tracking import MlflowClient

client = MlflowClient("sqlite:///runs.db")
run = client.create_run(client.create_experiment("numbers")).info.run_id
for name, value in {"up": math.inf, "down": -math.inf, "none": math.nan}.items():
    client.log_metric(run, name, value)
read = client.get_run(run).data.metrics
print(f"mlflow {mlflow.__version__}: logged inf, -inf, nan; read {read['up']!r}, {read['down']!r}, {read['none']!r}")
assert math.isfinite(read["up"]) and math.isfinite(read["down"]) and math.isnan(read["none"]), "infinity is kept now"
PYTHON
