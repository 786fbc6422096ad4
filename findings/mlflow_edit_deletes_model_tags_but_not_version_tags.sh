#!/usr/bin/env bash
# MLflow 3.17.2, `mlflow server --app-name basic-auth` on a SQLite database, where accounts see only what they were given.
#
# Expected: the permission EDIT of a registered model means one thing for the tags of the model and for those of its versions:
# who may set a tag may take it away again, or may not, in both places.
# Seen: an account with EDIT sets and deletes tags of the model, and sets tags of its versions, but deleting one of these, also
# one that it has just set itself, is answered with 403; so is deleting an alias that it has just set. What has set a tag for
# the time of a change can only overwrite it with an empty value.
#
# Ends with 0 while this is so.
set -euo pipefail

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/environment"
python="$folder/environment/bin/python"
"$python" -m pip install --quiet --disable-pip-version-check 'mlflow[auth]==3.17.2'
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cd "$folder"
cat >users.ini <<'INI'
[mlflow]
default_permission = NO_PERMISSIONS
database_uri = sqlite:///users.db
admin_username = admin
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
INI
export MLFLOW_AUTH_CONFIG_PATH="$folder/users.ini" MLFLOW_FLASK_SERVER_SECRET_KEY=of-a-test MLFLOW_AUTH_ADMIN_PASSWORD=word-of-the-admin
MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false "$python" -m mlflow server --host 127.0.0.1 --port "$port" --workers 1 --app-name basic-auth \
    --backend-store-uri "sqlite:///$folder/mlflow.db" --artifacts-destination "$folder/artifacts" >"$folder/log" 2>&1 </dev/null &
server=$!
"$python" - "http://127.0.0.1:$port" <<'PYTHON'
import base64
import json
import sys
import time
import urllib.error
import urllib.request

url = sys.argv[1]
for _ in range(600):
    try:
        urllib.request.urlopen(url + "/health", timeout=2)
        break
    except OSError:
        time.sleep(0.2)


def ask(user, method, route, body):
    request = urllib.request.Request(url + route, json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method)
    request.add_header("Authorization", "Basic " + base64.b64encode(f"{user}:word-of-the-{user}".encode()).decode())
    try:
        return urllib.request.urlopen(request, timeout=30).status
    except urllib.error.HTTPError as error:
        return error.code


two, three = "/api/2.0/mlflow/", "/api/3.0/mlflow/"
model = {"name": "shared"}
assert ask("admin", "POST", two + "registered-models/create", model) == 200
assert ask("admin", "POST", two + "model-versions/create", {**model, "source": "s3://files/model"}) == 200
assert ask("admin", "POST", two + "users/create", {"username": "editor", "password": "word-of-the-editor"}) == 200
grant = {"username": "editor", "resource_type": "registered_model", "resource_id": "shared", "permission": "EDIT"}
assert ask("admin", "POST", three + "users/permissions/grant", grant) == 200

tag, alias = {"key": "changing", "value": "since now"}, {"alias": "champion"}
version = {**model, "version": "1"}
seen = {
    "set a tag of the model": ask("editor", "POST", two + "registered-models/set-tag", {**model, **tag}),
    "delete it": ask("editor", "DELETE", two + "registered-models/delete-tag", {**model, "key": "changing"}),
    "set a tag of a version": ask("editor", "POST", two + "model-versions/set-tag", {**version, **tag}),
    "delete that": ask("editor", "DELETE", two + "model-versions/delete-tag", {**version, "key": "changing"}),
    "empty it": ask("editor", "POST", two + "model-versions/set-tag", {**version, "key": "changing", "value": ""}),
    "set an alias": ask("editor", "POST", two + "registered-models/alias", {**version, **alias}),
    "delete the alias": ask("editor", "DELETE", two + "registered-models/alias", {**model, **alias}),
}
for what, status in seen.items():
    print(f"{what}: {status}")
assert list(seen.values()) == [200, 200, 200, 403, 200, 200, 403], seen
PYTHON
