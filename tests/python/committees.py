"""Fits scikit-learn's models of models and writes them with a table and what the library says of its rows, as one JSON document.

committees.py FOLDER     NAME.pkl, NAME.joblib or NAME.skops; full.csv has every value, holes.csv misses some
"""

import datetime
import json
import pickle
import sys
import warnings
from collections import OrderedDict

warnings.filterwarnings("ignore")

import joblib  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import skops.io  # noqa: E402
from scipy.stats import randint  # noqa: E402
from lightgbm import LGBMClassifier, LGBMRegressor  # noqa: E402
from sklearn import ensemble as E  # noqa: E402
from sklearn.calibration import CalibratedClassifierCV  # noqa: E402
from sklearn.compose import TransformedTargetRegressor  # noqa: E402
from sklearn.frozen import FrozenEstimator  # noqa: E402
from sklearn.impute import SimpleImputer  # noqa: E402
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeCV  # noqa: E402
from sklearn.metrics import make_scorer, mean_absolute_error  # noqa: E402
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, TimeSeriesSplit  # noqa: E402
from sklearn.naive_bayes import GaussianNB  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler  # noqa: E402
from sklearn.svm import SVR  # noqa: E402
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor  # noqa: E402
from sklearn.utils import Bunch  # noqa: E402
from xgboost import XGBClassifier, XGBRegressor  # noqa: E402

folder = sys.argv[1]
generator = np.random.default_rng(11)
columns = ["size", "age", "queue", "load", "kind"]
rows = np.round(generator.random((600, 5)) * [100, 30, 9, 1, 5], 3)
target = rows[:, 0] * 3 + rows[:, 1] ** 2 + 40 * (rows[:, 2] > 4) + generator.normal(0, 5, 600) + 20
three = np.where(target > 600, "slow", np.where(target > 250, "usual", "quick"))
two = np.where(target > 350, 7, 3)
frame = pd.DataFrame(rows, columns=columns)
# Half of the rows are of the training, whose values lie on the trees' boundaries.
full = pd.concat([frame[:250], pd.DataFrame(np.round(generator.random((250, 5)) * [120, 35, 11, 1.2, 6] - 1, 3), columns=columns)])
holes = full.mask(generator.random(full.shape) < 0.1)
full.to_csv(f"{folder}/full.csv", index=False)
holes.to_csv(f"{folder}/holes.csv", index=False)

tree = lambda **words: DecisionTreeRegressor(max_depth=5, random_state=1, **words)  # noqa: E731
forest = lambda: E.RandomForestRegressor(8, max_depth=6, random_state=2)  # noqa: E731
votes = lambda: E.RandomForestClassifier(8, max_depth=5, random_state=3)  # noqa: E731
chooser = lambda: DecisionTreeClassifier(max_depth=4, random_state=4)  # noqa: E731
numbers = {
    "bagging": E.BaggingRegressor(tree(), 9, max_features=0.6, random_state=1),
    "bagging_forests": E.BaggingRegressor(forest(), 4, max_features=3, random_state=1),
    "bagging_plain": E.BaggingRegressor(n_estimators=7, random_state=1),
    "boosted": E.AdaBoostRegressor(tree(), n_estimators=15, random_state=1),
    "boosted_forests": E.AdaBoostRegressor(forest(), n_estimators=4, random_state=1),
    "voting": E.VotingRegressor([("a", forest()), ("b", tree()), ("c", E.GradientBoostingRegressor(n_estimators=10, random_state=1))]),
    "voting_weights": E.VotingRegressor([("a", forest()), ("b", "drop"), ("c", tree())], weights=[2, 9, 1]),
    "voting_others": E.VotingRegressor([("a", XGBRegressor(n_estimators=9)), ("b", LGBMRegressor(n_estimators=9, verbose=-1))]),
    "stacking": E.StackingRegressor([("a", forest()), ("b", tree())], cv=3),
    "stacking_linear": E.StackingRegressor([("a", forest()), ("b", tree())], LinearRegression(), cv=3),
    "stacking_trees": E.StackingRegressor([("a", forest()), ("b", tree())], forest(), cv=3, passthrough=True),
    "stacking_deep": E.StackingRegressor([("a", E.BaggingRegressor(tree(), 3)), ("b", XGBRegressor(n_estimators=5))], RidgeCV(), cv=3),
    "searched": GridSearchCV(E.AdaBoostRegressor(tree(), random_state=1), {"n_estimators": [3, 5]}, cv=2),
    "piped": make_pipeline(StandardScaler(), E.VotingRegressor([("a", forest()), ("b", tree())])),
    "poisson": E.HistGradientBoostingRegressor(loss="poisson", max_iter=15, random_state=1),
    "gamma": E.HistGradientBoostingRegressor(loss="gamma", max_iter=15, random_state=1),
    "quantile": E.HistGradientBoostingRegressor(loss="quantile", quantile=0.8, max_iter=15, random_state=1),
    "absolute": E.HistGradientBoostingRegressor(loss="absolute_error", max_iter=15, random_state=1),
    "quantile_of_trees": E.GradientBoostingRegressor(loss="quantile", alpha=0.8, n_estimators=15, random_state=1),
    "huber": E.GradientBoostingRegressor(loss="huber", n_estimators=15, random_state=1),
}
labels = {
    "bagging_votes": E.BaggingClassifier(chooser(), 9, max_features=0.6, random_state=1),
    "bagging_of_boosting": E.BaggingClassifier(E.HistGradientBoostingClassifier(max_iter=4), 3, random_state=1),
    "ada": E.AdaBoostClassifier(chooser(), n_estimators=9, random_state=1),
    "ada_stumps": E.AdaBoostClassifier(n_estimators=20, random_state=1),
    "hard": E.VotingClassifier([("a", votes()), ("b", chooser()), ("c", E.ExtraTreesClassifier(5, random_state=1))]),
    "hard_weights": E.VotingClassifier([("a", votes()), ("b", chooser()), ("c", E.ExtraTreesClassifier(5, random_state=1))], weights=[1, 2.5, 1]),
    "soft": E.VotingClassifier([("a", votes()), ("b", chooser())], voting="soft"),
    "soft_weights": E.VotingClassifier([("a", votes()), ("b", XGBClassifier(n_estimators=5))], voting="soft", weights=[3, 1]),
    "stacked": E.StackingClassifier([("a", votes()), ("b", chooser())], cv=3),
    "stacked_trees": E.StackingClassifier([("a", votes()), ("b", LGBMClassifier(n_estimators=5, verbose=-1))], votes(), cv=3),
    "stacked_places": E.StackingClassifier([("a", votes()), ("b", chooser())], LogisticRegression(), cv=3, stack_method="predict", passthrough=True),
    "sigmoid": CalibratedClassifierCV(votes(), cv=3),
    "isotonic": CalibratedClassifierCV(votes(), method="isotonic", cv=3),
    "one_calibrated": CalibratedClassifierCV(chooser(), cv=3, ensemble=False),
    "calibrated_margins": CalibratedClassifierCV(E.GradientBoostingClassifier(n_estimators=6, random_state=1), cv=3),
    "calibrated_histogram": CalibratedClassifierCV(E.HistGradientBoostingClassifier(max_iter=6), method="isotonic", cv=2),
    "calibrated_pipe": make_pipeline(SimpleImputer(), CalibratedClassifierCV(votes(), cv=2)),
}
# What takes rows with missing values.
takes_holes = {
    "bagging", "bagging_forests", "bagging_plain", "voting_weights", "voting_others", "stacking", "poisson", "gamma", "quantile", "absolute",
    "bagging_votes", "bagging_of_boosting", "hard", "soft", "stacked", "sigmoid", "calibrated_histogram", "calibrated_pipe",
}
found = {}


def write(name, model, form):
    if form == "skops":
        skops.io.dump(model, f"{folder}/{name}.skops")
    elif form == "joblib":
        joblib.dump(model, f"{folder}/{name}.joblib")
    else:
        with open(f"{folder}/{name}.pkl", "wb") as file:
            pickle.dump(model, file)


def said(model, data, is_classifier):
    predicted = model.predict(data)
    answer = {"predict": [value.item() if hasattr(value, "item") else value for value in predicted]}
    if is_classifier and hasattr(model, "predict_proba"):
        answer["proba"] = [[float(share) for share in shares] for shares in model.predict_proba(data)]
        answer["classes"] = [str(label) for label in model.classes_]
    return answer


def keep(name, model, data, label, is_classifier):
    model.fit(data, label)
    form = ["pkl", "joblib", "skops"][len(found) % 3]
    if form == "skops" and any(word in name for word in ("others", "deep", "trees", "weights", "searched", "histogram", "boosting", "poisson", "gamma", "quantile", "absolute")):
        form = "pkl"
    write(name, model, form)
    tables = {"full": full}
    if name in takes_holes or name.removesuffix("_of_two") in takes_holes:
        tables["holes"] = holes
    found[name] = {"file": f"{name}.{form}", "tables": {table: said(model, data, is_classifier) for table, data in tables.items()}}


def several():
    """Several targets, and a training that went on from one that stopped early."""
    both = np.c_[target, rows[:, 0] - rows[:, 3] * 9]
    regressors = {
        "targets": E.RandomForestRegressor(7, max_depth=5, random_state=1),
        "targets_of_tree": tree(),
        "targets_of_xgboost": XGBRegressor(n_estimators=5),
        "targets_together": XGBRegressor(n_estimators=5, multi_strategy="multi_output_tree", tree_method="hist"),
    }
    for name, model in regressors.items():
        model.fit(holed, both)
        write(name, model, "pkl")
        found[name] = {"file": f"{name}.pkl", "tables": {table: {"targets": model.predict(data).astype(float).tolist()} for table, data in (("full", full), ("holes", holes))}}
    first = XGBRegressor(n_estimators=40, early_stopping_rounds=2)
    first.fit(frame[:300], target[:300], eval_set=[(frame[300:], generator.permutation(target[300:]))], verbose=False)
    second = XGBRegressor(n_estimators=6).fit(frame, target, xgb_model=first.get_booster())
    keep_as("continued", second)


def keep_as(name, model):
    write(name, model, "pkl")
    found[name] = {"file": f"{name}.pkl", "tables": {"full": said(model, full, False)}}


holed = frame.mask(generator.random(frame.shape) < 0.05)
for name, model in numbers.items():
    keep(name, model, holed if name in takes_holes else frame, target, False)
for name, model in labels.items():
    label = pd.Categorical(three).codes if name in ("soft_weights",) else three
    keep(name, model, holed if name in takes_holes else frame, label, True)
    keep(f"{name}_of_two", model, holed if name in takes_holes else frame, two, True)
several()
inside = {"max_depth": [2, 3]}
bare = lambda: LGBMClassifier(n_estimators=5, verbose=-1)  # noqa: E731
for name, model, label in (
    # What a search keeps beside its best model is nothing to the answers.
    ("searched_at_random", RandomizedSearchCV(forest(), {"max_depth": randint(2, 5)}, n_iter=2, cv=TimeSeriesSplit(2), scoring=make_scorer(mean_absolute_error), random_state=1), target),
    ("fitted_before", E.StackingClassifier([("a", votes().fit(frame, three)), ("b", chooser().fit(frame, three))], LogisticRegression(), cv="prefit"), three),
    # LightGBM tells margins to a calibration since 4.7, also from within a search.
    ("calibrated_light", CalibratedClassifierCV(bare(), cv=2), three),
    ("calibrated_light_of_two", CalibratedClassifierCV(bare(), method="isotonic", ensemble=False, cv=2), two),
    ("calibrated_search", CalibratedClassifierCV(GridSearchCV(E.GradientBoostingClassifier(n_estimators=3, random_state=1), inside, cv=2), cv=2), three),
    ("target_scaled", TransformedTargetRegressor(forest(), transformer=MinMaxScaler((-1, 3))), target),
    ("target_robust", TransformedTargetRegressor(XGBRegressor(n_estimators=5), transformer=RobustScaler()), target),
    ("frozen", FrozenEstimator(forest().fit(frame, target)), target),
):
    keep_as(name, model.fit(frame, label))
    found[name]["tables"]["full"] = said(model, full, label is not target)
model = forest().fit(frame, target)
for name, box in {
    "box_ordered": OrderedDict(model=model, columns=frame.columns, when=datetime.datetime(2024, 1, 1)),
    "box_bunch": Bunch(model=model, sample=frame[:3]),
}.items():
    keep_as(name, model)
    write(name, box, "pkl")


class Odd:
    """Nobody knows what it does before the model."""


write("box_odd", {"model": model, "before": Odd()}, "pkl")
refused = {
    "box_odd": (None, "Odd"),
    "svr": (E.VotingRegressor([("a", tree()), ("b", SVR())]).fit(frame, target), "SVR"),
    "bayes": (E.StackingClassifier([("a", votes()), ("b", chooser())], GaussianNB(), cv=2).fit(frame, three), "GaussianNB"),
    "margins": (CalibratedClassifierCV(E.AdaBoostClassifier(n_estimators=3), cv=2).fit(frame, two), "margins"),
    "turned": (TransformedTargetRegressor(E.AdaBoostRegressor(n_estimators=3), func=np.log1p, inverse_func=np.expm1).fit(frame, target), "target"),
}
for name, (model, _) in refused.items():
    if model is None:
        continue
    write(name, model, "pkl")
print(json.dumps({"models": found, "refused": {name: word for name, (_, word) in refused.items()}}))
