#!/usr/bin/env bash
# Makes sure that redis-server and memcached are on PATH, for the tests start their own. Nothing is started here.
set -euo pipefail

missing=()
command -v redis-server >/dev/null 2>&1 || missing+=(redis-server)
command -v memcached >/dev/null 2>&1 || missing+=(memcached)
[ ${#missing[@]} -gt 0 ] || exit 0

apt=()
if command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" -eq 0 ]; then
    apt=(apt-get)
  elif sudo -n true 2>/dev/null; then
    apt=(sudo -n apt-get)
  fi
fi
if [ ${#apt[@]} -gt 0 ]; then
  echo "Installing ${missing[*]} with ${apt[*]} ..." >&2
  if "${apt[@]}" -qq update && "${apt[@]}" -qq -y install "${missing[@]}" >&2; then
    exit 0
  fi
fi
cat >&2 <<END
error: ${missing[*]} is missing; the tests start their own. Install with
  Debian, Ubuntu: sudo apt-get install redis-server memcached
  Fedora:         sudo dnf install redis memcached
  macOS:          brew install redis memcached
END
exit 1
