# Sourced by the scripts that start programs: each on a free port of this machine alone, and ended with the script.

# A group of its own for each that is started: Ctrl-C ends the server first, and what it asks after it.
set -m

program=${LOGIN_LAB_BIN:-target/release/login-lab}
memory=64 # MB for each store
own=()

# What was started last goes first: whoever asks others goes before them.
end() {
  trap - EXIT
  local n pid
  for ((n = ${#own[@]} - 1; n >= 0; n--)); do
    pid=${own[n]}
    ! kill "$pid" 2>/dev/null || wait "$pid" 2>/dev/null || true
  done
  return 0
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Leaves in `port` one on which nobody listens.
free_port() {
  port=$((20000 + RANDOM % 20000))
  while listens "$port"; do port=$((20000 + RANDOM % 20000)); done
}

# Waits until a program takes connections on a port. It never will when it has ended.  pid, port.
comes() {
  while kill -0 "$1" 2>/dev/null; do
    listens "$2" && return
    sleep 0.05
  done
  return 1
}

# Starts a store on a free port, which it leaves in `port`.  name, then a function that starts it on the port $1.
start() {
  local name=$1 how=$2 tries pid
  for tries in 1 2 3 4 5; do
    free_port
    "$how" "$port" >/dev/null 2>&1 &
    pid=$!
    if comes "$pid" "$port"; then
      own+=("$pid")
      return 0
    fi
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

# The stores that the server offers: one of each that is installed, unless the caller has named another.
start_stores() {
  if type -P redis-server >/dev/null && ! named LOGIN_LAB_REDIS_URL --redis-url "$@" && start Redis redis; then
    export LOGIN_LAB_REDIS_URL=redis://127.0.0.1:$port
  fi
  if type -P memcached >/dev/null && ! named LOGIN_LAB_MEMCACHED_URL --memcached-url "$@" && start memcached memcached; then
    export LOGIN_LAB_MEMCACHED_URL=127.0.0.1:$port
  fi
}

# Waits until a program has ended, and returns as it did. A signal ends the waiting, not the program.
ended() {
  local status=0
  wait "$1" || status=$?
  while kill -0 "$1" 2>/dev/null; do
    status=0
    wait "$1" || status=$?
  done
  return "$status"
}
