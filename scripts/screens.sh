#!/usr/bin/env bash
# Pictures of every screen with sample people: both themes, both languages, 390 and 1280 px.
#   scripts/screens.sh FOLDER [screen …]      the screens' names are in web/apps/chat/dev/shots.mjs
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || { sed -n '2,3p' "$0" >&2; exit 64; }
out=$(realpath -m "$1")
shift
scripts/install.sh web
scripts/web.sh
cd web/apps/chat
port=5399
! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || { echo "screens.sh: port $port is in use; end what listens there" >&2; exit 1; }
# Not by npx, which would leave it behind when it is ended.
node ../../node_modules/vite/bin/vite.js --config dev/vite.config.ts --host 127.0.0.1 --port "$port" --strictPort > "/tmp/screens.$$.log" 2>&1 &
vite=$!
trap 'kill "$vite" 2> /dev/null; rm -f "/tmp/screens.$$.log"' EXIT
for _ in $(seq 300); do
  (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null && break
  kill -0 "$vite" 2> /dev/null || { cat "/tmp/screens.$$.log" >&2; exit 1; }
  sleep 0.1
done
ALL=1 FONTCONFIG_FILE=dev/fonts.conf node dev/shots.mjs "http://127.0.0.1:$port" "$out" "$@"
