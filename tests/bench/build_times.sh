#!/usr/bin/env bash
# How long the tests take to build, in the work tree's commit against an earlier one, in one run.
#
#   bash tests/bench/build_times.sh [BEFORE [AFTER]]     two commits; 0639e30 and HEAD where none is named
#
# Each commit is checked out in a temporary work tree with a target folder of its own and built from nothing, which is
# told. Then, in turn and ROUNDS times (3), one line is added to src/lib.rs, and one to a file of the largest test
# binary; what is told is the median of `cargo test --no-run` after each, and the ratios. Wants a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/../.."
before=$(git rev-parse "${1:-0639e30}")
after=$(git rev-parse "${2:-HEAD}")
rounds=${ROUNDS:-3}

folder=$(mktemp -d)
clean() {
  for name in before after; do git worktree remove --force "$folder/$name" 2>/dev/null || true; done
  rm -rf "$folder"
}
trap clean EXIT

# build NAME: seconds of `cargo test --no-run` in the work tree of that name
build() {
  local start=$EPOCHREALTIME
  (cd "$folder/$1" && CARGO_TARGET_DIR="$folder/target-$1" cargo test --locked --no-run --quiet) >&2
  awk -v start="$start" -v end="$EPOCHREALTIME" 'BEGIN {printf "%.1f\n", end - start}'
}

# changed NAME FILE: the same after one more line in FILE
changed() {
  printf '\n// A line more at %s.\n' "$EPOCHREALTIME" >>"$folder/$1/$2"
  build "$1"
}

# A file of the largest binary: the one that tests the shipped program.
test_file() {
  local file
  for file in tests/cli/retrain.rs tests/cli/compare.rs; do
    [ -f "$folder/$1/$file" ] && { printf '%s\n' "$file"; return; }
  done
  return 1
}

median() { sort -n "$1" | awk '{value[NR] = $1} END {print value[int((NR + 1) / 2)]}'; }

git worktree add --quiet --detach "$folder/before" "$before"
git worktree add --quiet --detach "$folder/after" "$after"
for name in before after; do
  printf 'clean build, %s: %s s\n' "$name" "$(build "$name")"
done
for round in $(seq "$rounds"); do
  names="before after"
  [ $((round % 2)) = 0 ] && names="after before"
  for name in $names; do
    changed "$name" src/lib.rs >>"$folder/library-$name"
    changed "$name" "$(test_file "$name")" >>"$folder/test-$name"
  done
done
for kind in library:0.85 test:1.20; do
  was=$(median "$folder/${kind%:*}-before")
  is=$(median "$folder/${kind%:*}-after")
  awk -v kind="${kind%:*}" -v most="${kind#*:}" -v was="$was" -v is="$is" \
    'BEGIN {printf "one line changed in a %s file: %.1f s before, %.1f s after, ratio %.2f (at most %.2f)\n", kind, was, is, is / was, most}'
done
