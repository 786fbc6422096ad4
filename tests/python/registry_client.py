"""What MLflow sees and does in a registry file; one JSON document on standard output.

registry_client.py DATABASE show            models, versions, stages, aliases, tags, runs
registry_client.py DATABASE predict URI…    the prediction for two rows by each model
registry_client.py DATABASE stage NAME VERSION STAGE (archive|keep)
registry_client.py DATABASE log NAME        logs and registers a model from Python
registry_client.py DATABASE aliases NAME ALIAS=VERSION…
                                            logs and registers three, and points aliases at them
registry_client.py - make FOLDER            a small sklearn model in a folder
"""

import json
import os
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ["MLFLOW_DISABLE_AUTO_LOGGING"] = "true"

import mlflow  # noqa: E402
import pandas as pd  # noqa: E402
from mlflow import MlflowClient  # noqa: E402


def small_model():
    from sklearn.ensemble import RandomForestRegressor

    rows = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0] * 5, "b": [4.0, 3.0, 2.0, 1.0] * 5})
    return RandomForestRegressor(n_estimators=3, random_state=0).fit(rows, rows["a"] * 10)


def show(client):
    models = {}
    for model in client.search_registered_models():
        full = client.get_registered_model(model.name)
        versions = []
        for version in client.search_model_versions(f"name='{model.name}'"):
            found = client.get_model_version(version.name, version.version)
            run = client.get_run(found.run_id) if found.run_id else None
            versions.append(
                {
                    "version": int(found.version),
                    "stage": found.current_stage,
                    "aliases": sorted(found.aliases),
                    "tags": found.tags,
                    "source": found.source,
                    "metrics": run.data.metrics if run else {},
                    "params": run.data.params if run else {},
                    "experiment": client.get_experiment(run.info.experiment_id).name if run else None,
                    "outputs": [output.model_id for output in run.outputs.model_outputs] if run and run.outputs else [],
                }
            )
        models[model.name] = {"aliases": {k: int(v) for k, v in full.aliases.items()}, "versions": versions}
    logged = mlflow.search_logged_models(experiment_ids=[e.experiment_id for e in client.search_experiments()], output_format="list")
    return {
        "models": models,
        "logged_models": {m.model_id: {"status": str(m.status), "metrics": {x.key: x.value for x in m.metrics or []}, "params": m.params} for m in logged},
    }


def log(name):
    mlflow.set_experiment("from-python")
    with mlflow.start_run():
        mlflow.log_metric("mae", 7.5)
        mlflow.log_param("trees", 3)
        return mlflow.sklearn.log_model(
            small_model(), name="model", serialization_format="pickle", pip_requirements=["numpy"], registered_model_name=name
        ).model_id


def main():
    database, action, *rest = sys.argv[1:]
    if action == "make":
        mlflow.sklearn.save_model(small_model(), rest[0], serialization_format="pickle", pip_requirements=["numpy"])
        return {}
    mlflow.set_tracking_uri("sqlite:///" + database)
    client = MlflowClient()
    if action == "show":
        return show(client)
    if action == "predict":
        rows = pd.DataFrame({"a": [1.5, 3.5], "b": [3.5, 1.5]})
        return {uri: [float(value) for value in mlflow.pyfunc.load_model(uri).predict(rows)] for uri in rest}
    if action == "stage":
        name, version, stage, others = rest
        try:
            client.transition_model_version_stage(name, version, stage, archive_existing_versions=others == "archive")
            return {"moved": True}
        except Exception as error:
            return {"moved": False, "error": type(error).__name__ + ": " + str(error).splitlines()[0]}
    if action == "log":
        return {"model_id": log(rest[0])}
    if action == "aliases":
        for _ in range(3):
            log(rest[0])
        for alias, version in (word.split("=") for word in rest[1:]):
            client.set_registered_model_alias(rest[0], alias, version)
        return {}
    raise SystemExit(f"unknown action {action}")


print(json.dumps(main()))
