"""The real libraries, for the tests of model files: a JSON request a line on stdin, a JSON answer a line on stdout."""
import json, logging, os, sys, traceback, warnings

import numpy as np

# Libraries that print must not spoil the answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def frame():
    import pandas as pd

    rows = np.array([[np.nan if v is None else v for v in row] for row in request["rows"]], dtype=np.float64)
    return pd.DataFrame(rows, columns=request["names"])


def load_sklearn(path, how):
    if how == "pickle":
        import pickle

        with open(path, "rb") as file:
            return pickle.load(file)
    if how == "joblib":
        import joblib

        return joblib.load(path)
    if how == "skops":
        import skops.io

        return skops.io.load(path, trusted=["sklearn.tree._tree.Tree"])
    import mlflow

    return mlflow.sklearn.load_model(path)


def sklearn_outputs(model, data):
    outputs = {"predict": model.predict(data)}
    if hasattr(model, "score_samples"):
        outputs["score_samples"] = model.score_samples(data)
        outputs["decision_function"] = model.decision_function(data)
    if hasattr(model, "predict_proba"):
        outputs["predict_proba"] = model.predict_proba(data)
    repr(model)
    outputs["params"] = {key: repr(value) for key, value in model.get_params().items()}
    return outputs


def predict():
    how, path, data = request["load"], request["path"], frame()
    if how in ("pickle", "joblib", "skops", "mlflow.sklearn"):
        return sklearn_outputs(load_sklearn(path, how), data)
    if how == "onnx":
        import onnx, onnxruntime

        onnx.checker.check_model(onnx.load(path), full_check=True)
        # Several threads add the trees in several parts, so that ties depend on the machine.
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        names = [output.name for output in session.get_outputs()]
        results = session.run(None, {session.get_inputs()[0].name: data.to_numpy(np.float32)})
        return dict(zip(names, results))
    if how == "mlflow.pyfunc":
        import mlflow

        return {"predict": np.asarray(mlflow.pyfunc.load_model(path).predict(data))}
    if how == "mlflow.xgboost":
        import mlflow, xgboost

        return {"predict": mlflow.xgboost.load_model(path).predict(xgboost.DMatrix(data))}
    if how == "mlflow.onnx":
        import mlflow, onnxruntime

        model = mlflow.onnx.load_model(path)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return {"predict": session.run(None, {session.get_inputs()[0].name: data.to_numpy(np.float32)})[0]}
    if how == "xgboost":
        import xgboost

        booster = xgboost.Booster(model_file=path)
        data = xgboost.DMatrix(data.to_numpy(), feature_names=request["names"], feature_types=booster.feature_types or None)
        booster.feature_names = booster.feature_names or request["names"]
        return {"predict": booster.predict(data)}
    if how == "lightgbm":
        import lightgbm

        return {"predict": lightgbm.Booster(model_file=path).predict(data.to_numpy())}
    raise ValueError(f"unknown library {how}")


def numbers(rows):
    return np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=np.float64)


def make():
    """Trains a small model with the real library and saves it."""
    kind, form, path = request["kind"], request["form"], request["path"]
    data, target = numbers(request["rows"]), np.array(request["target"])
    if "names" in request:
        import pandas as pd

        data = pd.DataFrame(data, columns=request["names"])
    from sklearn import ensemble as E

    classes = np.digitize(target, np.quantile(target, [0.3, 0.7])) * 10
    if kind == "IsolationForest":
        model = E.IsolationForest(n_estimators=20, random_state=5, **request.get("params", {})).fit(data)
    elif kind == "BinaryForestClassifier":
        model = E.RandomForestClassifier(10, max_depth=6, random_state=5).fit(data, (target > np.median(target)).astype(int))
    elif kind.endswith("Classifier"):
        model = getattr(E, kind)(10, max_depth=6, random_state=5).fit(data, classes)
    else:
        model = getattr(E, kind)(10, max_depth=8, random_state=5).fit(data, target)
    if form == "onnx":
        try:
            from skl2onnx import to_onnx
        except ImportError:
            return {"absent": "skl2onnx"}
        options = {id(model): {"zipmap": False}} if kind.endswith("Classifier") else None
        onx = to_onnx(model, data[:1].astype(np.float32), options=options, target_opset={"": 17, "ai.onnx.ml": 3})
        with open(path, "wb") as file:
            file.write(onx.SerializeToString())
    elif form == "skops":
        import skops.io

        skops.io.dump(model, path)
    elif form.startswith("joblib"):
        import joblib

        joblib.dump(model, path, compress=int(form[6:] or 0))
    else:
        import pickle

        with open(path, "wb") as file:
            pickle.dump(model, file, protocol=int(form[6:]))
    return {}


def boost():
    """Trains a small boosted model and saves it in the library's own form."""
    kind, path = request["kind"], request["path"]
    data, target = numbers(request["rows"]), np.array(request["target"])
    data[::11, 2] = np.nan
    classes = np.digitize(target, np.quantile(target, [0.3, 0.7]))
    if kind == "categories":
        target = target + 2000 * np.isin(data[:, 1], [1, 3])
    if request["library"] == "xgboost":
        import xgboost

        parameters = {
            "regression": {"objective": "reg:squarederror"},
            "absolute": {"objective": "reg:absoluteerror"},
            "forest": {"num_parallel_tree": 10, "subsample": 0.7, "eta": 1.0},
            "dart": {"booster": "dart", "rate_drop": 0.4},
            "binary": {"objective": "binary:logistic"},
            "multiclass": {"objective": "multi:softprob", "num_class": 3},
            "categories": {"max_cat_to_onehot": 1},
        }[kind]
        label = {"binary": (target > np.median(target)).astype(int), "multiclass": classes}.get(kind, target)
        types = ["float"] * data.shape[1]
        if kind == "categories":
            types[1] = "c"
        matrix = xgboost.DMatrix(data, label, feature_types=types)
        rounds = 1 if kind == "forest" else 8
        xgboost.train({"max_depth": 5, "tree_method": "hist", "seed": 3, **parameters}, matrix, rounds).save_model(path)
        return {}
    import lightgbm

    parameters = {
        "regression": {"objective": "regression"},
        "absolute": {"objective": "regression_l1"},
        "forest": {"boosting": "rf", "bagging_fraction": 0.7, "bagging_freq": 1},
        "zero": {"objective": "regression", "zero_as_missing": True},
        "linear": {"objective": "regression", "linear_tree": True},
        "binary": {"objective": "binary"},
        "multiclass": {"objective": "multiclass", "num_class": 3},
        "categories": {"min_data_per_group": 5, "cat_smooth": 1.0, "max_cat_to_onehot": 1},
    }[kind]
    label = {"binary": (target > np.median(target)).astype(int), "multiclass": classes}.get(kind, target)
    categorical = [1] if kind == "categories" else "auto"
    if kind == "zero":
        data[::5, 2] = 0.0
    dataset = lightgbm.Dataset(data, label, categorical_feature=categorical, params={"linear_tree": kind == "linear", "verbose": -1})
    lightgbm.train({"num_leaves": 15, "verbose": -1, "seed": 3, **parameters}, dataset, 8).save_model(path)
    return {}


def wrap():
    """Trains a boosted model through the scikit-learn interface and pickles it."""
    import pickle

    import pandas as pd

    kind, _, early = request["kind"].partition(" ")
    data, target = numbers(request["rows"]), np.array(request["target"])
    data[::11, 2] = np.nan
    data = pd.DataFrame(data, columns=request["names"])
    library = {"X": "xgboost", "L": "lightgbm"}.get(kind[0])
    if library == "xgboost":
        import xgboost as module
    elif library == "lightgbm":
        import lightgbm as module
    elif kind.startswith("Decision"):
        import sklearn.tree as module
    else:
        import sklearn.ensemble as module
    classes = np.digitize(target, np.quantile(target, [0.3, 0.7]))
    label = classes if "Classifier" in kind else target
    parameters = {"random_state": 3}
    if kind.startswith("Decision"):
        parameters["max_depth"] = 6
    elif library:
        parameters.update(n_estimators=60 if early else 8, **({"verbose": -1} if library == "lightgbm" else {}))
    else:
        parameters["max_iter"] = 8
    fit = {}
    if early:
        # The last rows are turned round, so that learning on soon makes it worse.
        fit["eval_set"] = [(data[400:], target[400:][::-1])]
        if library == "xgboost":
            parameters["early_stopping_rounds"] = 3
            fit["verbose"] = False
        else:
            fit["callbacks"] = [module.early_stopping(3, verbose=False)]
    model = getattr(module, kind)(**parameters).fit(data, label, **fit)
    with open(request["path"], "wb") as file:
        pickle.dump(model, file, protocol=4)
    return {"best": getattr(model, "best_iteration_", None) or getattr(model, "best_iteration", None) if early else None}


def pipe():
    """Trains a model behind the steps of `steps` and saves the whole as ONNX or as a pickle."""
    import pickle

    import lightgbm
    from sklearn import compose, ensemble, feature_selection, impute, pipeline, preprocessing, tree

    data, target = numbers(request["rows"]), np.array(request["target"])
    if request.get("missing"):
        data[::7, 1] = data[::5, 3] = np.nan
    known = {
        "standard": preprocessing.StandardScaler,
        "minmax": preprocessing.MinMaxScaler,
        "clipped": lambda: preprocessing.MinMaxScaler((-2, 3), clip=True),
        "robust": preprocessing.RobustScaler,
        "maxabs": preprocessing.MaxAbsScaler,
        "median": lambda: impute.SimpleImputer(strategy="median"),
        "constant": lambda: impute.SimpleImputer(strategy="constant", fill_value=-1.0),
        "best": lambda: feature_selection.SelectKBest(feature_selection.f_regression, k=4),
        "percentile": lambda: feature_selection.SelectPercentile(feature_selection.f_regression, percentile=40),
        "variance": lambda: feature_selection.VarianceThreshold(0.5),
        "columns": lambda: compose.ColumnTransformer(
            [("a", preprocessing.StandardScaler(), [2, 0]), ("b", "passthrough", [4]), ("c", "drop", [1])], remainder=request.get("remainder", "drop")
        ),
        "named": lambda: compose.ColumnTransformer(
            [("a", preprocessing.MinMaxScaler(), [request["names"][5], request["names"][1]])], remainder="passthrough"
        ),
        "log": lambda: preprocessing.FunctionTransformer(np.log1p),
        "root": lambda: preprocessing.FunctionTransformer(np.sqrt),
        "nothing": lambda: preprocessing.FunctionTransformer(),
        "normalizer": preprocessing.Normalizer,
        "polynomial": lambda: preprocessing.PolynomialFeatures(2, interaction_only=True),
        "bins": lambda: preprocessing.KBinsDiscretizer(3, encode="ordinal", quantile_method="averaged_inverted_cdf"),
        "mean_of_absolute": lambda: preprocessing.FunctionTransformer(np.abs),
    }
    small = {"random_state": 3}
    models = {
        "forest": lambda: ensemble.RandomForestRegressor(20, max_depth=7, **small),
        "boosting": lambda: ensemble.GradientBoostingRegressor(n_estimators=20, **small),
        "votes": lambda: ensemble.RandomForestClassifier(20, **small),
        "votes_of_three": lambda: ensemble.RandomForestClassifier(10, max_depth=5, **small),
        "boosted_votes": lambda: ensemble.GradientBoostingClassifier(n_estimators=20, **small),
        "isolation": lambda: ensemble.IsolationForest(n_estimators=20, contamination=0.1, **small),
        "histogram": lambda: ensemble.HistGradientBoostingRegressor(max_iter=20, **small),
        "lightgbm": lambda: lightgbm.LGBMRegressor(n_estimators=20, verbose=-1, **small),
        "tree": lambda: tree.DecisionTreeRegressor(max_depth=7, **small),
        "voting": lambda: ensemble.VotingRegressor([("a", models["forest"]()), ("b", models["tree"]())]),
    }
    kind = request["model"]
    if kind in ("votes", "boosted_votes"):
        target = (target > np.median(target)).astype(int) * 2 + 3
    elif kind == "votes_of_three":
        target = np.digitize(target, np.quantile(target, [0.3, 0.7])) * 10
    if "names" in request:
        import pandas as pd

        data = pd.DataFrame(data, columns=request["names"])
    model = pipeline.make_pipeline(*(known[step]() for step in request["steps"]), models[kind]()).fit(data, target)
    if request["form"] == "onnx":
        from skl2onnx import to_onnx

        kind = np.float64 if request.get("wide") else np.float32
        graph = to_onnx(model, np.asarray(data)[:1].astype(kind), target_opset={"": 17, "ai.onnx.ml": 3})
        with open(request["path"], "wb") as file:
            file.write(graph.SerializeToString())
    else:
        with open(request["path"], "wb") as file:
            pickle.dump(model, file, protocol=4)
    return {}


def plain(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(type(value))


class Log(logging.Handler):
    lines = []

    def emit(self, record):
        Log.lines.append(f"{record.levelname}: {record.getMessage()}")


logging.getLogger("mlflow").addHandler(Log(logging.WARNING))
for line in sys.stdin:
    request = json.loads(line)
    Log.lines = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            answer = {"predict": predict, "make": make, "boost": boost, "wrap": wrap, "pipe": pipe}[request["do"]]()
        except Exception:
            answer = {"error": traceback.format_exc()}
        answer["warnings"] = sorted({f"{w.category.__name__}: {w.message}" for w in caught})
        answer["log"] = Log.lines
    print(json.dumps(answer, default=plain), file=answers, flush=True)
