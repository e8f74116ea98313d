#!/bin/sh
# lint_openapi.sh PROGRAM FOLDER: what others think of /openapi.json: spectral, redocly, and the TypeScript that
# openapi-typescript makes of it, which must compile. From npm, into FOLDER; so not a part of `make test`.
set -eu
program=$1
folder=$2

if ! command -v npm >/dev/null 2>&1; then
    echo "npm is not there: apt-get install npm" >&2
    exit 1
fi
mkdir -p "$folder"
"$program" docs openapi > "$folder/openapi.json"
cd "$folder"
[ -f package.json ] || echo '{"private": true}' > package.json
npm install --no-audit --no-fund --silent @stoplight/spectral-cli@6 @redocly/cli@2 openapi-typescript@7 typescript@5
echo 'extends: ["spectral:oas"]' > ruleset.yaml
npx spectral lint --ruleset ruleset.yaml --fail-severity error openapi.json
echo "ok - spectral"
npx redocly lint openapi.json
echo "ok - redocly"
npx openapi-typescript openapi.json --output pilcrow.d.ts
npx tsc --noEmit --strict pilcrow.d.ts
echo "ok - openapi-typescript: $folder/pilcrow.d.ts"
