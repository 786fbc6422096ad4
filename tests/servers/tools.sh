#!/usr/bin/env bash
# Installs the Debian packages that tests drive, where they are missing and may be installed.
set -euo pipefail

missing=()
for pair in strace:strace python3:python3 zsh:zsh fish:fish elvish:elvish mandoc:mandoc man:man-db groff:groff-base openssl:openssl; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
# Its programs are in a folder of their own and not on the path.
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0
[ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || { echo "missing: ${missing[*]}" >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive
apt-get install -y -q "${missing[@]}" >/dev/null 2>&1 || { apt-get update -q >/dev/null && apt-get install -y -q "${missing[@]}" >/dev/null; }
