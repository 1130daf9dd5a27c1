#!/usr/bin/env bash
# Clients nobody here wrote against the release binary of Magpie. Options are those of tests/interop/run.py;
# MAGPIE names another binary; INTEROP_ACCOUNTS=cli makes accounts from the command line. Leaves nothing behind.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=scripts/interop-parts.sh
source "$root/scripts/interop-parts.sh"
magpie=${MAGPIE:-$root/target/release/magpie}
[[ -x $magpie ]] || { echo "no $magpie: cargo build --release" >&2; exit 2; }
[[ -n ${INTEROP_OWN_NETWORK:-} ]] || "$root/scripts/install-interop.sh"
in_own_network "$@"

# The only place that knows how Magpie is configured and started.
start_magpie() {
  cat >"$work/magpie.toml" <<TOML
[server]
domain = "localhost"
[data]
dir = "$work/data"
[net]
certificate = "$work/cert.pem"
key = "$work/key.pem"
connects_per_ip_per_minute = 0 # every client comes from one address, often, and some with a wrong password
failures_per_minute = 0
TOML
  "$magpie" serve --config "$work/magpie.toml" >"$work/server.log" 2>&1 &
  server=$!
}

begin
make_certificate localhost
start_magpie
wait_for_ports 5222 5223 5280
[[ ${INTEROP_ACCOUNTS:-} != cli ]] || set -- --account-command "$magpie user add --config $work/magpie.toml {user}" "$@"
run_suites "$@"
