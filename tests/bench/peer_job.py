"""The main job as a Python user does it: json, the running system's features, scikit-learn, joblib.

peer_job.py read  TICKETS.ndjson[.gz]          tickets into the feature matrix
peer_job.py train TICKETS.ndjson[.gz] FOLDER   and a random forest and an isolation forest, judged and stored

Prints one JSON line with the seconds of each step and the peak memory.
"""

import gzip
import json
import resource
import sys
import time
from collections import defaultdict
from datetime import datetime, timezone
from math import sqrt

import numpy as np

RISK = {"critical": 1.0, "high": 0.7, "medium": 0.5, "low": 0.3}
DELIVERY = {"at_least_once": 0.5, "at_most_once": 0.6, "exactly_once": 1.0}
CONSISTENCY = {"eventual": 0.85, "strong": 1.0, "causal": 0.95}
DURABILITY = {"ephemeral": 0.9, "transient": 0.9, "persistent": 1.0}
TASK = {"BUILD": 0, "DEPLOY": 1, "TEST": 2, "VALIDATE": 3, "EXECUTE": 4, "PLAN": 5, "CONSOLIDATE": 6}


def read(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt") as lines:
        tickets = [json.loads(line) for line in lines]
    tickets = [t for t in tickets if t["status"] == "COMPLETED" and (t["actual_duration_ms"] or 0) > 0]
    tickets.sort(key=lambda t: t["created_at"])
    return tickets


def statistics(tickets):
    groups = defaultdict(list)
    for ticket in tickets:
        groups[ticket["task_type"], ticket["risk_band"]].append(ticket["actual_duration_ms"])
    found = {}
    for key, durations in groups.items():
        mean = sum(durations) / len(durations)
        found[key] = (mean, sqrt(sum((d - mean) ** 2 for d in durations) / len(durations)))
    return found


def features(ticket, known):
    qos = ticket["qos"]
    mean, spread = known.get((ticket["task_type"], ticket["risk_band"]), (60000.0, 15000.0))
    return (
        RISK.get(ticket["risk_band"].lower(), 0.5),
        DELIVERY.get(qos["delivery_mode"].lower(), 0.5),
        CONSISTENCY.get(qos["consistency"].lower(), 0.85),
        DURABILITY.get(qos["durability"].lower(), 1.0),
        len(ticket["required_capabilities"]),
        TASK.get(ticket["task_type"].upper(), 4),
        len(str(ticket["parameters"])) if ticket["parameters"] else 0,
        float(ticket["estimated_duration_ms"]),
        float(ticket["sla"]["timeout_ms"]),
        mean,
        mean,
        1.0,
        spread,
        ticket["retry_count"],
        datetime.fromtimestamp(ticket["created_at"] / 1000, tz=timezone.utc).hour,
    )


def main():
    action, path, *rest = sys.argv[1:]
    start = time.perf_counter()
    tickets = read(path)
    known = statistics(tickets[: int(len(tickets) * 0.8)])
    matrix = np.array([features(ticket, known) for ticket in tickets], dtype=np.float32)
    target = np.array([ticket["actual_duration_ms"] for ticket in tickets], dtype=np.float64)
    del tickets
    answer = {"peer": "python", "rows": len(target), "read_s": time.perf_counter() - start}
    if action == "train":
        import joblib
        from sklearn.ensemble import IsolationForest, RandomForestRegressor

        cut = int(len(target) * 0.8)
        begin = time.perf_counter()
        forest = RandomForestRegressor(n_estimators=100, max_depth=10, min_samples_split=5, min_samples_leaf=2, random_state=42, n_jobs=-1)
        forest.fit(matrix[:cut], target[:cut])
        error = np.abs(forest.predict(matrix[cut:]) - target[cut:])
        isolation = IsolationForest(n_estimators=100, contamination=0.05, random_state=42, n_jobs=-1).fit(matrix[:cut])
        isolation.predict(matrix[cut:])
        joblib.dump(forest, rest[0] + "/duration.pkl")
        joblib.dump(isolation, rest[0] + "/anomaly.pkl")
        answer |= {"fit_s": time.perf_counter() - begin, "mae": float(error.mean())}
    answer |= {"total_s": time.perf_counter() - start, "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    print(json.dumps(answer))


main()
