#!/bin/sh
# run.sh PROGRAM FOLDER [PART...]: the reader in a real browser. What it needs from npm goes into FOLDER, by the
# lock file and only when that has changed; where no registry can be reached the suite is skipped,
# and says so.
set -eu
PILCROW=$1
folder=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
export PILCROW

for command in node npm chromium; do
    command -v "$command" >/dev/null 2>&1 || {
        echo "ok - the reader in a browser # skip $command is not there"
        exit 0
    }
done

mkdir -p "$folder"
if ! cmp -s "$here/package-lock.json" "$folder/node_modules/lock.json"; then
    cp "$here/package.json" "$here/package-lock.json" "$folder"
    if ! (cd "$folder" && npm ping --silent --fetch-retries 1 --fetch-timeout 20000 >/dev/null 2>&1); then
        echo "ok - the reader in a browser # skip the registry of npm cannot be reached"
        exit 0
    fi
    (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts --loglevel error)
    cp "$here/package-lock.json" "$folder/node_modules/lock.json"
fi

CHROMIUM=$(command -v chromium)
NODE_TOOLS=$(cd "$folder" && pwd)/package.json
export CHROMIUM NODE_TOOLS
exec node --test-reporter=tap "$here/main.js" "$@"
