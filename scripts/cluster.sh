#!/usr/bin/env bash
# Starts three of the built servers behind HAProxy, and beside them the stores that they share: on free ports of this
# machine alone, nothing on disk, ended with it. Each lab lives on one of the three, deploy/haproxy.cfg says on which.
#
#   scripts/cluster.sh --lab-idle 600
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/running.sh
PATH=$PATH:/usr/sbin

said=$(mktemp -d)
proxy=
trap 'end; rm -rf "$said"' EXIT
# The proxy goes first, and then those that it asks. What the shell says of that is no news.
stop() {
  [ -n "$proxy" ] || exit 130
  exec 2>/dev/null
  kill "$proxy" || true
}
trap stop INT TERM HUP QUIT

start_stores "$@"

# What visitors see is named to the servers, so it has to be chosen first.
free_port
page=$port
free_port
while [ "$port" = "$page" ]; do free_port; done
attacker=$port

# A server says in two lines where it listens; whatever else it has to say goes to the terminal.
mkfifo "$said/addresses"
for n in 1 2 3; do
  "$program" --addr 127.0.0.1:0 --attacker-addr 127.0.0.1:0 --trusted-proxy 127.0.0.1 \
    --public-origin "http://localhost:$page" --attacker-origin "http://127.0.0.1:$attacker" "$@" >"$said/addresses" &
  own+=("$!")
  { read -r line && read -r attacker_line; } <"$said/addresses" || { echo "error: a server did not start" >&2; exit 1; }
  export "SERVER_$n=127.0.0.1:${line##*:}" "ATTACKER_$n=127.0.0.1:${attacker_line##*:}"
  echo "p$n: process $! at 127.0.0.1:${line##*:}"
done

PAGE=127.0.0.1:$page ATTACKER=127.0.0.1:$attacker haproxy -db -f deploy/haproxy.cfg &
proxy=$!
own+=("$proxy")
comes "$proxy" "$page" || { echo "error: HAProxy did not start; the lines above say why" >&2; exit 1; }
echo "Login Lab: http://localhost:$page"
echo "Attacker: http://127.0.0.1:$attacker"
# Ended from here, it has done what it should.
ended "$proxy" || [ $? -ge 128 ]
