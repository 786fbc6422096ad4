"""Registers models on a server as Python tools do; prints their names as one JSON document.

register_foreign.py URL PREFIX      names begin with PREFIX and end with what made them
"""

import json
import os
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ["MLFLOW_DISABLE_AUTO_LOGGING"] = "true"

import mlflow  # noqa: E402
import numpy as np  # noqa: E402

url, prefix = sys.argv[1:3]
# MLflow greets on standard output.
document, sys.stdout = sys.stdout, sys.stderr
mlflow.set_tracking_uri(url)
mlflow.set_experiment("foreign")
# Named, they are not looked for by loading each model in a process of its own.
needs = {"pip_requirements": ["numpy"]}
generator = np.random.default_rng(0)
rows = generator.random((200, 15)) * 10
target = rows[:, 3] * 1000 + rows[:, 4] * 500 + 5000


def forest():
    from sklearn.ensemble import RandomForestRegressor

    return RandomForestRegressor(n_estimators=5, max_depth=5, random_state=0).fit(rows, target)


def with_sklearn(**words):
    return lambda name: mlflow.sklearn.log_model(forest(), "model", registered_model_name=name, **needs, **words)


def with_onnx(name):
    from skl2onnx import to_onnx

    model = to_onnx(forest(), rows[:1].astype("float32"))
    mlflow.onnx.log_model(model, "model", registered_model_name=name, **needs)


def with_xgboost(name):
    import xgboost

    model = xgboost.XGBRegressor(n_estimators=5).fit(rows, target)
    mlflow.xgboost.log_model(model, "model", registered_model_name=name, **needs)


def with_lightgbm(name):
    import lightgbm

    model = lightgbm.LGBMRegressor(n_estimators=5, verbose=-1).fit(rows, target)
    mlflow.lightgbm.log_model(model, "model", registered_model_name=name, **needs)


def with_a_line(name):
    from sklearn.linear_model import LinearRegression

    model = LinearRegression().fit(rows, target)
    mlflow.sklearn.log_model(model, "model", registered_model_name=name, serialization_format="pickle", **needs)


kinds = {"pickle": with_sklearn(serialization_format="pickle"), "linear": with_a_line}
if not mlflow.__version__.startswith("2."):
    kinds["skops"] = with_sklearn(serialization_format="skops", skops_trusted_types=["sklearn.tree._tree.Tree"])
    kinds |= {"onnx": with_onnx, "xgboost": with_xgboost, "lightgbm": with_lightgbm}
made = {}
for kind, save in kinds.items():
    made[kind] = f"{prefix}-{kind}"
    with mlflow.start_run():
        mlflow.log_metric("mae_pct", 12.5)
        save(made[kind])
json.dump(made, document)
