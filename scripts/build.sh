#!/usr/bin/env bash
# Builds the server and the page for release, unless both stand as the sources have them: cargo-leptos
# compresses and optimises everything anew each time, which takes half a minute even where nothing changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

program=target/release/login-lab
stamp=target/release/login-lab.built

# The names of the page's files are made from their content, so they say which build lies there.
page() { ls target/site/pkg 2>/dev/null || true; }
# A folder is newer, too, when something in it was removed.
changed() { find Cargo.toml Cargo.lock rust-toolchain.toml .cargo app domain server style scripts -newer "$stamp" -print -quit; }

if [ -x "$program" ] && [ -f "$stamp" ] && [ "$(page)" = "$(cat "$stamp")" ] && [ -z "$(changed)" ]; then
  exit 0
fi
[ -x "$program" ] || echo 'Building for the first time: about 10 minutes on two cores ...'
rm -f "$stamp"
# Dated from before the build: what is edited while it runs is newer.
mkdir -p target/release
touch "$stamp.part"
# Side by side, for the linker of either has one core to itself for a long while.
scripts/with-tools.sh build bash -euo pipefail -c '
  cargo leptos build --release --server-only &
  server=$!
  cargo leptos build --release --frontend-only --split || { kill "$server"; exit 1; }
  node scripts/pack.mjs target/site
  wait "$server"'

# What every visitor fetches first: it may become less, not more.
most=205000
first=$(cat target/site/pkg/login-lab.*.{wasm,js,css}.br target/site/pkg/__wasm_split.*.js.br | wc -c)
if [ "$first" -gt "$most" ]; then
  echo "error: the page's first files are $first bytes compressed, over $most: take out what the desk does not need" >&2
  exit 1
fi
page >"$stamp"
touch -r "$stamp.part" "$stamp"
rm "$stamp.part"
