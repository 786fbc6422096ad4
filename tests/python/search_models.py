"""Answers filters as MLflow does.

search_models.py DATABASE < FILTERS.json

Makes models in a new SQLite registry and prints a JSON list: for each filter the names that
search_registered_models finds, sorted, or null where MLflow refuses the filter.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

from mlflow import MlflowClient  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402

MODELS = {
    "ticket-duration-predictor": {"team": "Orchestration", "tier": "1"},
    "ticket-anomaly-detector": {"team": "orchestration"},
    "load-predictor-60m": {"my key": "a b", "team": "load"},
    "Ticket-Upper": {},
    "100%_sure": {"mlflow.note": "x", "a.b": "it's", "none": ""},
}


def main():
    client = MlflowClient(f"sqlite:///{sys.argv[1]}")
    for name, tags in MODELS.items():
        client.create_registered_model(name, tags=tags)

    def found(text):
        try:
            return sorted(model.name for model in client.search_registered_models(text))
        except (MlflowException, ValueError):
            return None

    print(json.dumps([found(text) for text in json.load(sys.stdin)]))


main()
