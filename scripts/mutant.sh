#!/usr/bin/env bash
# Breaks a promise on purpose and shows that the test of it turns red: a server that acknowledges before it commits
# (tests/mutants/ack-before-commit.patch) must lose messages to kill -9, and the checker must say so.
#   scripts/mutant.sh [options of `magpie-bench kill`]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'git -C "$root" worktree remove --force "$work/tree" 2> /dev/null || true; rm -rf "$work"' EXIT

git -C "$root" worktree add --quiet --detach "$work/tree" HEAD
git -C "$work/tree" apply tests/mutants/ack-before-commit.patch
# A folder of its own inside `target`: the mutant must never be mistaken for the server.
(cd "$work/tree" && CARGO_TARGET_DIR="$root/target/mutant" cargo build --release --locked -p magpie -p magpie-bench)
cp "$root/target/mutant/release/magpie" "$work/mutant"

if MAGPIE=$work/mutant BENCH=$root/target/mutant/release/magpie-bench "$root/scripts/kill.sh" "${@:---kills=12}" > "$work/report" 2> "$work/errors"; then
  cat "$work/report"
  echo "FAILED: a server that acknowledges before it commits was not caught" >&2
  exit 1
fi
grep -E "^ *(kills|acknowledged|lost)" "$work/report" || { cat "$work/errors" >&2; exit 1; }
echo "ok      a server that acknowledges before it commits is caught"
