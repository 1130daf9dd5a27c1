#!/usr/bin/env bash
# Installs what the interop suite needs: Debian packages (as root), then pinned clients into .cache/interop and
# tests/interop/node/node_modules. Does nothing that is done already. --with-prosody adds the server of comparison.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
suite=$root/tests/interop
cache=$root/.cache/interop
mkdir -p "$cache"

packages=(openssl iproute2 tmux profanity python3 python3-venv python3-gi python3-openssl gir1.2-glib-2.0 gir1.2-soup-3.0
  glib-networking)
command -v java >/dev/null && command -v keytool >/dev/null || packages+=(default-jdk-headless)
command -v mvn >/dev/null || packages+=(maven)
[[ " $* " == *" --with-prosody "* ]] && packages+=(prosody lua-event lua-sec)
missing=()
for package in "${packages[@]}"; do
  [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == *"ok installed" ]] || missing+=("$package")
done
if ((${#missing[@]})); then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# Runs a command unless it has already succeeded with the same input file.
once() {
  local stamp=$cache/$1.stamp input=$2 sum
  shift 2
  sum=$(sha256sum <"$input")
  [[ -f $stamp && $(<"$stamp") == "$sum" ]] && return
  "$@"
  printf '%s' "$sum" >"$stamp"
}

python_clients() {
  rm -rf "$cache/venv"
  /usr/bin/python3 -m venv --system-site-packages "$cache/venv" # the system's Python, for PyGObject and pyOpenSSL
  "$cache/venv/bin/pip" install -q --no-deps -r "$suite/requirements.txt"
}
node_clients() { (cd "$suite/node" && npm ci --ignore-scripts --no-audit --no-fund --silent); }
smack() {
  rm -rf "$cache/smack"
  mvn -q -B -f "$suite/smack/pom.xml" dependency:copy-dependencies -DoutputDirectory="$cache/smack/lib"
}

[[ -x $cache/venv/bin/python ]] || rm -f "$cache/python.stamp"
[[ -d $suite/node/node_modules ]] || rm -f "$cache/node.stamp"
[[ -d $cache/smack/lib ]] || rm -f "$cache/smack.stamp"
once python "$suite/requirements.txt" python_clients
once node "$suite/node/package-lock.json" node_clients
once smack "$suite/smack/pom.xml" smack
