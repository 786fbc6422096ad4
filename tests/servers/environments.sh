# Python environments that tests compare with; sourced by the scripts that make them.
#
# They are under ${XDG_CACHE_HOME:-~/.cache}/hivectl-tests; their names carry a digest of the pins, so changed pins make
# a new environment and an unchanged one costs nothing the second time.

cache="${XDG_CACHE_HOME:-$HOME/.cache}/hivectl-tests"

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
        python3 -m venv "$cache/uv" >&2 || return 1
        "$cache/uv/bin/pip" install --quiet --disable-pip-version-check uv >&2 || return 1
        touch "$cache/uv/finished"
    fi
    printf '%s\n' "$cache/uv/bin/uv"
}

# environment NAME PINS [PYTHON]: prints the interpreter; the environment is made from PYTHON, else from one of those that
# today's libraries are for. The finished mark comes last, so that an interrupted set-up is done again; each step asks for
# the one before, since a shell that is asked whether this succeeded does not end at a failure.
environment() {
    digest=$(printf '%s' "$2" | cksum | cut -d' ' -f1)
    folder="$cache/$1-$digest"
    if [ ! -e "$folder/finished" ]; then
        uv=$(find_uv) || return 1
        say "making $folder"
        rm -rf "$folder" && mkdir -p "$cache" || return 1
        if [ $# -gt 2 ]; then
            "$uv" venv --quiet --python "$3" "$folder" >&2 || return 1
        else
            "$uv" venv --quiet --python '>=3.11,<3.13' "$folder" >&2 || "$uv" venv --quiet "$folder" >&2 || return 1
        fi
        printf '%s\n' "$2" >"$folder/pins.txt"
        "$uv" pip install --quiet --python "$folder/bin/python" --requirements "$folder/pins.txt" >&2 || return 1
        touch "$folder/finished"
    fi
    printf '%s/bin/python\n' "$folder"
}
