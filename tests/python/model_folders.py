"""Saves model folders with MLflow, and what MLflow's own `pyfunc` answers for rows; prints one JSON document.

model_folders.py FOLDER     makes FOLDER/NAME for each model and FOLDER/rows.csv
"""

import json
import pickle
import sys
import warnings

warnings.filterwarnings("ignore")
import lightgbm  # noqa: E402
import mlflow  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import xgboost  # noqa: E402
from mlflow.models import infer_signature  # noqa: E402
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor  # noqa: E402
from sklearn.ensemble import (  # noqa: E402
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.pipeline import Pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

folder = sys.argv[1]
# MLflow greets on standard output.
document, sys.stdout = sys.stdout, sys.stderr
random = np.random.default_rng(11)
names = ["wait", "size", "age", "load"]
data = pd.DataFrame(np.round(random.normal(size=(400, 4)), 3), columns=names)
target = np.round(10 * data.wait + 3 * data["size"] ** 2, 2)
labels = np.where(target > 4, "reject", np.where(target > -4, "approve", "review"))
rows = data[:60]
rows.to_csv(f"{folder}/rows.csv", index=False)
# Named, they are not looked for by loading each model in a process of its own.
needs = {"pip_requirements": ["numpy"]}
pickled = {"serialization_format": "pickle"} | needs
turned = sorted(names)
answers = {}


def keep(name, model, save, **words):
    save(model, f"{folder}/{name}", **words)
    said = mlflow.pyfunc.load_model(f"{folder}/{name}").predict(rows)
    answers[name] = {"predict": np.asarray(said).tolist()}
    if hasattr(model, "predict_proba"):
        answers[name] |= {"proba": np.asarray(model.predict_proba(rows)).tolist(), "classes": [str(label) for label in model.classes_]}


small = {"n_estimators": 12, "max_depth": 5, "random_state": 0}
forest = RandomForestClassifier(**small).fit(data, labels)
keep("forest", forest, mlflow.sklearn.save_model, signature=infer_signature(data, labels), **pickled)
pipeline = Pipeline([
    ("columns", ColumnTransformer([("scaled", StandardScaler(), ["age", "wait"]), ("as_is", "passthrough", ["size"])])),
    ("forest", RandomForestClassifier(**small)),
]).fit(data, labels)
keep("pipeline", pipeline, mlflow.sklearn.save_model, signature=infer_signature(data, labels), **pickled)
unnamed = RandomForestRegressor(**small).fit(data[turned].values, target)
keep("turned", unnamed, mlflow.sklearn.save_model, signature=infer_signature(data[turned], target), **pickled)
keep("isolation", IsolationForest(contamination=0.1, random_state=0).fit(data), mlflow.sklearn.save_model, **pickled)
stopped = xgboost.XGBRegressor(n_estimators=200, learning_rate=0.5, max_depth=6, early_stopping_rounds=5)
stopped.fit(data[:300], target[:300], eval_set=[(data[300:], target[300:])], verbose=False)
assert stopped.get_booster().num_boosted_rounds() > stopped.best_iteration + 1
keep("stopped", stopped, mlflow.xgboost.save_model, signature=infer_signature(data, target), **needs)
keep("booster", stopped.get_booster(), mlflow.xgboost.save_model, **needs)
codes = np.unique(labels, return_inverse=True)[1]
keep("xgboost_classes", xgboost.XGBClassifier(n_estimators=8).fit(data, codes), mlflow.xgboost.save_model, **needs)
classes = lightgbm.LGBMClassifier(n_estimators=8, verbose=-1).fit(data, labels)
keep("lightgbm_classes", classes, mlflow.lightgbm.save_model, **needs)
keep("lightgbm_booster", classes.booster_, mlflow.lightgbm.save_model, **needs)

# Objectives whose answer is a function of the sum, and scikit-learn's own boosters.
positive = np.exp(target / 20)
share = 1 / (1 + np.exp(-target / 10))
few = {"n_estimators": 8, "max_depth": 3}
for objective, goal in {"count:poisson": positive, "reg:gamma": positive, "reg:tweedie": positive, "reg:logistic": share}.items():
    model = xgboost.XGBRegressor(objective=objective, **few).fit(data, goal)
    keep("xgboost_" + objective.replace(":", "_"), model, mlflow.xgboost.save_model, **needs)
ranker = xgboost.XGBRanker(**few).fit(data, codes, qid=np.arange(400) // 20)
keep("xgboost_ranker", ranker, mlflow.xgboost.save_model, **needs)
for objective, goal in {
    "poisson": positive, "gamma": positive, "tweedie": positive, "cross_entropy": share, "cross_entropy_lambda": share, "regression": target
}.items():
    words = {"reg_sqrt": True} if objective == "regression" else {}
    model = lightgbm.LGBMRegressor(objective=objective, n_estimators=8, verbose=-1, **words).fit(data, goal)
    keep(f"lightgbm_{objective}", model.booster_, mlflow.lightgbm.save_model, **needs)
for loss in ("poisson", "gamma", "quantile"):
    words = {"quantile": 0.8} if loss == "quantile" else {}
    keep(f"histogram_{loss}", HistGradientBoostingRegressor(loss=loss, max_iter=8, **words).fit(data, positive), mlflow.sklearn.save_model, **pickled)
for loss in ("squared_error", "absolute_error", "huber", "quantile"):
    keep(f"gradient_{loss}", GradientBoostingRegressor(loss=loss, **few).fit(data, target), mlflow.sklearn.save_model, **pickled)
keep("gradient_zero", GradientBoostingRegressor(init="zero", **few).fit(data, target), mlflow.sklearn.save_model, **pickled)
keep("gradient_classes", GradientBoostingClassifier(**few).fit(data, labels), mlflow.sklearn.save_model, **pickled)
for loss in ("log_loss", "exponential"):
    two = GradientBoostingClassifier(loss=loss, **few).fit(data, (target > 0).astype(int))
    keep(f"gradient_{loss}", two, mlflow.sklearn.save_model, **pickled)

# Functions of the target.
for name, words in {
    "target_log": {"func": np.log1p, "inverse_func": np.expm1},
    "target_root": {"func": np.sqrt, "inverse_func": np.square},
    "target_scaled": {"transformer": StandardScaler()},
}.items():
    for inner in (RandomForestRegressor(**small), xgboost.XGBRegressor(**few), HistGradientBoostingRegressor(max_iter=8)):
        model = TransformedTargetRegressor(inner, **words).fit(data, positive)
        keep(f"{name}_{type(inner).__name__}", model, mlflow.sklearn.save_model, **pickled)

# What a package declares: labels that are no small numbers, columns of a type, and what its `predict` is.
truth = RandomForestClassifier(**small).fit(data, target > 0)
keep("truths", truth, mlflow.sklearn.save_model, **pickled)
long = np.where(target > 0, 9007199254740993, 9007199254740995)
keep("long_labels", RandomForestClassifier(**small).fit(data, long), mlflow.sklearn.save_model, **pickled)
shares = forest.predict_proba(rows)
mlflow.sklearn.save_model(forest, f"{folder}/declared", pyfunc_predict_fn="predict_proba", **pickled)
assert np.array_equal(mlflow.pyfunc.load_model(f"{folder}/declared").predict(rows), shares)
answers["declared"] = {"predict": forest.predict(rows).tolist(), "proba": shares.tolist(), "classes": forest.classes_.tolist()}
close = 1 + np.arange(400) * 1e-9
typed = pd.DataFrame({"narrow": close.astype("float32"), "wide": close, "count": np.arange(400) % 7, "code": (np.arange(400) % 5).astype("int32")})
goal = np.arange(400) + 10 * typed["count"] + 100 * typed["code"]
model = lightgbm.LGBMRegressor(n_estimators=5, verbose=-1, min_child_samples=2).fit(typed.assign(narrow=close), goal)
mlflow.lightgbm.save_model(model.booster_, f"{folder}/typed", signature=infer_signature(typed, goal), **needs)
said = mlflow.pyfunc.load_model(f"{folder}/typed")
typed.assign(narrow=close).to_csv(f"{folder}/typed.csv", index=False)
kinds = {"narrow": "float32", "code": "int32"}


def enforced(name, table):
    table.to_csv(f"{folder}/{name}.csv", index=False)
    try:
        # What the columns of a text cannot say is said of them, as far as nothing is lost.
        frame = pd.read_csv(f"{folder}/{name}.csv")
        return said.predict(frame.astype({column: kind for column, kind in kinds.items() if (frame[column].astype(kind) == frame[column]).all() or column == "narrow"})).tolist()
    except mlflow.exceptions.MlflowException:
        return None


rows_of = typed.assign(narrow=close)[:40]
tables = {
    "typed": rows_of,
    "fraction": rows_of.assign(count=1.5),
    "missing": rows_of.assign(count=[None] + list(rows_of["count"][1:])),
    "code_fraction": rows_of.assign(code=0.5),
    "large_code": rows_of.assign(code=3_000_000_000),
}
types = {name: enforced(name, table) for name, table in tables.items()}
assert types["typed"] is not None and not any(types[name] for name in list(types)[1:]), types


class Around(mlflow.pyfunc.PythonModel):
    """The exponential of what a pickle beside it answers."""

    def load_context(self, context):
        with open(context.artifacts["inner"], "rb") as file:
            self.inner = pickle.load(file)

    def predict(self, context, model_input, params=None):
        return np.exp(self.inner.predict(model_input))


with open(f"{folder}/inner.pkl", "wb") as file:
    pickle.dump(RandomForestRegressor(**small).fit(data, target), file)
mlflow.pyfunc.save_model(f"{folder}/wrapped", python_model=Around(), artifacts={"inner": f"{folder}/inner.pkl"}, **needs)
json.dump({"models": answers, "types": types}, document)
