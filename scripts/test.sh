#!/usr/bin/env bash
# Everything that must hold, part by part. A part that fails does not keep the others from running;
# the last lines say how many tests ran and how they ended.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

logs=target/test
report=end2end/test-results/report.json
tls_report=end2end/test-results/tls/report.json
rm -rf "$logs" "$report" "$tls_report"
mkdir -p "$logs"
# What is counted in the end is there, whatever failed before.
touch "$logs/rust.log" "$logs/engines.log" "$logs/proxies.log"
failed_parts=()

part() {
  local name=$1
  shift
  printf '\n== %s\n' "$name"
  "$@" && return
  failed_parts+=("$name")
  return 1
}

rust_tests() {
  scripts/servers.sh || return
  scripts/with-tools.sh rust cargo test --workspace --no-fail-fast 2>&1 | tee "$logs/rust.log"
}

# What is built, what fuzzes it, and what stands beside it in `make bench`. That alone has not every licence that may be.
deny() {
  local manifest flags
  for manifest in Cargo.toml fuzz/Cargo.toml bench/peers/rust/Cargo.toml bench/empty/Cargo.toml; do
    flags=(--hide-inclusion-graph)
    [ "${manifest#bench/}" = "$manifest" ] || flags+=(--allow license-not-encountered)
    scripts/with-tools.sh check cargo deny --manifest-path "$manifest" check "${flags[@]}" "$@" || return
  done
}

# The databases lie outside of what packages come from, so they may be out of reach; an advisory in one is a failure.
advisories() {
  local status=0 folder
  if scripts/with-tools.sh check cargo deny fetch db >"$logs/advisories.log" 2>&1; then
    deny advisories || status=1
  else
    echo 'advisories of crates: not checked, the database cannot be reached'
  fi
  for folder in end2end deploy/observatory bench/peers/node bench/page; do audit "$folder" || status=1; done
  return "$status"
}

audit() {
  local log=$logs/audit.json
  (cd "$1" && npm audit --package-lock-only --json) >"$log" 2>/dev/null && return
  if grep -q '"auditReportVersion"' "$log"; then
    cat "$log"
    return 1
  fi
  echo "advisories of npm packages in $1: not checked, the database cannot be reached"
}

# Chromium answers in the end-to-end tests. What others can do with a login is the carrier's doing alone, so one
# scheme for each carrier is enough here; `make engines` takes all four.
engines() {
  scripts/engines.sh || return
  scripts/with-tools.sh engines node end2end/engines.mjs Firefox WebKitGTK 2>&1 | tee "$logs/engines.log"
}

proxies() {
  scripts/proxy.sh || return
  make --no-print-directory deploy/observatory/node_modules || return
  node --test --test-reporter=tap deploy/*.test.mjs reliability/*.test.mjs bench/*.test.mjs 2>&1 | tee "$logs/proxies.log"
}

# What is another over https, and the whole life of a login; `make tls` takes the whole suite.
tls() {
  scripts/proxy.sh || return
  (cd end2end && LOGIN_LAB_TLS=1 npx playwright test --project=chromium-en specs/tls.spec.ts specs/life.spec.ts)
}

documentation() {
  RUSTDOCFLAGS='-D warnings' scripts/with-tools.sh rust cargo doc --no-deps --workspace
}

part 'formatting and clippy' make --no-print-directory lint
part 'Rust tests' rust_tests
part 'licences, bans, sources' deny licenses bans sources
part 'advisories' advisories
part 'documentation' documentation
part 'build and end-to-end tests' make --no-print-directory e2e
part 'end-to-end tests over TLS' tls
part 'experiments in Firefox and WebKitGTK' engines
part 'processes behind HAProxy' proxies

# The sum over every `test result: ok. 12 passed; 0 failed; …` of cargo test.
rust_count() { awk -v what="$1;" '/^test result:/ { for (i = 2; i <= NF; i++) if ($i == what) n += $(i - 1) } END { print n + 0 }' "$logs/rust.log"; }
# Of its last line, `Engines: 240 comparisons as predicted, 0 not`.
engines_count() { awk -v field="$1" '/^Engines: / { n = $field } END { print n + 0 }' "$logs/engines.log"; }
# Of its last lines, `# pass 12`.
proxies_count() { awk -v what="$1" '$1 == "#" && $2 == what { n = $3 } END { print n + 0 }' "$logs/proxies.log"; }
# What failed, by name, for whoever sees only the last lines.
what_failed() {
  sed -nE 's/^test (.*) \.\.\. FAILED$/  \1/p' "$logs/rust.log"
  e2e_failures "$report"
  e2e_failures "$tls_report"
  grep -E '^((Chromium|Firefox|WebKitGTK): |  .*: predicted )' "$logs/engines.log"
  grep '^ *not ok' "$logs/proxies.log"
}
e2e_failures() {
  node - "$1" <<'END' 2>/dev/null
const inside = ({ specs = [], suites = [] }) => [...specs, ...suites.flatMap(inside)];
for (const { file, title, ok } of inside(JSON.parse(require('fs').readFileSync(process.argv[2])))) if (!ok) console.log(`  ${file}: ${title}`);
END
}
e2e_count() { node -p "const s = JSON.parse(fs.readFileSync('$1')).stats; $2" 2>/dev/null || echo 0; }

rust_passed=$(rust_count passed) rust_failed=$(rust_count failed)
e2e_passed=$(e2e_count "$report" s.expected) e2e_failed=$(e2e_count "$report" s.unexpected+s.flaky)
tls_passed=$(e2e_count "$tls_report" s.expected) tls_failed=$(e2e_count "$tls_report" s.unexpected+s.flaky)
engines_passed=$(engines_count 2) engines_failed=$(engines_count 6)
proxies_passed=$(proxies_count pass) proxies_failed=$(proxies_count fail)
[ "$rust_passed" -gt 0 ] || failed_parts+=('no Rust test ran')
[ "$e2e_passed" -gt 0 ] || failed_parts+=('no end-to-end test ran')
[ "$tls_passed" -gt 0 ] || failed_parts+=('no end-to-end test ran over TLS')
[ "$proxies_passed" -gt 0 ] || failed_parts+=('no test of the proxies ran')

failed=$((rust_failed + e2e_failed + tls_failed + engines_failed + proxies_failed))
# Whatever failed without a test to show for it counts as one.
[ ${#failed_parts[@]} -le "$failed" ] || failed=${#failed_parts[@]}

echo
for name in ${failed_parts[@]+"${failed_parts[@]}"}; do echo "failed: $name"; done
[ "$failed" -eq 0 ] || what_failed
# For `make bench`, which says how long this takes.
echo "{\"seconds\": $SECONDS}" >"$logs/took.json"
echo "Rust tests: $rust_passed passed, $rust_failed failed"
echo "End-to-end tests: $e2e_passed passed, $e2e_failed failed"
echo "End-to-end tests over TLS: $tls_passed passed, $tls_failed failed"
echo "Firefox and WebKitGTK: $engines_passed comparisons as predicted, $engines_failed not"
echo "Processes behind HAProxy: $proxies_passed passed, $proxies_failed failed"
echo "$((rust_passed + e2e_passed + tls_passed + engines_passed + proxies_passed)) passed, $failed failed"
[ "$failed" -eq 0 ]
