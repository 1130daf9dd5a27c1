#!/usr/bin/env bash
# The web messenger and its client SDK: types, rules, the SDK against the release binary, sizes.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh web
scripts/web.sh
cd web
npm run --silent check
# Each test has a second try: several wait for what another process does, and the machine may be busy.
npx vitest run --retry 2
node packages/client/size.mjs
