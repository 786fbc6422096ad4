"""MLflow's own housekeeping on a registry file or a server.

housekeeping.py DATABASE [ACT NAME]…
housekeeping.py URL=FOLDER [ACT NAME]…     a server that keeps its tables and artifacts in that folder

ACT is delete_experiment, delete_run, delete_version or delete_logged_model of version 2 of the model NAME, delete_alias of its
champion, or gc, whose name is nothing.
"""

import logging
import os
import subprocess
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

from mlflow import MlflowClient  # noqa: E402

database, *words = sys.argv[1:]
url, _, folder = database.partition("=")
uri = url if folder else "sqlite:///" + os.path.abspath(database)
client = MlflowClient(uri)
for act, name in zip(words[::2], words[1::2]):
    version = client.get_model_version(name, "2") if name else None
    if act == "delete_experiment":
        client.delete_experiment(client.get_run(version.run_id).info.experiment_id)
    elif act == "delete_run":
        client.delete_run(version.run_id)
    elif act == "delete_version":
        client.delete_model_version(name, "2")
    elif act == "delete_logged_model":
        client.delete_logged_model(version.source.removeprefix("models:/"))
    elif act == "delete_alias":
        client.delete_registered_model_alias(name, "champion")
    elif act == "gc":
        tables = f"sqlite:///{folder}/mlflow.db" if folder else uri
        command = [sys.executable, "-m", "mlflow", "gc", "--backend-store-uri", tables]
        command += ["--artifacts-destination", folder + "/artifacts"] if folder else []
        surroundings = {**os.environ, "MLFLOW_TRACKING_URI": uri}
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=surroundings)
    else:
        sys.exit(f"what is {act}?")
