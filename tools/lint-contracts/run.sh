#!/bin/sh
# Redocly CLI and Spectral on the OpenAPI files of contracts/, or on the files named.
# Where Node or the packages cannot be had, it says so and ends with 0.
set -eu
here=$(cd "${0%/*}" && pwd)
[ $# -gt 0 ] || set -- "$here"/../../contracts/*.openapi.yaml

skip() {
  printf 'contracts: not linted with Redocly and Spectral: %s\n' "$1"
  exit 0
}

for tool in node npm; do
  command -v "$tool" >/dev/null 2>&1 || skip "$tool is not on this machine."
done
enough='const [a, b] = process.versions.node.split("."); process.exit((a == 20 ? b >= 19 : a == 22 ? b >= 12 : a > 22) ? 0 : 1)'
node -e "$enough" || skip "Node $(node --version) is too old; they need 20.19 or 22.12 or later."
installed="$here/node_modules/.package-lock.json"
if [ ! -e "$installed" ] || [ "$here/package-lock.json" -nt "$installed" ]; then
  said=$(npm ci --prefix "$here" --no-audit --no-fund 2>&1) ||
    skip "npm ci: $(printf '%s\n' "$said" | grep -m 1 'npm error' || printf '%s' "$said" | tail -n 1)"
fi

export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
"$here/node_modules/.bin/redocly" lint --config "$here/redocly.yaml" "$@"
"$here/node_modules/.bin/spectral" lint --ruleset "$here/.spectral.yaml" --fail-severity=hint "$@"
