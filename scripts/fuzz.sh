#!/usr/bin/env bash
# Fuzzes each target for some seconds, and says how often it ran and what it reached.
#
#   scripts/fuzz.sh SECONDS [TARGET ...]
#
# The code has no `unsafe`, so there is nothing for a sanitizer to find, and without one the project's own stable compiler
# does. What is found on the way goes to target/fuzz/found and is the start of the next run; an input that breaks a target
# goes to fuzz/artifacts.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=$1
shift
build=${CARGO_TARGET_DIR:-target}/fuzz
# As in .cargo/config.toml, which cargo-fuzz takes the place of.
export RUSTFLAGS='--cfg erase_components' CARGO_TARGET_DIR=$build
fuzz() { scripts/with-tools.sh fuzz cargo fuzz "$@"; }

targets=$*
[ -n "$targets" ] || targets=$(fuzz list) || exit 1
echo 'Building the targets: some minutes for the first time ...'
flags=(--dev --sanitizer none --strip-dead-code=true)
fuzz build "${flags[@]}" || exit 1

broken=()
# Of libFuzzer's last lines, the number after this word.
last() { grep -oE "(^| )$1 *[0-9]+" "$log" | tail -n 1 | grep -oE '[0-9]+$' || echo 0; }
for target in $targets; do
  found=$build/found/$target
  log=$build/$target.log
  mkdir -p "$found"
  folders=("$found" "fuzz/corpus/$target")
  [ ! -d "fuzz/regressions/$target" ] || folders+=("fuzz/regressions/$target")
  fuzz run "${flags[@]}" "$target" "${folders[@]}" -- \
    -max_total_time="$seconds" -max_len=2048 -timeout=10 -dict=fuzz/words.dict -print_final_stats=1 >"$log" 2>&1 ||
    broken+=("$target")
  printf '%-14s %9d executions, %6d a second, %6d edges, %7d features, %5d inputs\n' "$target" \
    "$(last stat::number_of_executed_units:)" "$(last stat::average_exec_per_sec:)" \
    "$(last cov:)" "$(last ft:)" "$(last corp:)"
done

for target in ${broken[@]+"${broken[@]}"}; do
  log=$build/$target.log
  printf '\n== %s broke; all of it is in %s\n' "$target" "$log"
  grep -E -A 4 'panicked at|ERROR: |Test unit written to|^error' "$log" | head -n 40
done
[ ${#broken[@]} -eq 0 ]
