#!/usr/bin/env bash
# Makes sure of what loads a server: wrk, and redis-benchmark, which comes with Redis. Nothing is started here.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

missing=()
command -v wrk >/dev/null 2>&1 || missing+=(wrk)
command -v redis-benchmark >/dev/null 2>&1 || missing+=(redis-tools)
[ ${#missing[@]} -gt 0 ] || exit 0

if install_packages "${missing[@]}"; then exit 0; fi
cat >&2 <<END
error: ${missing[*]} is missing; what loads the servers. Install with
  Debian, Ubuntu: sudo apt-get install wrk redis-tools
  Fedora:         sudo dnf install wrk redis
  macOS:          brew install wrk redis
END
exit 1
