"""What MLflow's own client needs for the same work, in a fresh process as a script or a cron job starts one.

peer_registry.py URL list
peer_registry.py URL show NAME VERSION
peer_registry.py URL promote NAME VERSION      stage with archive, alias, four tags, read back
"""

import sys

from mlflow import MlflowClient

url, work, *words = sys.argv[1:]
client = MlflowClient(tracking_uri=url)
if work == "list":
    token, names = None, []
    while True:
        page = client.search_registered_models(max_results=1000, page_token=token)
        names += [(model.name, [(version.version, version.current_stage) for version in model.latest_versions]) for model in page]
        token = page.token
        if not token:
            break
    print(len(names))
elif work == "show":
    name, version = words
    found = client.get_model_version(name, version)
    run = client.get_run(found.run_id)
    print(found.current_stage, found.tags, run.data.metrics, run.data.params)
elif work == "promote":
    name, version = words
    client.transition_model_version_stage(name, version, "Production", archive_existing_versions=True)
    client.set_registered_model_alias(name, "champion", version)
    for key in ("promoted_at", "promoted_by", "promoted_from", "promoted_reason"):
        client.set_model_version_tag(name, version, key, "x")
    serving = [found for found in client.search_model_versions(f"name = '{name}'") if found.current_stage == "Production"]
    assert [found.version for found in serving] == [version]
