#!/usr/bin/env bash
# Starts the built server, and beside it a Redis and a memcached of its own where these are installed and no others
# are named: on free ports of this machine alone, nothing on disk, ended with it. So separate storage is the real thing.
#
#   scripts/run.sh --addr 127.0.0.1:4000
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# A group of its own for each that is started: Ctrl-C ends the server first, and what it asks after it.
set -m

memory=64 # MB for each store
own=()
server=

end() {
  trap - EXIT
  for pid in ${own[@]+"${own[@]}"}; do
    kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
  done
  return 0
}
trap end EXIT
# The server is told, and ends by itself; what it asks goes once it has.
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true' INT TERM HUP

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Starts a store on a free port, which it leaves in `port`.  name, then a function that starts it on the port $1.
start() {
  local name=$1 how=$2 tries pid
  for tries in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 20000))
    listens "$port" && continue
    "$how" "$port" >/dev/null 2>&1 &
    pid=$!
    # It is there when it takes connections, and never will be when it has ended.
    while kill -0 "$pid" 2>/dev/null; do
      if listens "$port"; then
        own+=("$pid")
        return 0
      fi
      sleep 0.05
    done
  done
  echo "$name did not start; the page goes without it" >&2
  return 1
}

redis() {
  exec redis-server --bind 127.0.0.1 --port "$1" --save '' --appendonly no --dir / \
    --maxmemory "${memory}mb" --maxmemory-policy noeviction
}

memcached() {
  local user=()
  [ "$(id -u)" -ne 0 ] || user=(-u root)
  exec "$(type -P memcached)" -l 127.0.0.1 -p "$1" -U 0 -m "$memory" ${user[@]+"${user[@]}"}
}

# Whether the caller has named one: by the variable or by the flag.
named() {
  local variable=$1 flag=$2
  shift 2
  [ -z "${!variable:-}" ] || return 0
  case " $* " in *" $flag"[\ =]*) return 0 ;; *) return 1 ;; esac
}

if type -P redis-server >/dev/null && ! named LOGIN_LAB_REDIS_URL --redis-url "$@" && start Redis redis; then
  export LOGIN_LAB_REDIS_URL=redis://127.0.0.1:$port
fi
if type -P memcached >/dev/null && ! named LOGIN_LAB_MEMCACHED_URL --memcached-url "$@" && start memcached memcached; then
  export LOGIN_LAB_MEMCACHED_URL=127.0.0.1:$port
fi

target/release/login-lab "$@" &
server=$!
# A signal ends the waiting, not the server: it is waited for until it has ended.
status=0
while kill -0 "$server" 2>/dev/null; do
  wait "$server" && status=0 || status=$?
done
exit "$status"
