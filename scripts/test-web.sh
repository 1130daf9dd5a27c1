#!/usr/bin/env bash
# The web messenger and its client SDK: types, rules, the SDK and people in a real browser against the release binary, sizes.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh web
scripts/web.sh
cd web
npm run --silent check
# All have a second try: several wait for what another process does, and the machine may be busy.
twice() { "$@" || { echo "again, on new servers: $*" >&2; "$@"; }; }
twice npx vitest run
twice npx vitest run --root e2e
node packages/client/size.mjs
