#!/usr/bin/env bash
# Kills a server under load with SIGKILL, again and again, and checks that nothing acknowledged was lost, doubled or
# reordered. See docs/figures.md.
#   scripts/kill.sh [--server magpie|prosody] [--port 15222] [options of `magpie-bench kill`, such as --kills 100]
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/bench-server.sh

server=magpie port=15222
while (($#)); do
  case $1 in
    --server) server=$2; shift 2 ;;
    --port) port=$2; shift 2 ;;
    *) break ;;
  esac
done

[[ -n ${BENCH:-} ]] || cargo build --release --locked -p magpie -p magpie-bench >&2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
write_config "$server" "$work" "$port"
"${BENCH:-target/release/magpie-bench}" kill --command "$COMMAND" --port "$port" --server-log "$work/server.log" "$@" || {
  code=$?
  echo "the end of the server's log:" >&2
  tail -n 20 "$work/server.log" >&2
  exit "$code"
}
