#!/usr/bin/env bash
# The interop suite against Debian's Prosody: the second opinion. Options are those of tests/interop/run.py.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=scripts/interop-parts.sh
source "$root/scripts/interop-parts.sh"
[[ -n ${INTEROP_OWN_NETWORK:-} ]] || "$root/scripts/install-interop.sh" --with-prosody
in_own_network "$@"
begin
make_certificate localhost
mkdir "$work/data"
export INTEROP_DIR=$work INTEROP_PORT=5222 INTEROP_TLS_PORT=5223 INTEROP_HTTP_PORT=5280 INTEROP_DOMAIN=localhost
export INTEROP_PLUGINS=$suite/prosody
prosody -F --config "$suite/prosody/prosody.cfg.lua" >"$work/server.log" 2>&1 &
server=$!
wait_for_ports 5222 5223 5280
run_suites "$@"
