"""Pickles pipelines that encode categories before trees, and prints what they answer as one JSON document.

encoded_models.py FOLDER     makes FOLDER/NAME.pkl for each model and the tables known, unseen and missing as CSV
"""

import json
import pickle
import sys
import warnings

warnings.filterwarnings("ignore")
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import xgboost  # noqa: E402
from sklearn.compose import ColumnTransformer, make_column_selector  # noqa: E402
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor, VotingRegressor  # noqa: E402
from sklearn.impute import SimpleImputer  # noqa: E402
from sklearn.pipeline import Pipeline, make_pipeline  # noqa: E402
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, StandardScaler  # noqa: E402

folder = sys.argv[1]
random = np.random.default_rng(2)
count = 300
data = pd.DataFrame({
    "colour": random.choice(["red", "green", "blue", "pale blue"], count),
    "size": np.round(random.normal(size=count), 3),
    "code": random.choice([10, 20, 30], count),
})
target = (data.colour == "red") * 3.0 + (data.colour == "blue") * 1.5 + data["size"] + (data.code == 20) * 2
words = np.where(target > 2, "reject", "approve")
named = ["colour", "code"]


def encoders(part, numbers="passthrough", **words):
    return ColumnTransformer([("names", part, named), ("numbers", numbers, ["size"])], **{"sparse_threshold": 0, **words})


def piped(part, model, goal=target, numbers="passthrough"):
    return Pipeline([("columns", encoders(part, numbers)), ("model", model)]).fit(data, goal)


forest = {"n_estimators": 8, "random_state": 0}
unknown = {"handle_unknown": "use_encoded_value", "unknown_value": -1}
filled = Pipeline([("fill", SimpleImputer(strategy="most_frequent")), ("encode", OneHotEncoder())])
models = {
    "one_hot": piped(OneHotEncoder(), RandomForestRegressor(**forest)),
    "one_hot_ignore": piped(OneHotEncoder(handle_unknown="ignore"), RandomForestRegressor(**forest), numbers=StandardScaler()),
    "one_hot_drop": piped(OneHotEncoder(drop="first"), xgboost.XGBRegressor(n_estimators=6)),
    "one_hot_classes": piped(OneHotEncoder(), RandomForestClassifier(**forest), words),
    "ordinal": piped(OrdinalEncoder(), HistGradientBoostingRegressor(max_iter=8)),
    "ordinal_unknown": piped(OrdinalEncoder(**unknown), RandomForestRegressor(**forest)),
    "scaled": Pipeline([("columns", encoders(OneHotEncoder())), ("scale", StandardScaler()), ("model", RandomForestRegressor(**forest))]).fit(
        data, target
    ),
    "filled": piped(filled, RandomForestRegressor(**forest)),
    "weighted": Pipeline([("columns", encoders(OneHotEncoder(), transformer_weights={"names": 3.0, "numbers": -0.5})), ("model", RandomForestRegressor(**forest))]).fit(data, target),
    # XGBoost takes the zeros of a sparse table for missing, scikit-learn and its histograms do not.
    "sparse": Pipeline([("columns", encoders(OneHotEncoder(), sparse_threshold=1.0)), ("model", xgboost.XGBRegressor(n_estimators=6))]).fit(data, target),
    "sparse_forest": Pipeline([("columns", encoders(OneHotEncoder(), sparse_threshold=1.0)), ("model", RandomForestRegressor(**forest))]).fit(data, target),
    "sparse_votes": Pipeline([
        ("columns", encoders(OneHotEncoder(), sparse_threshold=1.0)),
        ("model", VotingRegressor([("a", xgboost.XGBRegressor(n_estimators=6)), ("b", RandomForestRegressor(**forest))])),
    ]).fit(data, target),
    # A column that is dropped may hold anything.
    "dropped": Pipeline([("columns", ColumnTransformer([("numbers", "passthrough", ["size", "code"])])), ("model", RandomForestRegressor(**forest))]).fit(data, target),
    "chosen": Pipeline([
        ("columns", ColumnTransformer([
            ("names", OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_exclude=np.number)),
            ("numbers", "passthrough", make_column_selector(dtype_include=np.number)),
            ("none", StandardScaler(), make_column_selector(pattern="nothing")),
        ])),
        ("model", RandomForestRegressor(**forest)),
    ]).fit(data, target),
    # Many sizes have no logarithm and no root, and go where training sent what is missing.
    **{
        f"function_{name}_{kind}": Pipeline([
            ("columns", ColumnTransformer([("size", FunctionTransformer(function), ["size"]), ("code", "passthrough", ["code"])])),
            ("model", model),
        ]).fit(data, target)
        for name, function in (("log1p", np.log1p), ("sqrt", np.sqrt))
        for kind, model in (("forest", RandomForestRegressor(**forest)), ("histogram", HistGradientBoostingRegressor(max_iter=8)), ("boosted", xgboost.XGBRegressor(n_estimators=6)))
    },
    "told_missing": Pipeline([
        ("columns", ColumnTransformer([("numbers", SimpleImputer(add_indicator=True), ["size", "code"])])),
        ("model", RandomForestRegressor(**forest)),
    ]).fit(data.assign(size=data["size"].where(random.random(count) > 0.2)), target),
    "prepared": Pipeline([
        ("before", Pipeline([
            ("columns", ColumnTransformer([("numbers", SimpleImputer(), ["size", "code"])])),
            ("scaled", StandardScaler()),
        ])),
        ("model", RandomForestRegressor(**forest)),
    ]).fit(data, target),
    "prepared_rows": make_pipeline(
        make_pipeline("passthrough", SimpleImputer(), StandardScaler()), RandomForestRegressor(**forest)
    ).fit(data[["size", "code"]], target),
    "missing_is_20": Pipeline([
        ("columns", ColumnTransformer([("numbers", "passthrough", ["size", "code"])])),
        ("model", xgboost.XGBRegressor(n_estimators=6, missing=20)),
    ]).fit(data, target),
    "voting": VotingRegressor([
        ("a", Pipeline([("columns", encoders(OneHotEncoder(handle_unknown="ignore"))), ("model", RandomForestRegressor(**forest))])),
        ("b", Pipeline([("columns", encoders(OrdinalEncoder(**unknown))), ("model", HistGradientBoostingRegressor(max_iter=8))])),
        ("c", make_pipeline(ColumnTransformer([("numbers", StandardScaler(), ["size"])]), RandomForestRegressor(**forest))),
    ]).fit(data, target),
}
missing = data[:40].assign(colour=[None if row % 3 == 0 else colour for row, colour in enumerate(data.colour[:40])])
tables = {"known": data[:80], "unseen": data[:40].assign(colour="violet"), "missing": missing}
for name, table in tables.items():
    table.to_csv(f"{folder}/{name}.csv", index=False)
answers = {}
for name, model in models.items():
    with open(f"{folder}/{name}.pkl", "wb") as file:
        pickle.dump(model, file)
    answers[name] = {}
    for table in ("known", "unseen", *(["missing"] if name in ("filled", "dropped") else [])):
        try:
            rows = pd.read_csv(f"{folder}/{table}.csv")
            answers[name][table] = model.predict(rows[["size", "code"]] if name == "prepared_rows" else rows).tolist()
        except ValueError:
            answers[name][table] = None
json.dump(answers, sys.stdout)
