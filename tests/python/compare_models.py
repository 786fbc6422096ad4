"""Loads what hivectl registered through an MLflow server and compares predictions.

compare_models.py TRACKING_URI MODEL@STAGE MATRIX.parquet PREDICTIONS.jsonl FIELD

Prints one JSON document: the models and versions that the client lists, and for each way of loading the
number of rows and the largest relative difference to FIELD of the predictions (or, for flags, the number of
rows that differ).
"""

import json
import os
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ["MLFLOW_DISABLE_AUTO_LOGGING"] = "true"

import mlflow  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from mlflow import MlflowClient  # noqa: E402


def load(flavor, uri, matrix):
    if flavor == "pyfunc":
        return mlflow.pyfunc.load_model(uri).predict(matrix)
    if flavor == "sklearn":
        return mlflow.sklearn.load_model(uri).predict(matrix)
    if flavor == "xgboost":
        import xgboost

        return mlflow.xgboost.load_model(uri).predict(xgboost.DMatrix(matrix))
    import onnxruntime

    session = onnxruntime.InferenceSession(mlflow.onnx.load_model(uri).SerializeToString(), providers=["CPUExecutionProvider"])
    answers = session.run(None, {session.get_inputs()[0].name: matrix.to_numpy(np.float32)})
    assert len(answers) == 1, "one prediction column"
    return answers[0]


def main():
    tracking_uri, reference, matrix_file, predictions_file, field = sys.argv[1:]
    name, stage = reference.split("@")
    mlflow.set_tracking_uri(tracking_uri)
    client = MlflowClient()
    listed = {
        model.name: {version.version: version.current_stage for version in client.search_model_versions(f"name='{model.name}'")}
        for model in client.search_registered_models()
    }
    uri = f"models:/{name}/{stage}"
    matrix = pd.read_parquet(matrix_file).drop(columns=["created_at", "actual_duration_ms"]).astype("float64")
    with open(predictions_file) as lines:
        ours = np.array([json.loads(line)[field] for line in lines])
    compared = {}
    native = [name for name in ("sklearn", "xgboost") if name in mlflow.models.get_model_info(uri).flavors]
    for flavor in ["pyfunc", *native, "onnx"]:
        theirs = np.asarray(load(flavor, uri, matrix)).ravel()
        if field == "is_anomaly":
            difference = float((np.where(ours, -1, 1) != theirs).sum())
        else:
            # hivectl tells no duration below 0, which boosted trees may add up to.
            theirs = np.maximum(theirs, 0.0)
            difference = float((np.abs(theirs - ours) / np.maximum(np.abs(ours), 1.0)).max())
        compared[flavor] = {"rows": len(theirs), "difference": difference}
    print(json.dumps({"listed": listed, "compared": compared}))


main()
