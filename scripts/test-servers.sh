#!/usr/bin/env bash
# What needs the release binary: foreign clients, kill -9 under load, the command line.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh test
scripts/test-cli.sh
scripts/kill.sh --kills "${KILLS:-12}"
scripts/interop.sh
