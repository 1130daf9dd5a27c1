#!/usr/bin/env bash
# The tests of every crate, with a throw-away PostgreSQL and MariaDB beside SQLite.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh build
scripts/install.sh test

started=$(mktemp)
trap 'dir=$(sed -n "s/^export MAGPIE_TEST_DIR=//p" "$started"); [ -z "$dir" ] || scripts/databases.sh stop "$dir"; rm -f "$started"' EXIT
scripts/databases.sh start > "$started"
# shellcheck disable=SC1090
. "$started"
: "${MAGPIE_TEST_POSTGRES:?databases.sh did not start PostgreSQL}" "${MAGPIE_TEST_MYSQL:?databases.sh did not start MariaDB}"
cargo test --workspace --locked "$@"
