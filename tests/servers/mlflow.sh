#!/bin/sh
# Makes the Python environments with MLflow that tests compare with, and says where they are.
#
#   eval "$(tests/servers/mlflow.sh env)"      makes what is missing, prints export lines
#   tests/servers/mlflow.sh run PYTHON [KIND]  starts a server of that environment on a free port, prints
#                                              its url and folder, and ends it with the end of its own standard input
#   tests/servers/mlflow.sh run PYTHON KIND FOLDER
#                                              goes on where another server ended, of whose folder FOLDER is a copy:
#                                              at the same address, after 'mlflow db upgrade' of its tables
#
# KIND is sqlite (the default; two workers), plain (the same with one, which a busy machine starts too),
# postgresql (keeps its tables in Debian's PostgreSQL), tls (asks for a client certificate; authority.pem and
# client.pem are in its folder), auth (asks for the password s3cr3t-of-the-admin of the user admin), workspaces,
# or other-host (accepts no Host but tracking.example).
#
# HIVECTL_TEST_PYTHON          MLflow 3.17 with scikit-learn, ONNX, XGBoost and LightGBM
# HIVECTL_TEST_PYTHON_MLFLOW2  MLflow 2.19 with scikit-learn 1.5
# HIVECTL_TEST_PYTHON_NEWEST   MLflow 3.18 over the environment of 3.17
#
# A variable that is set already is used as it is; environments.sh says where the environments are.
set -eu

. "$(dirname "$0")/environments.sh"

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
pyarrow
psycopg2-binary==2.9.*
Flask-WTF'

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

# Its own companions are not served yet, so it stands in front of those of the release before.
newest_mlflow='mlflow==3.18.0'

# newest_over PYTHON: prints an interpreter that finds the newest MLflow before everything that PYTHON has.
newest_over() {
    digest=$(printf '%s' "$1 $newest_mlflow" | cksum | cut -d' ' -f1)
    folder="$cache/mlflow-newest-$digest"
    if [ ! -e "$folder/finished" ]; then
        uv=$(find_uv)
        say "making $folder"
        rm -rf "$folder"
        mkdir -p "$folder"
        "$uv" pip install --quiet --python "$1" --no-deps --target "$folder/packages" "$newest_mlflow" >&2
        printf '#!/bin/sh\nPYTHONPATH=%s exec %s "$@"\n' "$(quoted "$folder/packages")" "$(quoted "$1")" >"$folder/python"
        chmod +x "$folder/python"
        touch "$folder/finished"
    fi
    printf '%s/python\n' "$folder"
}

free_port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# PostgreSQL does not run as root.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then su postgres -s /bin/sh -c "$1"; else sh -c "$1"; fi
}

start_postgresql() {
    programs=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    [ -n "$programs" ] || { say "the package postgresql is needed"; return 1; }
    mkdir "$folder/tables"
    if [ "$(id -u)" -eq 0 ]; then
        chmod 755 "$folder"
        chown postgres "$folder/tables"
    fi
    tables_port=$(free_port)
    {
        as_postgres "'$programs/initdb' -D '$folder/tables/base' -A trust -U postgres --no-sync --locale=C.UTF-8 -E UTF8"
        as_postgres "'$programs/pg_ctl' -D '$folder/tables/base' -w -l '$folder/tables/log' \
            -o '-p $tables_port -h 127.0.0.1 -k $folder/tables -F' start"
    } >&2
}

stop_postgresql() {
    [ -d "$folder/tables/base" ] || return 0
    as_postgres "'$programs/pg_ctl' -D '$folder/tables/base' -m immediate stop" >/dev/null 2>&1 || true
}

# An authority, a server that it knows and a client that it knows.
make_certificates() {
    (
        cd "$folder"
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=hivectl tests' -keyout authority.key -out authority.pem
        for who in server client; do
            openssl req -newkey rsa:2048 -nodes -subj "/CN=$who" -keyout "$who.key" -out "$who.csr"
            printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n' >extensions
            openssl x509 -req -in "$who.csr" -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -extfile extensions -out "$who.pem"
        done
        cat client.key >>client.pem
    ) 2>/dev/null
}

quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }

case "${1:-}" in
env)
    newest=${HIVECTL_TEST_PYTHON:-$(environment mlflow-3 "$newest_pins")}
    former=${HIVECTL_TEST_PYTHON_MLFLOW2:-$(environment mlflow-2 "$former_pins")}
    over=${HIVECTL_TEST_PYTHON_NEWEST:-$(newest_over "$newest")}
    printf 'export HIVECTL_TEST_PYTHON=%s\n' "$(quoted "$newest")"
    printf 'export HIVECTL_TEST_PYTHON_MLFLOW2=%s\n' "$(quoted "$former")"
    printf 'export HIVECTL_TEST_PYTHON_NEWEST=%s\n' "$(quoted "$over")"
    ;;
run)
    python=${2:?the interpreter}
    folder=$(mktemp -d)
    former=${4:-}
    if [ -n "$former" ]; then
        cp -R "$former/." "$folder"
        port=$(cat "$folder/port")
    else
        port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    fi
    cd "$folder"
    printf '%s' "$port" >port
    kind=${3:-sqlite} workers=1
    tables="sqlite:///$folder/mlflow.db" scheme=http
    set --
    case $kind in
    sqlite) workers=2 ;;
    postgresql) workers=2 && start_postgresql && tables="postgresql+psycopg2://postgres@127.0.0.1:$tables_port/postgres" ;;
    tls)
        make_certificates
        scheme=https
        set -- --uvicorn-opts "--ssl-certfile $folder/server.pem --ssl-keyfile $folder/server.key --ssl-ca-certs $folder/authority.pem --ssl-cert-reqs 2"
        ;;
    auth | auth-hidden)
        # The users' tables are made where the server starts.
        if [ "$kind" = auth-hidden ]; then
            # One account sees of another's only what it was given.
            printf '[mlflow]\ndefault_permission = NO_PERMISSIONS\ndatabase_uri = sqlite:///users.db\nadmin_username = admin\nauthorization_function = mlflow.server.auth:authenticate_request_basic_auth\n' >users.ini
            export MLFLOW_AUTH_CONFIG_PATH=$folder/users.ini
        fi
        export MLFLOW_FLASK_SERVER_SECRET_KEY=of-a-test MLFLOW_AUTH_ADMIN_PASSWORD=s3cr3t-of-the-admin
        set -- --app-name basic-auth
        ;;
    workspaces) set -- --enable-workspaces ;;
    other-host) set -- --allowed-hosts tracking.example ;;
    esac
    if [ -n "$former" ]; then
        "$python" -m mlflow db upgrade "$tables" >"$folder/upgrade.log" 2>&1 || { cat "$folder/upgrade.log" >&2; exit 1; }
        # The server that was there before may still be ending.
        "$python" - "$port" <<'FREE'
import socket, sys, time
for _ in range(300):
    with socket.socket() as asked:
        if asked.connect_ex(("127.0.0.1", int(sys.argv[1]))):
            sys.exit(0)
    time.sleep(0.1)
sys.exit("the server before still answers")
FREE
    fi
    # Jobs of the newer server are of no use here and take a gigabyte.
    # A group of its own: the older server does not end the workers that it starts.
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false setsid "$python" -m mlflow server --host 127.0.0.1 --port "$port" --workers "$workers" \
        --backend-store-uri "$tables" --artifacts-destination "$folder/artifacts" "$@" >"$folder/log" 2>&1 </dev/null &
    server=$!
    # Politely, so that its workers go with it.
    trap 'kill -TERM "-$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; stop_postgresql; rm -rf "$folder"' EXIT
    trap 'exit 1' INT TERM
    "$python" - "$port" "$server" "$scheme" "$folder" <<'WAIT' || { cat "$folder/log" >&2; exit 1; }
import os, ssl, sys, time, urllib.request
context = None
if sys.argv[3] == "https":
    context = ssl.create_default_context(cafile=f"{sys.argv[4]}/authority.pem")
    context.load_cert_chain(f"{sys.argv[4]}/client.pem")
for _ in range(600):
    os.kill(int(sys.argv[2]), 0)
    try:
        urllib.request.urlopen(f"{sys.argv[3]}://127.0.0.1:{sys.argv[1]}/health", timeout=2, context=context)
        sys.exit(0)
    except OSError:
        time.sleep(0.2)
sys.exit("the server did not start")
WAIT
    printf 'url=%s://127.0.0.1:%s\nfolder=%s\nready=yes\n' "$scheme" "$port" "$folder"
    cat >/dev/null
    ;;
*)
    say "usage: tests/servers/mlflow.sh env | run PYTHON [KIND]"
    exit 2
    ;;
esac
