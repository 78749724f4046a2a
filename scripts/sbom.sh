#!/usr/bin/env bash
# Lists everything that the server, the page and the tests are made from (CycloneDX), as the lock files have it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

out=target/sbom
rm -rf "$out"
mkdir -p "$out"

# It writes beside the manifest of each crate, whichever was asked for.
bom=sbom-$$
trap 'rm -f ./*/"$bom.json"' EXIT
scripts/with-tools.sh sbom cargo cyclonedx --format json --spec-version 1.5 --all --target all --override-filename "$bom" --quiet
mv "server/$bom.json" "$out/login-lab.json"
(cd end2end && npm sbom --sbom-format cyclonedx --package-lock-only) >"$out/end2end.json"

# An empty list would say that there is nothing to look after.
for list in "$out"/*.json; do
  printf '%s: %s components\n' "$list" "$(node -e '
    const { components = [] } = JSON.parse(require("fs").readFileSync(process.argv[1]));
    const named = components.filter(({ name, version, purl }) => name && version && purl);
    if (named.length < 5 || named.length < components.length) throw new Error("it does not say what is in it");
    console.log(components.length);
  ' "$list")"
done
