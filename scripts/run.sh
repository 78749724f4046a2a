#!/usr/bin/env bash
# Starts the built server, and beside it a Redis and a memcached of its own where these are installed and no others
# are named: on free ports of this machine alone, nothing on disk, ended with it. So separate storage is the real thing.
#
#   scripts/run.sh --addr 127.0.0.1:4000
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/running.sh

server=
trap end EXIT
# The server is told, and ends by itself; what it asks goes once it has.
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true' INT TERM HUP QUIT

start_stores "$@"
"$program" "$@" &
server=$!
ended "$server"
