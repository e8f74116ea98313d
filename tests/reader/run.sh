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

"$here/../npm.sh" "$here" "$folder" || {
    [ $? -eq 3 ] || exit 1
    echo "ok - the reader in a browser # skip the registry of npm cannot be reached"
    exit 0
}

CHROMIUM=$(command -v chromium)
NODE_TOOLS=$(cd "$folder" && pwd)/package.json
export CHROMIUM NODE_TOOLS
exec node --test-reporter=tap "$here/main.js" "$@"
