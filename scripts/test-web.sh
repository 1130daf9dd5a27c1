#!/usr/bin/env bash
# The web messenger and its client SDK: types, rules, the SDK and people in a real browser against the release binary, sizes.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh web
scripts/web.sh
cd web
npm run --silent check
# Another messenger to talk with; apart, since only the tests want it.
if [ ! e2e/converse/node_modules/.package-lock.json -nt e2e/converse/package-lock.json ]; then
  (cd e2e/converse && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
fi
# All have a second try: several wait for what another process does, and the machine may be busy.
twice() { "$@" || { echo "again, on new servers: $*" >&2; "$@"; }; }
twice npx vitest run
twice npx vitest run --root e2e
node packages/client/size.mjs
