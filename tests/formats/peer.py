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
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        names = [output.name for output in session.get_outputs()]
        results = session.run(None, {session.get_inputs()[0].name: data.to_numpy(np.float32)})
        return dict(zip(names, results))
    if how == "mlflow.pyfunc":
        import mlflow

        return {"predict": np.asarray(mlflow.pyfunc.load_model(path).predict(data))}
    if how == "mlflow.onnx":
        import mlflow, onnxruntime

        model = mlflow.onnx.load_model(path)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return {"predict": session.run(None, {session.get_inputs()[0].name: data.to_numpy(np.float32)})[0]}
    raise SystemExit(f"unknown library {how}")


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
            answer = {"predict": predict, "make": make}[request["do"]]()
        except Exception:
            answer = {"error": traceback.format_exc()}
        answer["warnings"] = sorted({f"{w.category.__name__}: {w.message}" for w in caught})
        answer["log"] = Log.lines
    print(json.dumps(answer, default=plain), file=answers, flush=True)
