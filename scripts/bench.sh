#!/usr/bin/env bash
# Measures a server on this machine and prints a Markdown table of medians. See docs/figures.md.
#   scripts/bench.sh [--server magpie|prosody] [--runs 3] [--seconds 10] [--sessions 5000] [--port 15222] [--keep]
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/bench-server.sh

server=magpie runs=3 seconds=10 sessions=5000 port=15222 keep=
while (($#)); do
  case $1 in
    --server) server=$2; shift 2 ;;
    --runs) runs=$2; shift 2 ;;
    --seconds) seconds=$2; shift 2 ;;
    --sessions) sessions=$2; shift 2 ;;
    --port) port=$2; shift 2 ;;
    --keep) keep=1; shift ;;
    *) sed -n '2,3p' "$0" >&2; exit 64 ;;
  esac
done

[[ -n ${BENCH:-} ]] || cargo build --release --locked -p magpie -p magpie-bench >&2
bench=${BENCH:-target/release/magpie-bench}

work=$(mktemp -d)
lines=$work/reports.jsonl
pid=
stop() {
  [[ -n $pid ]] || return 0
  kill "$pid" 2> /dev/null || true
  for _ in $(seq 50); do kill -0 "$pid" 2> /dev/null || break; sleep 0.1; done
  kill -KILL "$pid" 2> /dev/null || true
  wait "$pid" 2> /dev/null || true
  pid=
}
finish() { stop; [[ -n $keep ]] && echo "kept $work" >&2 || rm -rf "$work"; }
trap finish EXIT

# A server with nothing in it: each group of scenarios begins on one.
fresh() {
  stop
  rm -rf "$work/server"
  write_config "$server" "$work/server" "$port"
  $COMMAND > "$work/server.log" 2>&1 &
  pid=$!
  for _ in $(seq 300); do
    (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null && return
    kill -0 "$pid" 2> /dev/null || break
    sleep 0.1
  done
  echo "the server did not start:" >&2
  cat "$work/server.log" >&2
  exit 1
}

failed=0
measure() {
  local label=$1; shift
  echo "run $run: $label" >&2
  # A fault is in the report and makes the table fail at the end; the other scenarios still run.
  "$bench" "$@" --json --label "$label" --port "$port" --server-pid "$pid" >> "$lines" || failed=1
}

for run in $(seq "$runs"); do
  fresh
  measure "registration in band" register --users 100
  fresh
  measure "chat, 50 pairs, 32 in flight" chat --seconds "$seconds"
  measure "the same with stream management" chat --seconds "$seconds" --sm
  fresh
  measure "one pair, one in flight" pair --seconds "$seconds"
  measure "open loop, 1,000/s" rate --per-second 1000 --seconds "$seconds"
  if [[ $server == magpie ]]; then
    measure "open loop, 10,000/s" rate --per-second 10000 --seconds "$seconds"
  fi
  # Magpie has no rooms to measure.
  if [[ $server != magpie ]]; then
    fresh
    measure "rooms, 10 x 50, 4 in flight" rooms --seconds "$seconds"
  fi
  fresh
  measure "offline, 10 senders, 50 absent" offline
  measure "archive, 2,000 messages by pages of 100" mam
  fresh
  measure "logins, PLAIN" logins --users 1000
  measure "logins, SCRAM-SHA-1" logins --users 1000 --mechanism scram-sha-1
  fresh
  measure "idle, $sessions sessions" idle --sessions "$sessions"
  fresh
  measure "idle with TLS, $sessions sessions" idle --sessions "$sessions" --tls
done

echo "$(date -u +%F), commit $(git rev-parse --short HEAD), $(nproc) cores, $(uname -sr), server: $server"
echo
"$bench" table < "$lines" || failed=1
exit "$failed"
