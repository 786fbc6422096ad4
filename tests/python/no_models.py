"""Writes files that hold a model, each as a pickle and by joblib, and files that hold none; prints their names as one JSON document.

no_models.py FOLDER      `taken` and `refused` are names; each stands as NAME.pkl, NAME.joblib and NAME.zlib.joblib, those of `skops` as NAME.skops
"""

import json
import os
import pickle
import sys
import warnings

warnings.filterwarnings("ignore")

import joblib  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import skops.io  # noqa: E402
from sklearn.ensemble import RandomForestRegressor  # noqa: E402
from sklearn.linear_model import LogisticRegression, Ridge  # noqa: E402
from sklearn.neighbors import KNeighborsRegressor  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import PowerTransformer, StandardScaler  # noqa: E402
from sklearn.svm import SVC, SVR  # noqa: E402

folder = sys.argv[1]
generator = np.random.default_rng(1)
rows = generator.random((60, 3))
target = rows[:, 0] * 10
names = np.where(rows[:, 0] > 0.5, "yes", "no")


class Asks:
    """What is asked of the system when the file is loaded, which is harmless: where it runs."""

    def __reduce__(self):
        return (os.getcwd, ())


taken = {
    "svc": SVC(probability=False).fit(rows, names),
    "neighbours": KNeighborsRegressor().fit(rows, target),
    "ridge": Ridge().fit(rows, target),
    "scaled": make_pipeline(StandardScaler(), SVR()).fit(rows, target),
    "logistic": make_pipeline(PowerTransformer(), LogisticRegression()).fit(rows, names),
    "among": {"model": SVR().fit(rows, target), "columns": ["a", "b", "c"]},
    "forest": RandomForestRegressor(3).fit(pd.DataFrame(rows, columns=["a", "b", "c"]), target),
}
refused = {
    "numbers": {"a": 1},
    "nothing": None,
    "array": rows,
    "arrays": [rows, target],
    "frame": pd.DataFrame(rows),
    "scaler": StandardScaler().fit(rows),
    "power": PowerTransformer().fit(rows),
    "scalers": {"scaler": StandardScaler().fit(rows), "a": 1},
    "steps": make_pipeline(StandardScaler(), PowerTransformer()).fit(rows),
    "unfitted": RandomForestRegressor(),
    "class": RandomForestRegressor,
    "asks": Asks(),
    "asks_inside": {"model": SVR().fit(rows, target), "note": Asks()},
}
for name, model in {**taken, **refused}.items():
    with open(f"{folder}/{name}.pkl", "wb") as file:
        pickle.dump(model, file)
    joblib.dump(model, f"{folder}/{name}.joblib")
    joblib.dump(model, f"{folder}/{name}.zlib.joblib", compress=("zlib", 3))
written = {"taken": [], "refused": []}
for kind, models in (("taken", taken), ("refused", refused)):
    for name, model in models.items():
        if name.startswith("asks") or name in ("class", "frame"):
            continue
        skops.io.dump(model, f"{folder}/{name}.skops")
        written[kind].append(name)
print(json.dumps({"taken": list(taken), "refused": list(refused), "skops": written}))
