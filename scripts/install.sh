#!/usr/bin/env bash
# Installs what is missing on a Debian machine: `install.sh build` for building, `install.sh test` for the tests of the
# server, `install.sh web` for those of the messenger.
set -euo pipefail

need() { # command package
    command -v "$1" >/dev/null 2>&1 || missing+=("$2")
}

missing=()
case "${1:-}" in
build)
    need cc build-essential
    need make make
    # The web messenger is built with Node.js; the server does without.
    [ "$(id -u)" != 0 ] || { need node nodejs; need npm npm; }
    ;;
test)
    need python3 python3
    need tmux tmux
    need profanity profanity
    need mariadbd mariadb-server
    ;;
web)
    need chromium chromium
    need tmux tmux
    need profanity profanity
    need fc-list fontconfig
    [ -n "$(fc-list :lang=zh 2>/dev/null)" ] || missing+=(fonts-noto-cjk)
    [ -n "$(fc-list :lang=und-zsye 2>/dev/null)" ] || missing+=(fonts-noto-color-emoji)
    ;;
*)
    echo "usage: scripts/install.sh build|test|web" >&2
    exit 2
    ;;
esac

if ! command -v cargo >/dev/null 2>&1; then
    echo "Rust is missing. Install it from https://rustup.rs, then type the command again." >&2
    exit 1
fi

if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" != 0 ]; then
        echo "Missing: ${missing[*]}. Type: sudo apt-get install ${missing[*]}" >&2
        exit 1
    fi
    echo "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # Debian starts a database's service on installation; the tests run their own.
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d.magpie
    chmod +x /usr/sbin/policy-rc.d.magpie
    had=
    [ -e /usr/sbin/policy-rc.d ] && had=1 || cp /usr/sbin/policy-rc.d.magpie /usr/sbin/policy-rc.d
    trap '[ -n "$had" ] || rm -f /usr/sbin/policy-rc.d; rm -f /usr/sbin/policy-rc.d.magpie' EXIT
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
