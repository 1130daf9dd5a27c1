#!/usr/bin/env bash
# Builds the web messenger into web/apps/chat/dist, from where `cargo build` takes it into the binary; nothing happens while
# its sources are what they were. Without Node.js it only says so: the server is complete without.
set -euo pipefail
cd "$(dirname "$0")/.."
dist=web/apps/chat/dist
cache=.cache/web

skip() { # why
    echo "web.sh: $1: the web messenger is not built into this server." >&2
    exit 0
}

command -v node >/dev/null && command -v npm >/dev/null || skip "Node.js is missing"
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    skip "Node.js $(node --version) is too old, 20.19 is needed"

hash_of() { # files and folders
    find "$@" \( -name node_modules -o -name dist \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
}

mkdir -p "$cache"
sources=$(hash_of web/package.json web/package-lock.json web/tsconfig.base.json web/packages web/apps scripts/web.sh scripts/web-compress.mjs)
[ -s "$dist/index.html" ] && [ "$sources" = "$(cat "$cache/sources" 2>/dev/null)" ] && exit 0

# npm writes that file when it has put everything in place.
if [ ! web/node_modules/.package-lock.json -nt web/package-lock.json ]; then
    echo "web.sh: fetching the packages of the web messenger"
    (cd web && npm ci --no-audit --no-fund --loglevel=error)
fi
echo "web.sh: building the web messenger"
(cd web && npm run --silent build)
node scripts/web-compress.mjs "$dist"
echo "$sources" >"$cache/sources"
