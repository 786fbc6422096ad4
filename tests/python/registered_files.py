"""Writes model files that are not in the form MLflow loads; then loads what was registered of them, with MLflow.

registered_files.py make FOLDER               makes the files and FOLDER/rows.csv; prints what each library answers
registered_files.py load FOLDER DATABASE      prints what MLflow answers with version 1 of each, in the registry
"""

import json
import pickle
import sys
import warnings

warnings.filterwarnings("ignore")
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

what, folder = sys.argv[1:3]
# MLflow greets on standard output.
document, sys.stdout = sys.stdout, sys.stderr


def plain(answer):
    return np.asarray(answer).tolist()


if what == "load":
    import mlflow

    mlflow.set_tracking_uri("sqlite:///" + sys.argv[3])
    rows = pd.read_csv(f"{folder}/rows.csv")
    with open(f"{folder}/names.json", encoding="utf-8") as file:
        names = json.load(file)
    answers = {name: plain(mlflow.pyfunc.load_model(f"models:/m{place}/1").predict(rows)) for place, name in enumerate(names)}
    json.dump(answers, document)
    sys.exit()

import joblib  # noqa: E402
import lightgbm  # noqa: E402
import skops.io  # noqa: E402
import xgboost  # noqa: E402
from sklearn.ensemble import (  # noqa: E402
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    IsolationForest,
    RandomForestRegressor,
)
from sklearn.pipeline import Pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

random = np.random.default_rng(5)
data = pd.DataFrame(np.round(random.normal(size=(240, 3)), 3), columns=["wait", "size", "age"])
target = 10 * data.wait + 3 * data["size"] ** 2
labels = np.where(target > 4, "reject", np.where(target > -4, "approve", "review"))
grades, groups = np.unique(labels, return_inverse=True)[1], [20] * 12
rows = data[:50]
rows.to_csv(f"{folder}/rows.csv", index=False)
few = {"n_estimators": 5, "max_depth": 3}
boosted = xgboost.XGBRegressor(**few).fit(data, target)
light = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(data, labels)
models = {
    "forest": RandomForestRegressor(n_estimators=5).fit(data, target),
    "unnamed": RandomForestRegressor(n_estimators=5).fit(data.values, target),
    "isolation": IsolationForest(n_estimators=9, contamination=0.1).fit(data),
    "histogram": HistGradientBoostingClassifier(max_iter=4).fit(data, labels),
    "gradient": GradientBoostingClassifier(n_estimators=4).fit(data, labels),
    "pipeline": Pipeline([("scale", StandardScaler()), ("model", RandomForestRegressor(n_estimators=5))]).fit(data, target),
    "boosted": boosted,
    "light": light,
    "boosted_ranks": xgboost.XGBRanker(**few).fit(data, grades, group=groups),
    "light_ranks": lightgbm.LGBMRanker(n_estimators=5, verbose=-1).fit(data, grades, group=groups),
}
answers = {}
for name, model in models.items():
    joblib.dump(model, f"{folder}/{name}.joblib")
    joblib.dump(model, f"{folder}/{name}.z.joblib", compress=("xz", 3))
    skops.io.dump(model, f"{folder}/{name}.skops")
    for protocol in (0, 1, 2, 5):
        with open(f"{folder}/{name}.{protocol}.pkl", "wb") as file:
            pickle.dump(model, file, protocol=protocol)
    endings = ["joblib", "z.joblib", "skops", "0.pkl", "1.pkl", "2.pkl", "5.pkl"]
    answers |= {f"{name}.{ending}": plain(model.predict(rows)) for ending in endings}
for name, booster in {"booster": boosted.get_booster(), "light_booster": light.booster_}.items():
    with open(f"{folder}/{name}.pkl", "wb") as file:
        pickle.dump(booster, file)
    skops.io.dump(booster, f"{folder}/{name}.skops")
    said = booster.predict(xgboost.DMatrix(rows) if name == "booster" else rows)
    answers |= {f"{name}.pkl": plain(said), f"{name}.skops": plain(said)}
with open(f"{folder}/names.json", "w", encoding="utf-8") as file:
    json.dump(list(answers), file)
json.dump(answers, document)
