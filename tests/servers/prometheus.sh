#!/bin/sh
# Fetches Prometheus, promtool and the Pushgateway of Debian that tests push to and ask, and starts them.
#
#   eval "$(tests/servers/prometheus.sh env)"   fetches what is missing, prints an export line
#   tests/servers/prometheus.sh run             starts both on free ports of 127.0.0.1 with their data in a temporary
#                                               folder, prints lines of NAME=VALUE, and ends them once its standard
#                                               input ends
#
# run prints promtool (a program), push_gateway and prometheus (URLs); Prometheus fetches from the gateway every
# 200 ms, keeping the gateway's own labels.
#
# HIVECTL_TEST_PROMETHEUS   a folder with the programs prometheus, promtool and prometheus-pushgateway
#
# The packages are unpacked, not installed: no service starts, no root is needed. They lie under
# ${XDG_CACHE_HOME:-~/.cache}/hivectl-tests; the folder's name carries a digest of what is in it.
set -eu

cache="${XDG_CACHE_HOME:-$HOME/.cache}/hivectl-tests"
packages='prometheus prometheus-pushgateway'
folder="$cache/prometheus-$(printf '%s' "$packages" | cksum | cut -d' ' -f1)"

say() { printf '%s\n' "$*" >&2; }
quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }

fetch() {
    [ -e "$folder/finished" ] && return
    command -v apt-get >/dev/null 2>&1 || { say "apt-get is needed to fetch $packages"; return 1; }
    say "making $folder"
    rm -rf "$folder/packages" "$folder/root"
    mkdir -p "$folder/packages" "$folder/root"
    # Words on purpose: each is a package.
    # shellcheck disable=SC2086
    (cd "$folder/packages" && apt-get download -q $packages >&2) || {
        apt-get update -q >&2
        # shellcheck disable=SC2086
        (cd "$folder/packages" && apt-get download -q $packages >&2)
    }
    for package in "$folder"/packages/*.deb; do
        dpkg-deb -x "$package" "$folder/root"
    done
    rm -rf "$folder/packages"
    touch "$folder/finished"
}

# One set-up at a time: two test commands may begin together.
fetch_once() {
    mkdir -p "$folder"
    (
        flock 9
        fetch
    ) 9>"$folder/lock" 1>&2
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

await_ready() {
    python3 - "$1" <<'PYTHON'
import sys, time, urllib.request
end = time.monotonic() + 30
while True:
    try:
        urllib.request.urlopen(sys.argv[1] + "/-/ready", timeout=1).close()
        break
    except OSError:
        if time.monotonic() > end:
            sys.exit(f"{sys.argv[1]} is not ready")
        time.sleep(0.02)
PYTHON
}

run() {
    programs=$1
    data=$(mktemp -d)
    gateway=$(free_port)
    server=$(free_port)
    cat >"$data/prometheus.yml" <<CONFIG
global:
  scrape_interval: 200ms
  scrape_timeout: 200ms
scrape_configs:
  - job_name: pushed
    honor_labels: true
    static_configs:
      - targets: ['127.0.0.1:$gateway']
CONFIG
    # Debian's default keeps pushed metrics in the system's own folder.
    "$programs/prometheus-pushgateway" --web.listen-address="127.0.0.1:$gateway" --persistence.file= >"$data/gateway.log" 2>&1 </dev/null &
    gateway_process=$!
    "$programs/prometheus" --config.file="$data/prometheus.yml" --storage.tsdb.path="$data/store" \
        --web.listen-address="127.0.0.1:$server" --storage.tsdb.retention.time=1d >"$data/prometheus.log" 2>&1 </dev/null &
    server_process=$!
    trap 'kill "$gateway_process" "$server_process" 2>/dev/null; wait; rm -rf "$data"' EXIT
    await_ready "http://127.0.0.1:$gateway" && await_ready "http://127.0.0.1:$server"
    printf 'promtool=%s\npush_gateway=http://127.0.0.1:%s\nprometheus=http://127.0.0.1:%s\nready=yes\n' \
        "$programs/promtool" "$gateway" "$server"
    # Ends with whoever started it: its standard input ends then, whatever the reason.
    cat >/dev/null
}

case "${1:-}" in
env)
    if [ -n "${HIVECTL_TEST_PROMETHEUS:-}" ]; then
        exit 0
    fi
    fetch_once
    printf 'export HIVECTL_TEST_PROMETHEUS=%s\n' "$(quoted "$folder/root/usr/bin")"
    ;;
run)
    run "${HIVECTL_TEST_PROMETHEUS:-$folder/root/usr/bin}"
    ;;
*)
    say "usage: tests/servers/prometheus.sh env | run"
    exit 2
    ;;
esac
