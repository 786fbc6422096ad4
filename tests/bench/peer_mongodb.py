"""The peers of cargo bench --bench mongodb: WORK URI DATABASE COLLECTION.

arrow     PyMongoArrow reads the columns into an Arrow table
features  pymongo reads documents and plain Python makes the 15 features of each

Ends by printing the process's CPU seconds and its peak memory in MB.
"""

import resource
import sys
from datetime import datetime, timezone

import pymongo

RISK = {"critical": 1.0, "high": 0.7, "medium": 0.5, "low": 0.3}
DELIVERY = {"at_least_once": 0.5, "at_most_once": 0.6, "exactly_once": 1.0}
CONSISTENCY = {"eventual": 0.85, "strong": 1.0, "causal": 0.95}
DURABILITY = {"ephemeral": 0.9, "transient": 0.9, "persistent": 1.0}
TASKS = {"BUILD": 0, "DEPLOY": 1, "TEST": 2, "VALIDATE": 3, "EXECUTE": 4, "PLAN": 5, "CONSOLIDATE": 6}
FIELDS = (
    "ticket_id task_type risk_band status qos sla required_capabilities parameters estimated_duration_ms retry_count "
    "created_at started_at completed_at actual_duration_ms"
).split()


def row(ticket, history):
    qos = ticket.get("qos") or {}
    known = history.get((ticket.get("task_type"), ticket.get("risk_band")), (60000.0, 0.95, 15000.0))
    created = ticket.get("created_at")
    hour = datetime.fromtimestamp(created / 1000, tz=timezone.utc).hour if created else 12
    parameters = ticket.get("parameters")
    return [
        RISK.get((ticket.get("risk_band") or "").lower(), 0.5),
        DELIVERY.get((qos.get("delivery_mode") or "").lower(), 0.5),
        CONSISTENCY.get((qos.get("consistency") or "").lower(), 0.85),
        DURABILITY.get((qos.get("durability") or "").lower(), 1.0),
        len(ticket.get("required_capabilities") or []),
        TASKS.get((ticket.get("task_type") or "").upper(), 4),
        len(str(parameters)) if parameters else 0,
        float(ticket.get("estimated_duration_ms", 60000)),
        float((ticket.get("sla") or {}).get("timeout_ms", 300000)),
        known[0],
        known[0],
        known[1],
        known[2],
        int(ticket.get("retry_count") or 0),
        hour,
    ]


def features(collection):
    import numpy

    rows = [row(ticket, {}) for ticket in collection.find({}, dict.fromkeys(FIELDS, 1)) if ticket.get("status") == "COMPLETED"]
    print(numpy.asarray(rows, dtype=numpy.float32).shape, file=sys.stderr)


def arrow(collection):
    from pyarrow import int64, list_, string, struct
    from pymongoarrow.api import Schema, find_arrow_all

    schema = Schema(
        {
            "ticket_id": string(),
            "task_type": string(),
            "risk_band": string(),
            "status": string(),
            "qos": struct([("delivery_mode", string()), ("consistency", string()), ("durability", string())]),
            "sla": struct([("timeout_ms", int64())]),
            "required_capabilities": list_(string()),
            "estimated_duration_ms": int64(),
            "retry_count": int64(),
            "created_at": int64(),
            "started_at": int64(),
            "completed_at": int64(),
            "actual_duration_ms": int64(),
        }
    )
    print(find_arrow_all(collection, {}, schema=schema).num_rows, file=sys.stderr)


if __name__ == "__main__":
    work, uri, database, name = sys.argv[1:5]
    {"arrow": arrow, "features": features}[work](pymongo.MongoClient(uri)[database][name])
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
