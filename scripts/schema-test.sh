#!/usr/bin/env bash
# Holds the server to its own description: schemathesis reads /openapi.json, and sends what fits it and what does not to
# a lab that is fresh, to one that is used and to one whose store is out of reach; each time as nobody, with a session
# cookie and with a JWT. Nothing leaves this machine. Needs no built page.
#
#   scripts/schema-test.sh --seed 7 --max-examples 100 --include-path-regex /api/
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

states=(fresh used outage)
callers=(nobody session token)
here=scripts/schema-test
logs=target/schema-test
seconds=600 # for each run; one that takes longer is ended, and has failed

pids=()
server=
end() {
  trap - EXIT
  for pid in ${pids[@]+"${pids[@]}"} $server; do
    { kill "$pid" && wait "$pid"; } 2>/dev/null || true
  done
}
trap end EXIT
trap 'exit 130' INT TERM HUP QUIT

scripts/with-tools.sh rust cargo build --quiet -p server
scripts/with-tools.sh schema true

rm -rf "$logs"
mkdir -p "$logs/site/pkg"
# Nobody looks at the page, so its files are empty.
touch "$logs/site/pkg/login-lab.js" "$logs/site/pkg/login-lab.wasm" "$logs/site/pkg/login-lab.css"
mkfifo "$logs/said"
# What is set for another server does not count here, and no proxy stands between.
unset "${!LOGIN_LAB_@}"
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 PYTHONDONTWRITEBYTECODE=1
"${CARGO_TARGET_DIR:-target}/debug/login-lab" --site "$logs/site" --addr 127.0.0.1:0 --attacker-addr 127.0.0.1:0 \
  >"$logs/said" 2>"$logs/server.log" &
server=$!
# The first line says where it listens; there is none when it has ended.
IFS= read -r line <"$logs/said" || { cat "$logs/server.log" >&2; exit 1; }
export SCHEMA_SERVER=http://127.0.0.1:${line##*:} SCHEMA_SECONDS=$seconds

run() {
  export SCHEMA_STATE=$1 SCHEMA_WHO=$2 SCHEMA_MET=$logs/$1-$2.met SCHEMA_LAB
  shift 2
  # A lab's id has 22 characters.
  SCHEMA_LAB=$(printf 'schema-%-15s' "$SCHEMA_STATE-$SCHEMA_WHO" | tr ' ' _)
  exec scripts/with-tools.sh schema schemathesis --config-file "$here/schemathesis.toml" --no-color \
    run "$SCHEMA_SERVER/openapi.json" "$@"
}

failed=0
for state in "${states[@]}"; do
  pids=()
  for caller in "${callers[@]}"; do
    run "$state" "$caller" "$@" >"$logs/$state-$caller.log" 2>&1 &
    pids+=($!)
  done
  for n in "${!callers[@]}"; do
    log=$logs/$state-${callers[n]}.log
    status=0
    wait "${pids[n]}" || status=$?
    unset "pids[n]"
    if [ "$status" -ne 0 ]; then
      failed=$((failed + 1))
      cat "$log"
      # 128 and SIGALRM.
      [ "$status" -ne 142 ] || echo "it took over $seconds seconds and was ended" >&2
    fi
    printf '%-15s %s operations, %s, seed %s, %s\n' "$state ${callers[n]}:" "$(sed -n 's/^  Tested: //p' "$log")" \
      "$(sed -n '/^Test cases:/{n;s/^ *//;p;}' "$log")" "$(sed -n 's/^Seed: //p' "$log")" \
      "$(sed -n '$s/=* *\(.*[^ =]\) *=*$/\1/p' "$log")"
  done
done

# A part of it, or another seed, meets a part of the exceptions.
if [ $# -eq 0 ]; then
  scripts/with-tools.sh schema python "$here/exceptions.py" "$SCHEMA_SERVER/openapi.json" "$logs"/*.met ||
    failed=$((failed + 1))
fi
if grep -n panicked "$logs/server.log"; then
  echo 'the server panicked' >&2
  failed=$((failed + 1))
fi
kill "$server"
wait "$server" || { echo 'the server did not end well' >&2; failed=$((failed + 1)); }
server=

[ "$failed" -eq 0 ] || { echo "$failed failed; the logs are in $logs" >&2; exit 1; }
