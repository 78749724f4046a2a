#!/usr/bin/env bash
# Makes sure of the two engines that Playwright does not bring along: Firefox, and WebKitGTK with its driver and a
# display that nobody sees. Nothing is started here. geckodriver, which drives Firefox, is scripts/with-tools.sh's.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

missing=()
[ -n "${LOGIN_LAB_FIREFOX:-}" ] || command -v firefox-esr >/dev/null 2>&1 || command -v firefox >/dev/null 2>&1 || missing+=(firefox-esr)
command -v WebKitWebDriver >/dev/null 2>&1 || missing+=(webkit2gtk-driver)
command -v Xvfb >/dev/null 2>&1 || missing+=(xvfb)
[ ${#missing[@]} -gt 0 ] || exit 0

if install_packages "${missing[@]}"; then exit 0; fi
cat >&2 <<END
error: ${missing[*]} is missing; the experiments run in Firefox and WebKitGTK as well. Install with
  Debian: sudo apt-get install firefox-esr webkit2gtk-driver xvfb
  Ubuntu: sudo apt-get install webkit2gtk-driver xvfb; and Firefox from packages.mozilla.org (a snap cannot be driven)
  Fedora: sudo dnf install firefox webkit2gtk4.1 xorg-x11-server-Xvfb
  macOS:  WebKitGTK has no build for it: run this part on Linux, in a container for instance
END
exit 1
