"""What a run took in, as MLflow's client tells it; one JSON document on standard output.

run_inputs.py TRACKING_URI NAME@VERSION
"""

import json
import logging
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.data import get_source  # noqa: E402

tracking_uri, reference = sys.argv[1:]
# MLflow greets on standard output.
document, sys.stdout = sys.stdout, sys.stderr
mlflow.set_tracking_uri(tracking_uri)
run = mlflow.get_run(MlflowClient().get_model_version(*reference.split("@")).run_id)
found = []
for taken in run.inputs.dataset_inputs:
    told = taken.dataset
    source = get_source(taken)
    found.append(
        {
            "name": told.name,
            "digest": told.digest,
            "context": {tag.key: tag.value for tag in taken.tags}.get("mlflow.data.context"),
            "profile": json.loads(told.profile),
            "source": source.to_dict(),
            "opened": source.load() if told.source_type == "local" else None,
        }
    )
print(json.dumps({"inputs": found}), file=document)
