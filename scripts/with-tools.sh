#!/usr/bin/env bash
# Runs a command with the build tools on PATH, installing at pinned versions whatever is missing.
#
#   scripts/with-tools.sh build cargo leptos build --release
#   scripts/with-tools.sh check cargo deny check
#   scripts/with-tools.sh engines node end2end/engines.mjs
#   scripts/with-tools.sh fuzz cargo fuzz list
#   scripts/with-tools.sh schema schemathesis run ...
#   scripts/with-tools.sh sbom cargo cyclonedx
#   scripts/with-tools.sh rust cargo clippy
#
# `build` needs cargo-leptos, wasm-bindgen and binaryen; `check` needs cargo-deny, `engines`
# geckodriver, `fuzz` cargo-fuzz and a C++ compiler, `schema` schemathesis, `sbom`
# cargo-cyclonedx; `rust` only what comes with rustup.
# A tool of the right version that is already on PATH is used as it is. The rest goes to one
# folder a tool and version below ${XDG_CACHE_HOME:-~/.cache}/login-lab, shared by every clone.
set -euo pipefail

CARGO_LEPTOS=0.3.10
CARGO_DENY=0.20.2
CARGO_FUZZ=0.13.2
CARGO_CYCLONEDX=0.5.9
GECKODRIVER=0.37.0
BINARYEN=132.0.0

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/login-lab

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
need() { command -v "$1" >/dev/null 2>&1 || die "$1 is missing: $2"; }

# True when `$1 --version` names version $2.
is_version() {
  command -v "$1" >/dev/null 2>&1 || return 1
  local found
  found=$("$1" --version 2>/dev/null </dev/null) || return 1
  case " ${found//$'\n'/ } " in *" $2 "*) return 0 ;; *) return 1 ;; esac
}

# Puts a cargo-installed tool on PATH.  crate, program, version, minutes, then flags of cargo install.
cargo_tool() {
  local crate=$1 program=$2 version=$3 minutes=$4 dir
  shift 4
  is_version "$program" "$version" && return
  dir=$cache/$crate-$version
  if [ ! -x "$dir/bin/$program" ]; then
    rm -rf "$dir.part"
    if cargo binstall -V >/dev/null 2>&1; then
      say "Installing $crate $version with cargo binstall ..."
      cargo binstall --no-confirm --disable-telemetry --root "$dir.part" "$crate@$version" >&2 || rm -rf "$dir.part"
    fi
    if [ ! -x "$dir.part/bin/$program" ]; then
      say "Building $crate $version, once: about $minutes minutes on two cores ..."
      # A target folder of its own, so that an interrupted build goes on where it stopped.
      CARGO_TARGET_DIR=$cache/build CARGO_PROFILE_DEV_DEBUG=0 CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS=fallback \
        cargo install --quiet --debug --root "$dir.part" "$crate@$version" "$@" >&2 ||
        die "$crate $version could not be built; the lines above say why"
    fi
    rm -rf "$dir" "$cache/build"
    mv "$dir.part" "$dir"
  fi
  PATH=$dir/bin:$PATH
}

wasm_target() {
  [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null)" ] && return
  command -v rustup >/dev/null 2>&1 ||
    die "the Rust target wasm32-unknown-unknown is missing, and so is rustup, which would install it: https://rustup.rs"
  say "Adding the Rust target wasm32-unknown-unknown: some seconds ..."
  rustup --quiet target add wasm32-unknown-unknown >&2
}

binaryen() {
  # Its wasm-opt is for cargo-leptos, its library for scripts/pack.mjs. Distributions' own are often too old for what
  # wasm-bindgen writes.
  local dir=$cache/binaryen-$BINARYEN
  if [ ! -x "$dir/node_modules/.bin/wasm-opt" ]; then
    say "Installing binaryen $BINARYEN from npm: some seconds ..."
    rm -rf "$dir.part"
    mkdir -p "$dir.part"
    npm install --prefix "$dir.part" --silent --no-audit --no-fund "binaryen@$BINARYEN" >&2 ||
      die "binaryen $BINARYEN could not be installed from npm; the lines above say why"
    rm -rf "$dir"
    mv "$dir.part" "$dir"
  fi
  PATH=$dir/node_modules/.bin:$PATH
  export BINARYEN_PACKAGES=$dir/node_modules
}

# Python packages in an environment of their own, all at the versions of the list $2.  name, list, seconds.
python_tool() {
  local dir=$cache/$1 list=$2
  # Its list is copied last, so one that is incomplete or of other versions is made anew.
  if ! cmp -s "$list" "$dir/requirements.txt"; then
    say "Installing $1 from PyPI: about $3 seconds ..."
    rm -rf "$dir"
    python3 -m venv "$dir" || die "python3 cannot make environments (Debian: apt-get install python3-venv)"
    "$dir/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: -r "$list" >&2 ||
      die "$1 could not be installed from PyPI; the lines above say why"
    cp "$list" "$dir/requirements.txt"
  fi
  PATH=$dir/bin:$PATH
}

# The version of a crate in Cargo.lock.
locked() { awk -v crate="$1" '$1=="name" && $3=="\""crate"\"" {getline; gsub(/"/, "", $3); print $3; exit}' "$root/Cargo.lock"; }

[ $# -ge 2 ] || die "usage: scripts/with-tools.sh build|check|engines|fuzz|sbom|schema|rust COMMAND ..."
need cargo "install Rust with https://rustup.rs"
need rustc "install Rust with https://rustup.rs"
need cc "install a C compiler (Debian: apt-get install gcc; macOS: xcode-select --install)"
mkdir -p "$cache"
case $1 in
  build)
    need node "install Node.js 20 or newer: https://nodejs.org"
    need npm "it comes with Node.js: https://nodejs.org"
    [ "$(node -p 'process.versions.node.split(".")[0] >= 20')" = true ] ||
      die "Node.js $(node --version) is too old: 20 or newer is needed, https://nodejs.org"
    wasm_target
    binaryen
    cargo_tool wasm-bindgen-cli wasm-bindgen "$(locked wasm-bindgen)" 3
    # no_downloads: what is not on PATH is an error and never fetched behind our back.
    cargo_tool cargo-leptos cargo-leptos "$CARGO_LEPTOS" 6 --locked --features no_downloads
    ;;
  check)
    cargo_tool cargo-deny cargo-deny "$CARGO_DENY" 5 --locked
    ;;
  engines)
    cargo_tool geckodriver geckodriver "$GECKODRIVER" 2 --locked
    ;;
  fuzz)
    need c++ "install a C++ compiler (Debian: apt-get install g++; macOS: xcode-select --install)"
    cargo_tool cargo-fuzz cargo-fuzz "$CARGO_FUZZ" 2 --locked
    ;;
  schema)
    need python3 "install Python 3.11 or newer: https://www.python.org"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
      die "$(python3 --version) is too old: 3.11 or newer is needed, https://www.python.org"
    list=$root/scripts/schema-test/requirements.txt
    python_tool "$(sed -n 's/^schemathesis==/schemathesis-/p' "$list")" "$list" 20
    ;;
  sbom)
    cargo_tool cargo-cyclonedx cargo-cyclonedx "$CARGO_CYCLONEDX" 2 --locked
    ;;
  rust)
    wasm_target
    ;;
  *) die "unknown set of tools '$1': build, check, engines, fuzz, sbom, schema or rust" ;;
esac
shift
export PATH
exec "$@"
