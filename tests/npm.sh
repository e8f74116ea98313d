#!/bin/sh
# npm.sh FROM FOLDER: what package-lock.json in FROM names goes into FOLDER, and only when that has changed. Fails with 3
# when there is no npm, or no registry that it can reach.
set -eu
from=$1
folder=$2

command -v npm >/dev/null 2>&1 || exit 3
mkdir -p "$folder"
cmp -s "$from/package-lock.json" "$folder/node_modules/lock.json" && exit 0
cp "$from/package.json" "$from/package-lock.json" "$folder"
cd "$folder"
npm ping --silent --fetch-retries 1 --fetch-timeout 20000 >/dev/null 2>&1 || exit 3
npm ci --no-audit --no-fund --ignore-scripts --loglevel error
cp "$from/package-lock.json" node_modules/lock.json
