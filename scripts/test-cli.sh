#!/usr/bin/env bash
# The command line of the release binary, typed as an operator would. Each check prints a line.
set -euo pipefail
cd "$(dirname "$0")/.."
magpie=${MAGPIE:-target/release/magpie}
[[ $magpie = /* ]] || magpie=$PWD/$magpie
work=$(mktemp -d)
cd "$work"
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

passed=0 failed=0
check() { # what, command that must succeed
    if eval "$2" > out.txt 2>&1; then
        passed=$((passed + 1)); echo "ok      $1"
    else
        failed=$((failed + 1)); echo "FAILED  $1"; sed 's/^/        /' out.txt
    fi
}
fails_with() { # what, command, text that its error must contain
    if eval "$2" > out.txt 2>&1; then
        failed=$((failed + 1)); echo "FAILED  $1: it succeeded"
    elif grep -qF -- "$3" out.txt; then
        passed=$((passed + 1)); echo "ok      $1"
    else
        failed=$((failed + 1)); echo "FAILED  $1: no '$3' in"; sed 's/^/        /' out.txt
    fi
}
ready() { # waits until the server is, with a deadline
    for _ in $(seq 200); do
        [ "$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:16280/readyz)" = 200 ] && return 0
        kill -0 "$server" 2>/dev/null || return 1
        read -rt 0.05 <> <(:) || true
    done
    return 1
}
start() {
    "$magpie" serve > log.txt 2>&1 &
    server=$!
    ready || { cat log.txt; exit 1; }
}
stop() {
    kill "$server"; wait "$server" || true; server=
}

cat > magpie.toml <<'CONFIG'
[net]
starttls = ["127.0.0.1:16222"]
direct_tls = ["127.0.0.1:16223"]
[http]
listen = ["127.0.0.1:16280"]
private_listen = ["127.0.0.1:16290"]
CONFIG

check "version" "$magpie version | grep -q '^magpie [0-9]'"
check "version --json" "$magpie version --json | grep -q '\"name\":\"magpie\"'"
check "completions" "$magpie completions bash | grep -q _magpie"
check "check, with nothing running" "$magpie check | grep -q 'ports are free'"
printf '[server]\ndomian = "x"\n' > wrong.toml
fails_with "an unknown key stops the start and names file, line and key" "$magpie --config wrong.toml serve" "domian"
printf '[branding]\naccent = "red"\n' > wrong.toml
fails_with "a colour that is none" "$magpie --config wrong.toml serve" '#1d7a5f'
printf '[server]\ndomain = "a@b"\n' > wrong.toml
fails_with "a wrong value stops the start and says what is right" "$magpie --config wrong.toml serve" 'example.org'
fails_with "check says the same" "$magpie --config wrong.toml check" 'cure'
fails_with "a configuration that is not there" "$magpie --config none.toml serve" 'none.toml'

check "user add without a server" "echo secret | $magpie user add early"
start
check "the data folder was made" "test -f data/magpie.db"
check "healthz" "curl -fs http://127.0.0.1:16280/healthz | grep -q ok"
check "readyz" "curl -fs http://127.0.0.1:16280/readyz | grep -q ready"
check "metrics are on the private port" "curl -fs http://127.0.0.1:16290/metrics | grep -q '^magpie_sessions '"
check "and nowhere else" "test \$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:16280/metrics) = 404"
check "the web address answers with a page, built in or not" "curl -s http://127.0.0.1:16280/ | grep -qi '<!doctype html>'"
check "the page may run nothing but its own" "curl -si http://127.0.0.1:16280/ | grep -qi \"^content-security-policy:.*frame-ancestors 'none'\""
check "branding" "curl -fs http://127.0.0.1:16280/api/branding | grep -q '\"name\":\"Magpie\"'"
check "the web app manifest" "curl -fs http://127.0.0.1:16280/manifest.webmanifest | grep -q '\"start_url\":\"/\"'"
check "host-meta" "curl -fs http://127.0.0.1:16280/.well-known/host-meta | grep -q 'urn:xmpp:alt-connections:websocket'"
check "host-meta.json" "curl -fs http://127.0.0.1:16280/.well-known/host-meta.json | grep -q 'ws://'"
check "a second server on the same data" "! $magpie serve 2>&1 | grep -q ready"
fails_with "it says why" "$magpie serve" "another magpie runs"
check "user add on the running server" "echo secret | $magpie user add alice --admin"
fails_with "a name twice" "echo secret | $magpie user add alice" "alice"
fails_with "a name that is none" "echo secret | $magpie user add 'a b'" "no account name"
fails_with "an empty password" "echo | $magpie user add bob" "password"
check "user list" "$magpie user list | grep -q '^alice@localhost.*admin'"
check "user list --json" "$magpie user list --json | grep -q '\"jid\":\"early@localhost\"'"
check "passwd" "echo other | $magpie user passwd alice"
check "ban" "$magpie user ban early --reason spam"
check "a ban is listed" "$magpie user list | grep -q 'early.*banned: spam'"
check "unban" "$magpie user unban early && ! $magpie user list | grep -q banned"
check "backup while it runs" "$magpie backup copy.db && test -s copy.db"
fails_with "a backup over a file" "$magpie backup copy.db" "there already"
check "remove" "$magpie user remove early --yes && ! $magpie user list | grep -q early"
fails_with "a removed name stays taken" "echo secret | $magpie user add early" "early"
fails_with "restore while it runs" "$magpie restore copy.db" "another magpie runs"
check "no password is in the log" "! grep -q -e secret -e other log.txt"
stop
fails_with "restore asks before it replaces accounts" "$magpie restore copy.db" "--force"
check "restore" "$magpie restore copy.db --force"
check "what the backup had is back" "$magpie user list | grep -q early"
fails_with "a backup that is none" "$magpie restore magpie.toml --force" "magpie.toml"
start
check "the restored database serves" "curl -fs http://127.0.0.1:16280/readyz"
stop

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
