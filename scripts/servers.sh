#!/usr/bin/env bash
# Makes sure that redis-server and memcached are on PATH, for the tests start their own. Nothing is started here.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

missing=()
command -v redis-server >/dev/null 2>&1 || missing+=(redis-server)
command -v memcached >/dev/null 2>&1 || missing+=(memcached)
[ ${#missing[@]} -gt 0 ] || exit 0

if install_packages "${missing[@]}"; then exit 0; fi
cat >&2 <<END
error: ${missing[*]} is missing; the tests start their own. Install with
  Debian, Ubuntu: sudo apt-get install redis-server memcached
  Fedora:         sudo dnf install redis memcached
  macOS:          brew install redis memcached
END
exit 1
