"""Makes model files of the installed libraries, library by option by form, and what the libraries answer with them.

grid.py FOLDER [PART]     writes FOLDER/*.bin (rows of 64-bit numbers), model files, and FOLDER/grid.jsonl, a line a model:
                          {"library", "option", "rows": {name: [file, columns]}, "answers": {name: {...}},
                           "cases": [{"form", "path", "answer"}]}

Runs with the libraries of every age since Python 3.6; what an age does not have is told as "unmade".

An answer has "rows" (whose rows it is on) and "numbers" (row-major), or "labels" with "shares", or "marks" with "scores".
With PART (as 3/10) only every tenth model, the third of each ten.
"""

import importlib
import io
import itertools
import json
import lzma
import os
import pickle
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")
folder = sys.argv[1]
part, parts = (int(number) for number in sys.argv[2].split("/")) if len(sys.argv) > 2 else (0, 1)
# What the libraries say of themselves is no part of the answer.
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
COLUMNS, ROWS = 5, 500


def table(random, rows):
    """Numbers in steps of a half, so that midpoints of neighbours are numbers too; the last column has eight categories."""
    data = np.round(random.normal(scale=2.0, size=(rows, COLUMNS)) * 2) / 2
    data[:, 1] = np.abs(data[:, 1])
    data[:, -1] = random.integers(0, 8, rows)
    return data


random = np.random.default_rng(24)
given = table(random, 260)
target = given[:, 0] * 2 - given[:, 1] + np.isin(given[:, -1], [1, 3, 6]) * 4 + random.normal(scale=0.3, size=len(given))
with_missing = given.copy()
with_missing[random.random(given.shape) < 0.08] = np.nan
with_missing[:, -1] = given[:, -1]
positive = np.exp(target / 4)
classes = np.digitize(target, np.quantile(target, [0.3, 0.7]))
halves = (target > np.median(target)).astype(int)

judged = table(random, ROWS)
judged[::3, :4] += 0.25
judged[::5, 0] = np.nextafter(judged[::5, 0], np.inf)
judged[::7, 1] = 0.0
judged[::11, 2] = np.float32(1e-20)
finite = judged.copy()
unseen = finite.copy()
unseen[::4, -1] = 77
unseen[1::13, -1] = 2.5
missing = unseen.copy()
missing[random.random(judged.shape) < 0.07] = np.nan
endless = missing.copy()
endless[::9, 0] = np.inf
endless[4::9, 2] = -np.inf
# The most telling first; a library that refuses some values is judged on the next ones.
JUDGED = {"endless": endless, "missing": missing, "unseen": unseen, "finite": finite}
for name, rows in JUDGED.items():
    rows.astype("<f8").tofile(f"{folder}/{name}.bin")


def plain(values):
    values = np.asarray(values)
    if values.dtype.kind in "fc":
        return [None if np.isnan(v) else v if np.isfinite(v) else ("inf" if v > 0 else "-inf") for v in values.ravel().astype(float).tolist()]
    return values.ravel().tolist()


def first_taken(answer):
    """The answer on the first rows that the library takes."""
    last = ValueError("no rows")
    for name, rows in JUDGED.items():
        try:
            return {"rows": name, **{key: plain(values) for key, values in answer(rows).items()}}
        except Exception as error:  # noqa: BLE001
            last = error
    raise last


def of_sklearn(model):
    def answer(rows):
        if hasattr(model, "score_samples"):
            return {"marks": model.predict(rows), "scores": model.score_samples(rows)}
        if hasattr(model, "classes_") and hasattr(model, "predict_proba"):
            return {"labels": model.predict(rows), "shares": model.predict_proba(rows)}
        return {"numbers": model.predict(rows)}

    return answer


def pickled(model, protocol=4):
    return pickle.dumps(model, protocol=protocol)


def joblibbed(model, how):
    import joblib

    buffer = io.BytesIO()
    joblib.dump(model, buffer, compress=how)
    return buffer.getvalue()


def skopsed(model):
    import skops.io

    return skops.io.dumps(model)


FORMS = {
    **{f"pickle {protocol}": (lambda model, protocol=protocol: pickled(model, protocol)) for protocol in (0, 1, 2, 3, 4, 5)},
    "joblib": lambda model: joblibbed(model, 0),
    **{f"joblib {how}": (lambda model, how=how: joblibbed(model, (how, 3))) for how in ("zlib", "gzip", "bz2", "lzma", "xz")},
    "skops": skopsed,
}


def saved(model, ending):
    path = f"{folder}/saved{ending}"
    model.save_model(path)
    with open(path, "rb") as file:
        return file.read()


def forms(model, names, answer="wrapper"):
    return [(name, (lambda name=name: FORMS[name](model)), answer) for name in names]


SOME = ("pickle 2", "pickle 4", "pickle 5", "joblib zlib", "skops")


def version(module):
    """As numbers, of which the first two tell one age from another."""
    return tuple(int("".join(filter(str.isdigit, part)) or 0) for part in module.__version__.split(".")[:2])


def aged(name, module):
    return f"{name} {'.'.join(module.__version__.split('.')[:2])}"


# --- XGBoost


def xgboost_models():
    import xgboost

    age, library = version(xgboost), aged("xgboost", xgboost)
    labels = {
        "reg:squarederror": target, "reg:linear": target, "reg:absoluteerror": target, "reg:pseudohubererror": target,
        "reg:squaredlogerror": positive, "reg:gamma": positive, "reg:tweedie": positive, "count:poisson": np.round(positive),
        "reg:logistic": halves, "reg:quantileerror": target, "reg:quantileerror of three": target, "reg:expectileerror": target,
        "reg:expectileerror of three": target, "binary:logistic": halves, "binary:logitraw": halves, "binary:hinge": halves,
        "multi:softprob": classes, "multi:softmax": classes, "survival:cox": positive, "survival:aft": positive,
        "rank:pairwise": classes, "rank:ndcg": classes, "rank:map": halves,
    }
    options = {
        "hist": {"tree_method": "hist"},
        "exact": {"tree_method": "exact", "max_depth": 2},
        "approx": {"tree_method": "approx", "grow_policy": "lossguide", "max_leaves": 7},
        "dart": {"booster": "dart", "rate_drop": 0.4},
        "forest": {"num_parallel_tree": 3, "subsample": 0.7},
        "stumps": {"max_depth": 1, "eta": 1.0},
        "based": {"base_score": 0.3},
    }
    for (objective, label), (option, parameters), gaps in itertools.product(labels.items(), options.items(), (False, True)):
        if gaps and option in ("exact", "dart", "stumps", "based"):
            continue

        def make(objective=objective, label=label, parameters=parameters, gaps=gaps):
            name, several = objective.split()[0], objective.endswith("three")
            parameters = {"objective": name, "seed": 3, "max_depth": 4, "nthread": 1, **parameters}
            if name.startswith("multi"):
                parameters["num_class"] = 3
            if name in ("reg:quantileerror", "reg:expectileerror"):
                parameters[name[4:-5] + "_alpha"] = [0.2, 0.5, 0.9] if several else 0.7
            matrix = xgboost.DMatrix(with_missing if gaps else given, label)
            if name == "survival:aft":
                matrix.set_float_info("label_lower_bound", label)
                matrix.set_float_info("label_upper_bound", label * 1.5)
            if name.startswith("rank"):
                matrix.set_group([len(label) // 10] * 10)
            booster = xgboost.train(parameters, matrix, 5)
            # Older boosters drop trees as they answer, unless they are told how many to take.
            words = {"ntree_limit": 5} if "booster" in parameters and age < (1, 4) else {}

            def answer(rows):
                said = booster.predict(xgboost.DMatrix(rows), **words)
                if name in ("multi:softprob", "binary:logistic"):
                    return {"booster": said}
                return {"numbers": said} if name not in ("multi:softmax", "binary:hinge") else {"said": said}

            return {"booster": first_taken(answer)}, [
                *booster_forms(booster, age),
                ("pickle", lambda: pickled(booster), "booster"),
                ("joblib xz", lambda: joblibbed(booster, ("xz", 3)), "booster"),
            ]

        yield library, f"{objective} {option}{' gaps' if gaps else ''}", make
    wrappers = {
        "XGBRegressor": (target, {}), "XGBClassifier": (classes, {}), "XGBClassifier two": (halves, {}), "XGBRFRegressor": (target, {}),
        "XGBRFClassifier": (halves, {}), "XGBRegressor stopped": (target, {"early_stopping_rounds": 2}),
        "XGBClassifier stopped": (classes, {"early_stopping_rounds": 2}), "XGBClassifier texts": (np.array(["low", "middle", "high"])[classes], {}),
        "XGBRanker": (classes, {}), "XGBClassifier hinge": (halves, {"objective": "binary:hinge"}),
        "XGBClassifier raw": (halves, {"objective": "binary:logitraw"}), "XGBRegressor logistic": (halves, {"objective": "binary:logistic"}),
        "XGBRegressor hinge": (halves, {"objective": "binary:hinge"}),
    }
    for (name, (label, more)), depth, base in itertools.product(wrappers.items(), (2, 5), (None, 0.3)):

        def make(name=name, label=label, more=more, depth=depth, base=base):
            kind = getattr(xgboost, name.split()[0])
            words = {"n_estimators": 12, "max_depth": depth, "random_state": 3, "n_jobs": 1, **more}
            if base is not None or age >= (1, 0):
                words["base_score"] = base
            stops = words.pop("early_stopping_rounds", None)
            fit = {}
            if stops is not None:
                # A word of the model since 1.6, of the fit before.
                (words if age >= (1, 6) else fit)["early_stopping_rounds"] = stops
                fit.update(eval_set=[(given[200:], label[200:][::-1])], verbose=False)
            if name == "XGBRanker":
                fit["group"] = [len(label) // 10] * 10
            model = kind(**words)
            model.fit(with_missing, label, **fit)
            answer = of_sklearn(model)
            if name.endswith(("Regressor logistic", "Regressor hinge")):
                key = "booster" if name.endswith("logistic") else "said"
                answer = lambda rows: {key: model.predict(rows)}  # noqa: E731
            return {"wrapper": first_taken(answer)}, [
                *forms(model, ("pickle 2", "pickle 4", "pickle 5", "joblib lzma", "skops")),
                *((form, write, "wrapper") for form, write, _ in booster_forms(model, age) if age >= (1, 6) and "texts" not in name),
            ]

        yield library, f"{name} depth {depth} base {base}", make
    if age < (1, 6):
        return
    for sets, strategy in itertools.product((1, 64), ("one_output_per_tree", "multi_output_tree")):

        def make(sets=sets, strategy=strategy):
            words = {"max_cat_to_onehot": sets, "max_depth": 4, "nthread": 1, "tree_method": "hist"}
            if strategy == "multi_output_tree":
                matrix = xgboost.DMatrix(with_missing, np.column_stack([target, positive]))
                words["multi_strategy"] = strategy
            else:
                matrix = xgboost.DMatrix(with_missing, target, feature_types=["float"] * 4 + ["c"], enable_categorical=True)
            booster = xgboost.train(words, matrix, 5)
            types = booster.feature_types
            said = first_taken(lambda rows: {"numbers": booster.predict(xgboost.DMatrix(rows, feature_types=types, enable_categorical=True))})
            return {"booster": said}, [*booster_forms(booster, age), ("pickle", lambda: pickled(booster), "booster")]

        yield library, f"categories or targets {sets} {strategy}", make
    several = {
        "reg:squarederror": np.column_stack([target, positive]), "reg:absoluteerror": np.column_stack([target, positive]),
        "reg:logistic": np.column_stack([halves, 1 - halves]), "reg:quantileerror": target, "multi:softprob": classes,
    }
    for (objective, label), strategy in itertools.product(several.items(), ("one_output_per_tree", "multi_output_tree")):

        def make(objective=objective, label=label, strategy=strategy):
            words = {"objective": objective, "multi_strategy": strategy, "max_depth": 4, "nthread": 1, "tree_method": "hist"}
            if objective == "reg:quantileerror":
                words["quantile_alpha"] = [0.2, 0.5, 0.9]
            if objective == "multi:softprob":
                words["num_class"] = 3
            booster = xgboost.train(words, xgboost.DMatrix(with_missing, label), 5)
            key = "booster" if objective == "multi:softprob" else "numbers"
            said = first_taken(lambda rows: {key: booster.predict(xgboost.DMatrix(rows))})
            return {"booster": said}, [*booster_forms(booster, age), ("pickle", lambda: pickled(booster), "booster")]

        yield library, f"{objective} several {strategy}", make


def booster_forms(model, age):
    """The library's own files; what it writes under another ending was its binary form up to 2.0."""
    found = [("model", lambda: saved(model, ".model"), "booster")]
    if age >= (1, 0):
        found.append(("json", lambda: saved(model, ".json"), "booster"))
    if age >= (1, 6):
        found.append(("ubj", lambda: saved(model, ".ubj"), "booster"))
    if hasattr(model, "save_raw"):
        found.append(("raw", lambda: bytes(model.save_raw()), "booster"))
        if (1, 6) <= age < (3, 1):
            found.append(("raw binary", lambda: bytes(model.save_raw("deprecated")), "booster"))
    return found


# --- LightGBM


def lightgbm_models():
    import lightgbm

    library = aged("lightgbm", lightgbm)
    labels = {
        "regression": target, "regression_l1": target, "huber": target, "fair": target, "quantile": target, "mape": positive,
        "poisson": positive, "gamma": positive, "tweedie": positive, "cross_entropy": halves, "cross_entropy_lambda": halves,
        "binary": halves, "multiclass": classes, "lambdarank": classes, "rank_xendcg": classes,
    }
    options = {
        "plain": {},
        "dart": {"boosting": "dart"},
        "goss": {"data_sample_strategy": "goss"} if version(lightgbm) >= (4, 0) else {"boosting": "goss"},
        "rf": {"boosting": "rf", "bagging_fraction": 0.7, "bagging_freq": 1},
        "zero": {"zero_as_missing": True},
        "linear": {"linear_tree": True},
        "categories": {"categories": True, "max_cat_to_onehot": 1, "min_data_per_group": 5, "cat_smooth": 1.0},
        "not missing": {"use_missing": False},
        "monotone": {"monotone_constraints": [1, -1, 0, 0, 0]},
    }
    for (objective, label), (option, parameters) in itertools.product(labels.items(), options.items()):
        if option == "linear" and objective in ("regression_l1", "quantile", "mape"):
            continue

        def make(objective=objective, label=label, parameters=parameters):
            words = {"objective": objective, "num_leaves": 8, "min_data_in_leaf": 5, "seed": 3, "verbose": -1, "num_threads": 1, **parameters}
            if objective == "multiclass":
                words["num_class"] = 3
            categorical = [4] if words.pop("categories", False) else "auto"
            rows = with_missing.copy()
            rows[::6, 2] = 0.0
            data = lightgbm.Dataset(rows, label, categorical_feature=categorical, params=words)
            if objective in ("lambdarank", "rank_xendcg"):
                data.set_group([len(label) // 10] * 10)
            booster = lightgbm.train(words, data, 6)

            def answer(rows):
                said = booster.predict(rows)
                return {"booster" if objective in ("binary", "multiclass") else "numbers": said}

            return {"booster": first_taken(answer)}, [
                ("txt", lambda: saved(booster, ".txt"), "booster"),
                # As other programs than the Python package end it.
                ("txt bare", lambda: saved(booster, ".txt").split(b"\npandas_categorical:")[0] + b"\n", "booster"),
                ("txt without parameters", lambda: saved(booster, ".txt").split(b"\nparameters:")[0] + b"\n", "booster"),
                ("pickle", lambda: pickled(booster), "booster"),
                ("joblib gzip", lambda: joblibbed(booster, ("gzip", 3)), "booster"),
            ]

        yield library, f"{objective} {option}", make
    wrappers = {"LGBMRegressor": target, "LGBMClassifier": classes, "LGBMClassifier two": halves, "LGBMClassifier texts": np.array(list("xyz"))[classes]}
    for (name, label), linear in itertools.product(wrappers.items(), (False, True)):

        def make(name=name, label=label, linear=linear):
            model = getattr(lightgbm, name.split()[0])(n_estimators=8, num_leaves=7, random_state=3, verbose=-1, linear_tree=linear, n_jobs=1)
            model.fit(with_missing, label)
            return {"wrapper": first_taken(of_sklearn(model))}, forms(model, ("pickle 2", "pickle 5", "joblib", "joblib zlib", "skops"))

        yield library, f"{name}{' linear' if linear else ''}", make
    yield from lightgbm_of_c(library)


def lightgbm_of_c(library):
    """What the library writes where no Python is: through its C interface, as the R package, the command line and programs in
    C++ do. Nothing stands behind the parameters, columns are named by their number or by the program, some write a part of the
    rounds, and the judge is what the same interface answers with the file.
    """
    import ctypes

    import lightgbm

    try:
        called = lightgbm.basic._LIB
    except AttributeError:
        called = lightgbm.basic._lib
    number, byte, handle = ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p
    pointer = lambda values: values.ctypes.data_as(ctypes.c_void_p)  # noqa: E731

    def safe(code):
        if code:
            called.LGBM_GetLastError.restype = byte
            raise RuntimeError(called.LGBM_GetLastError().decode())

    def trained(label, words, names):
        data, booster, done = handle(), handle(), number()
        rows = np.ascontiguousarray(with_missing)
        text = " ".join(f"{key}={value}" for key, value in words.items()).encode()
        safe(called.LGBM_DatasetCreateFromMat(pointer(rows), 1, number(len(rows)), number(COLUMNS), 1, byte(text), None, ctypes.byref(data)))
        if names:
            listed = (byte * COLUMNS)(*(name.encode() for name in names))
            safe(called.LGBM_DatasetSetFeatureNames(data, listed, number(COLUMNS)))
        wanted = np.ascontiguousarray(label, np.float32)
        safe(called.LGBM_DatasetSetField(data, byte(b"label"), pointer(wanted), number(len(wanted)), 0))
        if words["objective"] == "lambdarank":
            groups = np.full(10, len(wanted) // 10, np.int32)
            safe(called.LGBM_DatasetSetField(data, byte(b"group"), pointer(groups), number(len(groups)), 2))
        safe(called.LGBM_BoosterCreate(data, byte(text), ctypes.byref(booster)))
        for _ in range(6):
            safe(called.LGBM_BoosterUpdateOneIter(booster, ctypes.byref(done)))
        return booster

    def written(booster, start, rounds, importance):
        path = f"{folder}/saved.c.txt".encode()
        kinds = (number(importance),) if version(lightgbm) >= (3, 0) else ()
        safe(called.LGBM_BoosterSaveModel(booster, number(start), number(rounds), *kinds, byte(path)))
        with open(path, "rb") as file:
            return file.read()

    def answered(text, rows, outputs):
        path = f"{folder}/asked.c.txt"
        with open(path, "wb") as file:
            file.write(text)
        booster, rounds, count = handle(), number(), ctypes.c_int64()
        safe(called.LGBM_BoosterCreateFromModelfile(byte(path.encode()), ctypes.byref(rounds), ctypes.byref(booster)))
        rows, said = np.ascontiguousarray(rows), np.zeros(len(rows) * outputs)
        start = (number(0),) if version(lightgbm) >= (3, 0) else ()
        shape = (number(len(rows)), number(COLUMNS), number(1))
        safe(called.LGBM_BoosterPredictForMat(booster, pointer(rows), 1, *shape, 0, *start, number(-1), byte(b""), ctypes.byref(count), pointer(said)))
        return said

    labels = {
        "regression": target, "binary": halves, "multiclass": classes, "poisson": positive, "lambdarank": classes, "quantile": target,
        "cross_entropy": halves, "multiclassova": classes,
    }
    options = {
        "plain": {}, "dart": {"boosting": "dart"}, "rf": {"boosting": "rf", "bagging_fraction": 0.7, "bagging_freq": 1},
        "categories": {"categorical_feature": 4, "max_cat_to_onehot": 1, "min_data_per_group": 5, "cat_smooth": 1.0},
        "zero": {"zero_as_missing": "true"}, "linear": {"linear_tree": "true"},
    }
    parts = {"whole": (0, -1, 0), "first rounds": (0, 4, 1), "later rounds": (2, 3, 0)}
    for (objective, label), (option, more), names in itertools.product(labels.items(), options.items(), (None, ["V 1", "x.2", "ä", "_", "last"])):
        if option == "linear" and objective == "quantile":
            continue

        def make(objective=objective, label=label, more=more, names=names):
            words = {"objective": objective, "num_leaves": 8, "min_data_in_leaf": 5, "seed": 3, "verbose": -1, "num_threads": 1, **more}
            outputs = 3 if objective.startswith("multiclass") else 1
            if outputs > 1:
                words["num_class"] = outputs
            booster = trained(label, words, names)
            key = "booster" if objective in ("binary", "multiclass", "multiclassova") else "numbers"
            texts = {part: written(booster, *how) for part, how in parts.items()}
            answers = {part: first_taken(lambda rows, text=text: {key: answered(text, rows, outputs)}) for part, text in texts.items()}
            return answers, [
                *((f"C {part}", lambda text=text: text, part) for part, text in texts.items()),
                ("C without sizes", lambda: b"\n".join(line for line in texts["whole"].split(b"\n") if not line.startswith(b"tree_sizes=")), "whole"),
                ("C with CRLF", lambda: texts["whole"].replace(b"\n", b"\r\n"), "whole"),
            ]

        yield library, f"{objective} {option} of C{' named' if names else ''}", make


# --- scikit-learn


def sklearn_models():
    import sklearn

    if version(sklearn) < (1, 0):
        from sklearn.experimental import enable_hist_gradient_boosting  # noqa: F401
    from sklearn import ensemble, tree

    library, is_former = aged("scikit-learn", sklearn), version(sklearn) < (1, 0)
    # The names of losses and criteria before 1.0.
    square, absolute = ("ls", "lad") if is_former else ("squared_error", "absolute_error")
    in_histograms = ("least_squares", "least_absolute_deviation") if is_former else (square, absolute)
    small = {"random_state": 3}
    regressors = {
        "RandomForestRegressor": [{}, {"max_depth": 3, "criterion": "mae" if is_former else "absolute_error"}, {"max_features": "log2", "bootstrap": False}],
        "ExtraTreesRegressor": [{}, {"max_depth": 4}],
        "GradientBoostingRegressor": [{"loss": loss} for loss in (square, absolute, "huber", "quantile")] + [{"init": "zero"}],
        "HistGradientBoostingRegressor": [
            {"loss": in_histograms[0]}, {"loss": in_histograms[1]}, {"loss": "quantile", "quantile": 0.8}, {"loss": "poisson"}, {"loss": "gamma"},
            {"categorical_features": [4]}, {"monotonic_cst": [1, -1, 0, 0, 0]},
        ],
        "AdaBoostRegressor": [{"loss": loss} for loss in ("linear", "square", "exponential")],
        "BaggingRegressor": [{}, {"max_features": 3}],
        "IsolationForest": [{}, {"contamination": 0.1}, {"max_features": 3, "max_samples": 64}],
    }
    classifiers = {
        "RandomForestClassifier": [{}, {"criterion": "entropy", "max_depth": 4}, {"class_weight": "balanced"}],
        "ExtraTreesClassifier": [{}, {"max_depth": 4}],
        "GradientBoostingClassifier": [{}, {"subsample": 0.6}],
        "HistGradientBoostingClassifier": [{}, {"categorical_features": [4]}],
        "AdaBoostClassifier": [{}, {"algorithm": "SAMME.R"}, {"algorithm": "SAMME"}],
        "BaggingClassifier": [{}, {"max_features": 4}],
    }
    trees = {
        "DecisionTreeRegressor": ([{}, {"max_depth": 3}], tree), "ExtraTreeRegressor": ([{}], tree), "DecisionTreeClassifier": ([{}, {"max_depth": 3}], tree),
        "ExtraTreeClassifier": ([{}], tree),
    }
    found = {**{name: (words, ensemble) for name, words in {**regressors, **classifiers}.items()}, **trees}
    texts = np.array(["low", "middle", "high"])
    for name, (words, module) in found.items():
        labels = {"": positive} if "Regressor" in name or name == "IsolationForest" else {"": classes * 10, " two": halves, " texts": texts[classes]}
        if name in ("RandomForestRegressor", "ExtraTreesRegressor", "DecisionTreeRegressor"):
            labels[" targets"] = np.column_stack([target, positive])
        for (kind, label), more in itertools.product(labels.items(), words):
            size = {"max_iter": 8} if name.startswith("Hist") else {} if module is tree else {"n_estimators": 8}

            def make(name=name, module=module, label=label, more=more, size=size):
                model = getattr(module, name)(**small, **size, **more)
                try:
                    model.fit(with_missing, label)
                except ValueError:
                    model.fit(given, label)
                every = tuple(FORMS) if not more and label is not halves else SOME
                return {"wrapper": first_taken(of_sklearn(model))}, forms(model, every)

            yield library, f"{name}{kind} {more or ''}".strip(), make


def pipelines():
    import sklearn

    if version(sklearn) < (1, 0):
        from sklearn.experimental import enable_hist_gradient_boosting  # noqa: F401
    from sklearn import calibration, compose, ensemble, feature_selection, impute, model_selection, pipeline, preprocessing, tree

    small = {"random_state": 3}
    steps = {
        "standard": preprocessing.StandardScaler,
        "minmax": preprocessing.MinMaxScaler,
        "robust": preprocessing.RobustScaler,
        "median": lambda: impute.SimpleImputer(strategy="median"),
        "best": lambda: feature_selection.SelectKBest(feature_selection.f_regression, k=3),
        "variance": lambda: feature_selection.VarianceThreshold(0.5),
        "columns": lambda: compose.ColumnTransformer([("a", preprocessing.StandardScaler(), [2, 0]), ("b", "passthrough", [4, 1])]),
        "encoded": lambda: compose.ColumnTransformer(
            [("a", preprocessing.OneHotEncoder(handle_unknown="ignore"), [4])], remainder="passthrough", sparse_threshold=0.0
        ),
        "ordinal": lambda: compose.ColumnTransformer(
            [("a", preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), [4])], remainder="passthrough"
        ),
        "nothing": lambda: preprocessing.FunctionTransformer(),
    }
    models = {
        "forest": lambda: ensemble.RandomForestRegressor(8, **small),
        "boosting": lambda: ensemble.GradientBoostingRegressor(n_estimators=8, **small),
        "histogram": lambda: ensemble.HistGradientBoostingRegressor(max_iter=8, **small),
        "votes": lambda: ensemble.RandomForestClassifier(8, **small),
        "isolation": lambda: ensemble.IsolationForest(n_estimators=8, **small),
        "voting": lambda: ensemble.VotingRegressor([("a", tree.DecisionTreeRegressor(max_depth=4, **small)), ("b", ensemble.ExtraTreesRegressor(5, **small))]),
        "voting classes": lambda: ensemble.VotingClassifier([("a", tree.DecisionTreeClassifier(max_depth=4, **small)), ("b", ensemble.ExtraTreesClassifier(5, **small))], voting="soft"),
        "calibrated": lambda: calibration.CalibratedClassifierCV(ensemble.RandomForestClassifier(5, **small), cv=2),
        "searched": lambda: model_selection.GridSearchCV(tree.DecisionTreeRegressor(**small), {"max_depth": [2, 4]}, cv=2),
        "logarithm": lambda: compose.TransformedTargetRegressor(ensemble.RandomForestRegressor(5, **small), func=np.log1p, inverse_func=np.expm1),
    }
    for (step, before), (kind, last) in itertools.product(steps.items(), models.items()):

        def make(before=before, kind=kind, last=last):
            model = pipeline.make_pipeline(before(), last())
            model.fit(given, classes if kind in ("votes", "voting classes", "calibrated") else positive)
            return {"wrapper": first_taken(of_sklearn(model))}, forms(model, ("pickle 2", "pickle 5", "joblib zlib"))

        yield aged("pipeline", sklearn), f"{step} {kind}", make


# --- ONNX


def runtime(graph):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    entry = session.get_inputs()[0]

    def run(rows):
        kind = np.float64 if entry.type == "tensor(double)" else np.float32
        return dict(zip([output.name for output in session.get_outputs()], session.run(None, {entry.name: rows.astype(kind)})))

    return run


def converted():
    import skl2onnx
    from skl2onnx import to_onnx
    from sklearn import ensemble, feature_selection, pipeline, preprocessing, tree

    small = {"random_state": 3}
    models = {
        "forest": (lambda: ensemble.RandomForestRegressor(8, max_depth=5, **small), target),
        "targets": (lambda: ensemble.RandomForestRegressor(8, max_depth=5, **small), np.column_stack([target, positive])),
        "extra": (lambda: ensemble.ExtraTreesRegressor(8, max_depth=5, **small), target),
        "boosting": (lambda: ensemble.GradientBoostingRegressor(n_estimators=8, **small), target),
        "tree": (lambda: tree.DecisionTreeRegressor(max_depth=5, **small), target),
        "votes": (lambda: ensemble.RandomForestClassifier(10, **small), classes),
        "votes of two": (lambda: ensemble.RandomForestClassifier(10, **small), halves),
        "boosted votes": (lambda: ensemble.GradientBoostingClassifier(n_estimators=8, **small), halves),
        "isolation": (lambda: ensemble.IsolationForest(n_estimators=8, **small), None),
    }
    steps = {
        "": [], "standard": [preprocessing.StandardScaler], "minmax": [preprocessing.MinMaxScaler], "robust": [preprocessing.RobustScaler],
        "best": [lambda: feature_selection.SelectKBest(feature_selection.f_regression, k=3)],
        "both": [preprocessing.MinMaxScaler, preprocessing.StandardScaler],
    }
    for (kind, (last, label)), (step, before) in itertools.product(models.items(), steps.items()):

        def make(kind=kind, last=last, label=label, before=before):
            model = pipeline.make_pipeline(*(one() for one in before), last()).fit(given, label if label is not None else target)
            words = {"target_opset": {"": 17, "ai.onnx.ml": 3} if version(skl2onnx) >= (1, 13) else 12}
            if kind.startswith(("votes", "boosted")):
                words["options"] = {id(model): {"zipmap": False}}
            graph = to_onnx(model, given[:1].astype(np.float32), **words).SerializeToString()
            run = runtime(graph)

            def answer(rows):
                said = run(rows)
                if "probabilities" in said:
                    return {"labels": said["label"], "shares": said["probabilities"]}
                if "scores" in said:
                    return {"marks": said["label"], "scores": said["scores"], "shifted": np.array([1])}
                return {"numbers": said["variable"]}

            cases = [("onnx", lambda: graph, "onnx")]
            if kind.startswith("votes"):
                cases.append(("onnx times one", lambda: times_one(graph), "onnx"))
            return {"onnx": first_taken(answer)}, cases

        yield aged("skl2onnx", skl2onnx), f"{kind} {step}".strip(), make


def converted_boosters():
    """What onnxmltools writes of XGBoost's and LightGBM's models."""
    import lightgbm
    import onnxmltools
    import xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    makers = {"xgboost": (xgboost.XGBRegressor, xgboost.XGBClassifier), "lightgbm": (lightgbm.LGBMRegressor, lightgbm.LGBMClassifier)}
    labels = {"numbers": target, "amounts": positive, "classes": classes, "two": halves}
    for (library, (regressor, classifier)), (kind, label), depth in itertools.product(makers.items(), labels.items(), (2, 5)):

        def make(library=library, regressor=regressor, classifier=classifier, kind=kind, label=label, depth=depth):
            words = {"n_estimators": 8, "max_depth": depth, "random_state": 3, "n_jobs": 1}
            if kind == "amounts":
                words["objective"] = "count:poisson" if library == "xgboost" else "poisson"
            if library == "lightgbm":
                words["verbose"] = -1
            model = (classifier if kind in ("classes", "two") else regressor)(**words).fit(given, label)
            convert = onnxmltools.convert_xgboost if library == "xgboost" else onnxmltools.convert_lightgbm
            entry = [("X", FloatTensorType([None, COLUMNS]))]
            graph = convert(model, initial_types=entry, target_opset=12, **({"zipmap": False} if library == "lightgbm" else {})).SerializeToString()
            run = runtime(graph)

            def answer(rows):
                said = run(rows)
                if "probabilities" in said:
                    return {"labels": said["label"], "shares": said["probabilities"]}
                return {"numbers": said["variable"]}

            return {"onnx": first_taken(answer)}, [("onnx", lambda: graph, "onnx")]

        yield aged("onnxmltools", onnxmltools), f"{library} {kind} {depth}", make


def times_one(graph):
    """The same with the probabilities multiplied by 1, as onnxmltools writes LightGBM's."""
    import onnx

    model = onnx.load_from_string(graph)
    for node in model.graph.node:
        node.output[:] = ["before" if name == "probabilities" else name for name in node.output]
        node.input[:] = ["before" if name == "probabilities" else name for name in node.input]
    model.graph.initializer.append(onnx.helper.make_tensor("one", onnx.TensorProto.FLOAT, [], [1.0]))
    model.graph.node.append(onnx.helper.make_node("Mul", ["before", "one"], ["probabilities"]))
    runtime(model.SerializeToString())
    return model.SerializeToString()


def made_by_hand():
    """Graphs of one `TreeEnsemble` (ai.onnx.ml 5), which no converter writes yet; ONNX Runtime computes other numbers by some of
    them before 1.31 than the standard and its later releases do."""
    import onnxruntime
    from onnx import TensorProto, helper

    if version(onnxruntime) < (1, 31):
        return

    def ensemble(seed, wide, targets, aggregate, post, modes, chosen):
        draw = np.random.default_rng(seed)
        kind, number = (TensorProto.DOUBLE, np.float64) if wide else (TensorProto.FLOAT, np.float32)
        nodes = {name: [] for name in ("modes", "splits", "features", "true", "false", "trueleaf", "falseleaf", "missing")}
        roots, leaves, of, members = [], [], [], []

        def leaf():
            leaves.append(float(number(draw.normal())))
            of.append(int(draw.integers(0, targets)))
            return len(leaves) - 1, 1

        def grow(depth):
            place = len(nodes["modes"])
            mode = int(draw.choice(modes))
            for name in nodes:
                nodes[name].append(0)
            nodes["modes"][place] = mode
            # Those that ask for one number, or several, ask it of the categories.
            nodes["features"][place] = 4 if mode >= 4 else int(draw.integers(0, 4))
            nodes["splits"][place] = float(draw.integers(0, 8) if mode >= 4 else draw.integers(-8, 8) / 4)
            nodes["missing"][place] = int(draw.integers(0, 2))
            if mode == 6:
                pool = [0, 1, 2, 3, 4, 5, 6, 7, 77] if seed % 2 else [0, 2.5, 7, 3, 5, 30]
                members.extend([*sorted(draw.choice(pool, int(draw.integers(1, 5)), replace=False).tolist()), float("nan")])
            for side in ("true", "false"):
                child = leaf() if depth == 0 or draw.random() < 0.2 else (grow(depth - 1), 0)
                nodes[side][place], nodes[side + "leaf"][place] = child
            return place

        for _ in range(1 + seed % 4):
            roots.append(grow(3))
        tensor = lambda name, values: helper.make_tensor(name, kind, [len(values)], values)  # noqa: E731
        node = helper.make_node(
            "TreeEnsemble", ["X"], ["Y"], domain="ai.onnx.ml", n_targets=targets, aggregate_function=aggregate, post_transform=post, tree_roots=roots,
            nodes_featureids=nodes["features"], nodes_truenodeids=nodes["true"], nodes_falsenodeids=nodes["false"], nodes_trueleafs=nodes["trueleaf"],
            nodes_falseleafs=nodes["falseleaf"], nodes_missing_value_tracks_true=nodes["missing"], leaf_targetids=of,
            nodes_modes=helper.make_tensor("modes", TensorProto.UINT8, [len(nodes["modes"])], nodes["modes"]),
            nodes_splits=tensor("splits", nodes["splits"]), leaf_weights=tensor("weights", leaves),
            **({"membership_values": tensor("members", members)} if members else {}),
        )
        steps, outputs = [node], [helper.make_tensor_value_info("Y", kind, [None, targets])]
        if chosen:
            steps.append(helper.make_node("ArgMax", ["Y"], ["label"], axis=1, keepdims=0))
            outputs.append(helper.make_tensor_value_info("label", TensorProto.INT64, [None]))
        graph = helper.make_graph(steps, "g", [helper.make_tensor_value_info("X", kind, [None, COLUMNS])], outputs)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 5)], ir_version=9)
        return model.SerializeToString()

    plans = {
        "at most": [0], "less": [1], "at least": [2], "more": [3], "equal": [0, 4], "unequal": [1, 5], "members": [0, 6], "all": [0, 1, 2, 3, 4, 5, 6],
    }
    shapes = {
        "sum": (1, 1, 0, False), "mean": (1, 0, 0, False), "least": (1, 2, 0, False), "greatest": (1, 3, 0, False), "targets": (3, 1, 0, False),
        "softmax": (3, 1, 2, False), "logistic": (2, 1, 1, False), "chosen": (3, 1, 0, True),
    }
    for (plan, modes), (shape, (targets, aggregate, post, chosen)), wide in itertools.product(plans.items(), shapes.items(), (False, True)):

        def make(modes=modes, targets=targets, aggregate=aggregate, post=post, chosen=chosen, wide=wide, shape=shape, plan=plan):
            graph = ensemble(len(plan) * 31 + len(shape) * 7 + wide, wide, targets, aggregate, post, modes, chosen)
            run = runtime(graph)

            def answer(rows):
                said = run(rows)
                if chosen:
                    return {"labels": said["label"], "shares": said["Y"]}
                return {"booster" if shape == "softmax" else "numbers": said["Y"]}

            return {"onnx": first_taken(answer)}, [("onnx", lambda: graph, "onnx")]

        yield "onnx ml 5", f"{plan} {shape}{' wide' if wide else ''}", make


def beside(module):
    """The models of a library that has a file of its own here."""
    return lambda: importlib.import_module(module).models(globals())


def models():
    others = (beside("grid_catboost"), beside("grid_several"))
    for library in (xgboost_models, lightgbm_models, sklearn_models, pipelines, converted, converted_boosters, made_by_hand, *others):
        try:
            yield from library()
        except ImportError:
            pass


with open(f"{folder}/grid.jsonl", "w", encoding="utf-8") as out:
    for number, (library, option, make) in enumerate(models()):
        if number % parts != part % parts:
            continue
        try:
            answers, cases = make()
        except Exception as error:  # noqa: BLE001
            # The library itself does not make it, or not in this version.
            print(json.dumps({"library": library, "option": option, "unmade": f"{type(error).__name__}: {error}"[:200]}), file=out)
            continue
        listed = []
        for place, (form, write, answer) in enumerate(cases):
            path = f"{number}-{place}"
            try:
                data = write()
            except Exception as error:  # noqa: BLE001
                print(json.dumps({"library": library, "option": f"{option} as {form}", "unmade": f"{type(error).__name__}: {error}"[:200]}), file=out)
                continue
            with open(f"{folder}/{path}", "wb") as file:
                file.write(data)
            listed.append({"form": form, "path": path, "answer": answer})
        print(json.dumps({"library": library, "option": option, "answers": answers, "cases": listed}), file=out)
