#!/usr/bin/env bash
# Throw-away PostgreSQL and MariaDB servers for the tests, on free ports of the loopback.
#   databases.sh start      makes them; prints what to export
#   databases.sh stop DIR   stops exactly those and removes DIR, which `start` printed as MAGPIE_TEST_DIR
# Whatever is killed, what they were told stays in the system's cache; only a power failure would lose it, so they do not
# wait for the disk. For figures, use servers that do.
set -euo pipefail

say() { echo "databases.sh: $*" >&2; }

postgres_bin() { # prints the folder of initdb and postgres
    local initdb
    initdb=$(command -v initdb || ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1 || true)
    [ -n "$initdb" ] && dirname "$(readlink -f "$initdb")"
}

mariadb_bin() { command -v mariadbd || command -v mysqld || ls /usr/sbin/mariadbd 2>/dev/null; }

install_missing() {
    local missing=()
    postgres_bin >/dev/null || missing+=(postgresql)
    { mariadb_bin && command -v mariadb-install-db; } >/dev/null || missing+=(mariadb-server)
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        say "missing: ${missing[*]}. On Debian type: sudo apt-get install --no-install-recommends ${missing[*]}"
        exit 1
    fi
    say "installing ${missing[*]}"
    # Debian starts a server when it installs one, and makes a PostgreSQL cluster: neither is wanted.
    local rule=/usr/sbin/policy-rc.d conf=/etc/postgresql-common/createcluster.conf made=()
    if [ ! -e "$rule" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$rule"
        chmod +x "$rule"
        made+=("$rule")
    fi
    if [ ! -e "$conf" ]; then
        mkdir -p "${conf%/*}"
        echo 'create_main_cluster = false' >"$conf"
        made+=("$conf")
    fi
    local failed='' log
    log=$(mktemp)
    {
        apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
                -o Dpkg::Options::=--force-confold "${missing[@]}"
    } >"$log" 2>&1 || failed=1
    [ ${#made[@]} -eq 0 ] || rm -f "${made[@]}"
    if [ -n "$failed" ]; then
        say "apt-get could not install ${missing[*]}:"
        cat "$log" >&2
    fi
    rm -f "$log"
    [ -z "$failed" ] || exit 1
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Root may not run a database: a user that owns nothing does. Others run it themselves.
as=(env)
if [ "$(id -u)" = 0 ]; then
    user=nobody
    as=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups env HOME=/nonexistent)
fi

wait_for() { # name pid port log
    local i
    for ((i = 0; i < 300; i++)); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$3") 2>/dev/null; then return; fi
        if ! kill -0 "$2" 2>/dev/null; then break; fi
        sleep 0.1
    done
    say "$1 did not start:"
    tail -n 20 "$4" >&2
    exit 1
}

start() {
    install_missing
    dir=$(mktemp -d "${TMPDIR:-/tmp}/magpie-databases.XXXXXX")
    started=
    trap '[ -n "$started" ] || stop "$dir"' EXIT
    chmod 755 "$dir"
    [ "$(id -u)" != 0 ] || chown "$user" "$dir"
    start_postgres
    start_mariadb
    started=1
    echo "export MAGPIE_TEST_POSTGRES=postgres://magpie@127.0.0.1:$postgres_port/postgres"
    echo "export MAGPIE_TEST_MYSQL=mysql://magpie:magpie@127.0.0.1:$mariadb_port/test"
    echo "export MAGPIE_TEST_DIR=$dir"
}

start_postgres() {
    local bin
    bin=$(postgres_bin)
    (cd "$dir" && "${as[@]}" "$bin/initdb" -D "$dir/postgres" -U magpie -A trust -E UTF8 --locale=C --no-sync) >"$dir/postgres.log" 2>&1 ||
        { say "initdb failed:"; cat "$dir/postgres.log" >&2; exit 1; }
    postgres_port=$(free_port)
    cd "$dir"
    "${as[@]}" "$bin/postgres" -D "$dir/postgres" -c listen_addresses=127.0.0.1 -p "$postgres_port" \
        -c unix_socket_directories= -c max_connections=400 -c fsync=off >>"$dir/postgres.log" 2>&1 </dev/null &
    echo $! >"$dir/postgres.pid"
    disown
    cd - >/dev/null
    wait_for PostgreSQL "$(cat "$dir/postgres.pid")" "$postgres_port" "$dir/postgres.log"
}

start_mariadb() {
    (cd "$dir" && "${as[@]}" mariadb-install-db --no-defaults --datadir="$dir/mariadb" --auth-root-authentication-method=normal \
        --skip-test-db) >"$dir/mariadb.log" 2>&1 || { say "mariadb-install-db failed:"; cat "$dir/mariadb.log" >&2; exit 1; }
    printf '%s\n' "CREATE DATABASE test;" "CREATE USER magpie@'127.0.0.1' IDENTIFIED BY 'magpie';" \
        "GRANT ALL ON *.* TO magpie@'127.0.0.1';" >"$dir/mariadb.sql"
    mariadb_port=$(free_port)
    cd "$dir"
    "${as[@]}" "$(mariadb_bin | head -n 1)" --no-defaults --datadir="$dir/mariadb" --bind-address=127.0.0.1 --port="$mariadb_port" \
        --socket="$dir/mariadb.sock" --pid-file="$dir/mariadb/server.pid" --init-file="$dir/mariadb.sql" --skip-name-resolve \
        --max-connections=400 --innodb-flush-log-at-trx-commit=1 --innodb-flush-method=nosync >>"$dir/mariadb.log" 2>&1 </dev/null &
    echo $! >"$dir/mariadb.pid"
    disown
    cd - >/dev/null
    wait_for MariaDB "$(cat "$dir/mariadb.pid")" "$mariadb_port" "$dir/mariadb.log"
}

stop() { # dir
    local name pid i
    case "$1" in
    */magpie-databases.*) [ -d "$1" ] || return 0 ;;
    *) say "$1 was not made by this script" && exit 2 ;;
    esac
    for name in postgres mariadb; do
        [ -s "$1/$name.pid" ] || continue
        pid=$(cat "$1/$name.pid")
        # A process of that number that does not run in our folder is somebody else's: ours has ended.
        { tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null | grep -qF "$1/$name" || continue
        if [ "$name" = postgres ]; then kill -INT "$pid"; else kill -TERM "$pid"; fi
        for ((i = 0; i < 300; i++)); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        if kill -0 "$pid" 2>/dev/null; then kill -KILL "$pid"; fi
    done
    rm -rf "$1"
}

case "${1:-}" in
start) start ;;
stop) stop "${2:?which folder? see MAGPIE_TEST_DIR}" ;;
*)
    echo "usage: scripts/databases.sh start | stop DIR" >&2
    exit 2
    ;;
esac
