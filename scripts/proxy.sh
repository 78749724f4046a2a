#!/usr/bin/env bash
# Makes sure that haproxy and redis-server are there, for several processes behind one proxy. Nothing is started here.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/packages.sh"
# Where Debian has it is not on everybody's PATH.
PATH=$PATH:/usr/sbin

missing=()
command -v haproxy >/dev/null 2>&1 || missing+=(haproxy)
command -v redis-server >/dev/null 2>&1 || missing+=(redis-server)
[ ${#missing[@]} -gt 0 ] || exit 0

if install_packages "${missing[@]}"; then exit 0; fi
cat >&2 <<END
error: ${missing[*]} is missing; several processes stand behind the one and share the other. Install with
  Debian, Ubuntu: sudo apt-get install haproxy redis-server
  Fedora:         sudo dnf install haproxy redis
  macOS:          brew install haproxy redis
END
exit 1
