"""Walks everything that an MLflow client can do with a registered version.

walk_model.py TRACKING_URI NAME@VERSION…

Prints one JSON document: by reference, and as `mlflow` for a model that MLflow itself logs there, what each step came to:
"works", or the error. What works with MLflow's own model is expected of every other.
"""

import inspect
import json
import logging
import os
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
os.environ["MLFLOW_DISABLE_AUTO_LOGGING"] = "true"

import mlflow  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.models import Model  # noqa: E402

# These want a server of Databricks, a process of their own, or change what they are asked of.
LEFT_OUT = {"log", "load", "from_dict", "add_flavor", "predict_stream"}


def register_own(name):
    from sklearn.ensemble import RandomForestRegressor

    rows = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0] * 5, "b": [4.0, 3.0, 2.0, 1.0] * 5})
    model = RandomForestRegressor(n_estimators=3, random_state=0).fit(rows, rows["a"] * 10)
    mlflow.set_experiment("walked")
    with mlflow.start_run():
        words = {"serialization_format": "pickle", "pip_requirements": ["numpy"], "input_example": rows[:3]}
        mlflow.sklearn.log_model(model, "model", registered_model_name=name, **words)


def asked_for_nothing(thing):
    """The public properties of a thing, and its methods that need no words."""
    for name in dir(type(thing)):
        if name.startswith("_") or name in LEFT_OUT:
            continue
        kind = inspect.getattr_static(type(thing), name)
        if isinstance(kind, property):
            yield name, lambda name=name: getattr(thing, name)
        elif inspect.isfunction(kind):
            words = list(inspect.signature(kind).parameters.values())[1:]
            if all(word.default is not word.empty for word in words):
                yield name, lambda name=name: getattr(thing, name)()


def steps(name, version):
    """Name and deed; a deed answers with something that is true where that is to be looked at, else with None."""
    uri = f"models:/{name}/{version}"
    client = MlflowClient()
    folder = mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=tempfile.mkdtemp())
    model = Model.load(uri)
    loaded = mlflow.pyfunc.load_model(uri)
    info = mlflow.models.get_model_info(uri)
    for kind, thing in [("Model", model), ("ModelInfo", info), ("PyFuncModel", loaded), ("PyFuncModel.metadata", loaded.metadata)]:
        for step, deed in asked_for_nothing(thing):
            yield f"{kind}.{step}", deed
    yield "Model.load of a folder", lambda: Model.load(folder) == model or None
    yield "Model.from_dict", lambda: Model.from_dict(model.to_dict())
    yield "Model.get_model_info of a folder", lambda: mlflow.models.get_model_info(folder)
    yield "get_model_dependencies", lambda: mlflow.pyfunc.get_model_dependencies(uri)
    yield "list_artifacts", lambda: mlflow.artifacts.list_artifacts(artifact_uri=uri)
    yield "get_model_version_download_uri", lambda: client.get_model_version_download_uri(name, version)
    yield "info.model_uri is loaded", lambda: mlflow.pyfunc.load_model(info.model_uri)
    if hasattr(mlflow, "get_logged_model") and model.model_id:
        yield "get_logged_model", lambda: mlflow.get_logged_model(model.model_id)
        yield "the logged model is loaded", lambda: mlflow.pyfunc.load_model(f"models:/{model.model_id}")
    yield "get_run of the model", lambda: mlflow.get_run(model.run_id) if model.run_id else None
    yield "copy_model_version", lambda: mlflow.pyfunc.load_model(f"models:/{name}-copy/{client.copy_model_version(uri, name + '-copy').version}")
    yield "register_model", lambda: mlflow.register_model(uri if hasattr(mlflow, "get_logged_model") else info.model_uri, name + "-again")
    if model.saved_input_example_info is None:
        return
    if hasattr(mlflow, "get_logged_model"):
        yield "example of the model", lambda: checked(loaded, loaded.metadata.load_input_example())
        yield "example by address", lambda: checked(loaded, model.load_input_example(uri))
    yield "example in a folder", lambda: checked(loaded, model.load_input_example(folder))
    yield "example's parameters", lambda: model.load_input_example_params(folder)
    yield "example is served", lambda: mlflow.models.validate_serving_input(uri, model.get_serving_input(folder))
    yield "example becomes what is served", lambda: mlflow.models.convert_input_example_to_serving_input(model.load_input_example(folder))


def checked(loaded, example):
    """The example has the columns of the signature and is answered, a number a row."""
    assert list(example.columns) == loaded.metadata.get_input_schema().input_names(), list(example.columns)
    answers = np.asarray(loaded.predict(example)).ravel()
    assert len(answers) == len(example) > 0 and np.isfinite(answers).all(), answers
    return True


def walk(name, version):
    outcomes = {}
    for step, deed in steps(name, version):
        try:
            deed()
            outcomes[step] = "works"
        except Exception as error:
            outcomes[step] = f"{type(error).__name__}: {str(error)[:300]}"
    return outcomes


def main():
    tracking_uri, *references = sys.argv[1:]
    # MLflow greets on standard output.
    document, sys.stdout = sys.stdout, sys.stderr
    mlflow.set_tracking_uri(tracking_uri)
    own = "walked-own-" + os.urandom(4).hex()
    register_own(own)
    walked = {"mlflow": walk(own, 1)}
    for reference in references:
        walked[reference] = walk(*reference.split("@"))
    print(json.dumps({"version": mlflow.__version__, "walked": walked}), file=document)


main()
