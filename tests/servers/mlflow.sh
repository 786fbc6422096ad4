#!/bin/sh
# Makes the Python environments with MLflow that tests compare with, and says where they are.
#
#   eval "$(tests/servers/mlflow.sh env)"      makes what is missing, prints export lines
#   tests/servers/mlflow.sh run PYTHON         starts a server of that environment on a free port, prints its URL
#                                              and ends it with the end of its own standard input
#
# HIVECTL_TEST_PYTHON          MLflow 3.17 with scikit-learn, ONNX, XGBoost and LightGBM
# HIVECTL_TEST_PYTHON_MLFLOW2  MLflow 2.19 with scikit-learn 1.5
#
# A variable that is set already is used as it is. The environments are under
# ${XDG_CACHE_HOME:-~/.cache}/hivectl-tests; their names carry a digest of the pins, so changed pins make
# a new environment and an unchanged one costs nothing the second time.
set -eu

cache="${XDG_CACHE_HOME:-$HOME/.cache}/hivectl-tests"

newest_pins='mlflow==3.17.2
scikit-learn==1.9.1
skops==0.16.*
onnx==1.23.*
onnxruntime==1.31.*
xgboost==3.2.*
lightgbm==4.7.*
skl2onnx==1.20.*
numpy==2.4.*
pandas
pyarrow'

# Without the SQLAlchemy pin MLflow 2.19 does not start; it asks setuptools for pkg_resources.
former_pins='mlflow==2.19.0
scikit-learn==1.5.2
setuptools<81
sqlalchemy<2.1
numpy<2.3
pandas<2.3
skops
onnx==1.17.*
onnxruntime'

say() { printf '%s\n' "$*" >&2; }

# A uv of our own when there is none.
find_uv() {
    # A name on the path may be a shim without a program behind it.
    if uv --version >/dev/null 2>&1; then
        command -v uv
        return
    fi
    if [ ! -e "$cache/uv/finished" ]; then
        command -v python3 >/dev/null 2>&1 || { say "python3 is needed to make the test environments"; return 1; }
        rm -rf "$cache/uv"
        python3 -m venv "$cache/uv" >&2
        "$cache/uv/bin/pip" install --quiet --disable-pip-version-check uv >&2
        touch "$cache/uv/finished"
    fi
    printf '%s\n' "$cache/uv/bin/uv"
}

# environment NAME PINS: prints the interpreter. The finished mark comes last, so that an interrupted
# set-up is done again.
environment() {
    digest=$(printf '%s' "$2" | cksum | cut -d' ' -f1)
    folder="$cache/$1-$digest"
    if [ ! -e "$folder/finished" ]; then
        uv=$(find_uv)
        say "making $folder"
        rm -rf "$folder"
        mkdir -p "$cache"
        "$uv" venv --quiet --python '>=3.11,<3.13' "$folder" >&2 || "$uv" venv --quiet "$folder" >&2
        printf '%s\n' "$2" >"$folder/pins.txt"
        "$uv" pip install --quiet --python "$folder/bin/python" --requirements "$folder/pins.txt" >&2
        touch "$folder/finished"
    fi
    printf '%s/bin/python\n' "$folder"
}

quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }

case "${1:-}" in
env)
    newest=${HIVECTL_TEST_PYTHON:-$(environment mlflow-3 "$newest_pins")}
    former=${HIVECTL_TEST_PYTHON_MLFLOW2:-$(environment mlflow-2 "$former_pins")}
    printf 'export HIVECTL_TEST_PYTHON=%s\n' "$(quoted "$newest")"
    printf 'export HIVECTL_TEST_PYTHON_MLFLOW2=%s\n' "$(quoted "$former")"
    ;;
run)
    python=${2:?the interpreter}
    folder=$(mktemp -d)
    port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    cd "$folder"
    # Jobs of the newer server are of no use here and take a gigabyte.
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false "$python" -m mlflow server --host 127.0.0.1 --port "$port" --workers 2 \
        --backend-store-uri "sqlite:///$folder/mlflow.db" --artifacts-destination "$folder/artifacts" \
        >"$folder/log" 2>&1 </dev/null &
    server=$!
    # Politely, so that its workers go with it.
    trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
    trap 'exit 1' INT TERM
    "$python" - "$port" "$server" <<'WAIT' || { cat "$folder/log" >&2; exit 1; }
import os, sys, time, urllib.request
for _ in range(600):
    os.kill(int(sys.argv[2]), 0)
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/health", timeout=2)
        sys.exit(0)
    except OSError:
        time.sleep(0.2)
sys.exit("the server did not start")
WAIT
    printf 'http://127.0.0.1:%s\n' "$port"
    cat >/dev/null
    ;;
*)
    say "usage: tests/servers/mlflow.sh env | run PYTHON"
    exit 2
    ;;
esac
