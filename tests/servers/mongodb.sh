#!/bin/sh
# Makes the server with MongoDB's protocol that tests read from and write to, and starts it.
#
#   eval "$(tests/servers/mongodb.sh env)"   makes what is missing, prints an export line
#   tests/servers/mongodb.sh run [FOLDER]    starts it on free ports with its data in FOLDER, else in a temporary
#                                            one, prints lines of NAME=VALUE, and ends it once its standard
#                                            input ends
#
# run prints postgresql_url (for a FerretDB of your own in front of the same data), uri, uri_authenticated (asks
# for a password; the user tester has the password s3cr3t) and uri_tls (certificate: tls_certificate).
#
# HIVECTL_TEST_MONGODB_URI      a MongoDB of your own (5.0 to 8); nothing is made or started then
# HIVECTL_TEST_MONGODB_SERVER   the folder with PostgreSQL (root/) and FerretDB (ferretdb)
#
# There is no MongoDB in Debian: FerretDB speaks its protocol in front of DocumentDB, an extension of
# PostgreSQL 18 that stores BSON. PostgreSQL lives in a folder of its own made by debootstrap, because the
# extension is packaged for a later Debian. Needs root, Go from 1.25 on and Debian's package mirror.
set -eu

cache="${XDG_CACHE_HOME:-$HOME/.cache}/hivectl-tests"
suites='sid forky'
packages='postgresql-18,postgresql-18-documentdb,ca-certificates'
ferretdb_module='github.com/FerretDB/FerretDB/v2'
ferretdb_version='v2.7.0'
folder="$cache/mongodb-$(printf '%s %s' "$packages" "$ferretdb_version" | cksum | cut -d' ' -f1)"

say() { printf '%s\n' "$*" >&2; }
quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }

# The mirror that this machine's own package sources name.
mirror() {
    found=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
        sed -nE 's/^(URIs:|deb( \[[^]]*\])?)[[:space:]]+(https?:[^ ]*\/debian)\/?([[:space:]].*)?$/\3/p' | head -n 1)
    printf '%s\n' "${found:?no Debian mirror in the package sources}"
}

make_root() {
    [ -e "$folder/root/finished" ] && return
    [ "$(id -u)" -eq 0 ] || { say "root is needed to make the folder of PostgreSQL"; return 1; }
    if ! command -v debootstrap >/dev/null 2>&1; then
        say "installing debootstrap"
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q debootstrap >&2 || {
            apt-get update -q >&2
            DEBIAN_FRONTEND=noninteractive apt-get install -y -q debootstrap >&2
        }
    fi
    from=$(mirror)
    for suite in $suites; do
        rm -rf "$folder/root"
        say "making $folder/root from $suite"
        if debootstrap --variant=minbase --include="$packages" "$suite" "$folder/root" "$from" >"$folder/debootstrap.log" 2>&1; then
            rm -rf "$folder/root/var/cache/apt"
            touch "$folder/root/finished"
            return
        fi
        tail -n 3 "$folder/debootstrap.log" >&2
    done
    return 1
}

make_ferretdb() {
    [ -x "$folder/ferretdb" ] && return
    command -v go >/dev/null 2>&1 || { say "go (1.25 or later) is needed to build FerretDB"; return 1; }
    say "making $folder/ferretdb"
    rm -rf "$folder/source"
    module=$(cd "$folder" && GOFLAGS=-mod=mod go mod download -json "$ferretdb_module@$ferretdb_version" |
        sed -nE 's/^[[:space:]]*"Dir": "(.*)",?$/\1/p')
    cp -r "$module" "$folder/source"
    chmod -R u+w "$folder/source"
    # It refuses to start without knowing its own version.
    printf '%s\n' "$ferretdb_version" >"$folder/source/build/version/version.txt"
    (cd "$folder/source" && GOFLAGS='-mod=mod -p=2' go build -o "$folder/ferretdb.new" ./cmd/ferretdb) >&2
    rm -rf "$folder/source"
    mv "$folder/ferretdb.new" "$folder/ferretdb"
}

# One set-up at a time: two test commands may begin together.
make_all() {
    mkdir -p "$folder"
    (
        flock 9
        make_root && make_ferretdb
    ) 9>"$folder/lock" 1>&2
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# ferretdb URL STATE FLAG...: starts one in front of that PostgreSQL.
ferretdb() {
    url=$1 state=$2
    shift 2
    mkdir -p "$state"
    "$program" --postgresql-url="$url" --state-dir="$state" --debug-addr=- --telemetry=disable "$@" >"$state/log" 2>&1 </dev/null &
}

await_port() {
    python3 - "$1" <<'PYTHON'
import socket, sys, time
end = time.monotonic() + 30
while True:
    try:
        socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close()
        break
    except OSError:
        if time.monotonic() > end:
            sys.exit(f"nothing answers on port {sys.argv[1]}")
        time.sleep(0.02)
PYTHON
}

# What runs inside the namespace; when its first process ends, the kernel ends the rest.
inside() {
    root=$1/root program=$1/ferretdb data=$2 port=$3
    mount -t proc proc "$root/proc"
    mount --bind /dev "$root/dev"
    mkdir -p "$root/data"
    mount --bind "$data" "$root/data"
    chroot "$root" chown -R postgres /data
    bin=/usr/lib/postgresql/18/bin
    as_postgres="chroot --userspec=postgres:postgres $root"
    if [ ! -e "$data/base/PG_VERSION" ]; then
        $as_postgres $bin/initdb -D /data/base -A trust -U postgres --no-sync --locale=C.UTF-8 -E UTF8 >&2
        cat >>"$data/base/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '/data'
shared_preload_libraries = 'pg_cron,pg_documentdb_core,pg_documentdb'
cron.database_name = 'postgres'
documentdb.enableUserCrud = true
fsync = ${HIVECTL_TEST_FSYNC:-off}
shared_buffers = 256MB
max_wal_size = 4GB
CONF
    fi
    $as_postgres $bin/pg_ctl -D /data/base -w -o "-p $port" -l /data/postgresql.log start >&2
    $as_postgres $bin/psql -q -h 127.0.0.1 -p "$port" -U postgres -c 'CREATE EXTENSION IF NOT EXISTS documentdb CASCADE' >&2
    $as_postgres $bin/psql -q -h 127.0.0.1 -p "$port" -U postgres -c "select documentdb_api.create_user(
        '{\"createUser\":\"tester\",\"pwd\":\"s3cr3t\",\"roles\":[{\"role\":\"readWriteAnyDatabase\",\"db\":\"admin\"},
        {\"role\":\"clusterAdmin\",\"db\":\"admin\"}]}')" >/dev/null 2>&1 || true # there already
    url="postgres://postgres@127.0.0.1:$port/postgres"
    mkdir -p "$data/tls"
    [ -e "$data/tls/certificate.pem" ] || openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
        -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' -addext 'basicConstraints=critical,CA:FALSE' -keyout "$data/tls/key.pem" -out "$data/tls/certificate.pem" 2>/dev/null
    plain=$(free_port) authenticated=$(free_port) tls=$(free_port)
    ferretdb "$url" "$data/plain" --listen-addr="127.0.0.1:$plain" --no-auth
    ferretdb "$url" "$data/authenticated" --listen-addr="127.0.0.1:$authenticated"
    ferretdb "$url" "$data/tls-state" --listen-addr= --listen-tls="127.0.0.1:$tls" --no-auth \
        --listen-tls-cert-file="$data/tls/certificate.pem" --listen-tls-key-file="$data/tls/key.pem"
    await_port "$plain" && await_port "$authenticated" && await_port "$tls"
    printf 'postgresql_url=%s\nuri=mongodb://127.0.0.1:%s/\n' "$url" "$plain"
    printf 'uri_authenticated=mongodb://127.0.0.1:%s/\nuri_tls=mongodb://localhost:%s/\n' "$authenticated" "$tls"
    printf 'tls_certificate=%s\nready=yes\n' "$data/tls/certificate.pem"
    # Ends with whoever started it: its standard input ends then, whatever the reason.
    cat >/dev/null
    $as_postgres $bin/pg_ctl -D /data/base -m immediate stop >/dev/null 2>&1 || true
}

case "${1:-}" in
env)
    if [ -n "${HIVECTL_TEST_MONGODB_URI:-}" ]; then
        exit 0
    fi
    make_all
    printf 'export HIVECTL_TEST_MONGODB_SERVER=%s\n' "$(quoted "$folder")"
    ;;
run)
    data=${2:-$(mktemp -d)}
    unshare --mount --pid --fork --kill-child "$0" inside "${HIVECTL_TEST_MONGODB_SERVER:-$folder}" "$data" "$(free_port)" || true
    [ -n "${2:-}" ] || rm -rf "$data"
    ;;
inside)
    shift
    inside "$@"
    ;;
*)
    say "usage: tests/servers/mongodb.sh env | run FOLDER"
    exit 2
    ;;
esac
