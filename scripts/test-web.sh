#!/usr/bin/env bash
# The web messenger and its client SDK: types, rules, the SDK against the release binary, sizes.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh web
scripts/web.sh
cd web
npm run --silent check
# All have a second try: several wait for what another process does, and the machine may be busy.
npx vitest run || { echo "again: the tests of the web packages, on new servers" >&2; npx vitest run; }
node packages/client/size.mjs
