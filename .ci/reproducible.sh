#!/bin/sh
# reproducible.sh FOLDER: builds the program and its manual page twice, in two places, at two times, with another
# language, time zone, umask and order of work, and compares the bytes. Nothing comes out of a compiler cache.
set -eu
folder=$1
root=$(pwd)
export CCACHE_DISABLE=1

copy() {
    mkdir -p "$1"
    tar -C "$root" -cf - Makefile .ci include src db | tar -C "$1" -xmf -
}

# build FOLDER JOBS VARIABLE=VALUE...
build() {
    place=$1
    jobs=$2
    shift 2
    env "$@" make --no-print-directory -C "$place" -j"$jobs" all build/release/pilcrow.1 >"$place/log" 2>&1 ||
        { cat "$place/log"; exit 1; }
}

rm -rf "$folder"
one=$folder/one
other=$folder/quite/another/place
copy "$one"
copy "$other"
find "$other" -type f -exec touch -d '2001-02-03 04:05:06' {} +
(umask 022 && build "$one" 2 LC_ALL=C TZ=UTC)
(umask 077 && build "$other" 1 LC_ALL=C.UTF-8 TZ=Pacific/Kiritimati USER=someone HOSTNAME=elsewhere)

status=0
for file in build/release/pilcrow build/release/pilcrow.1; do
    if cmp "$one/$file" "$other/$file"; then
        echo "ok - $file is the same: $(sha256sum "$one/$file" | cut -c1-64)"
    else
        echo "not ok - $file is not the same"
        status=1
    fi
done
# A guard for the guard: a build that names its folder would have to be told apart.
if grep -q "$root" "$one/build/release/pilcrow"; then
    echo "not ok - the program names the folder that it was built in"
    status=1
fi
exit $status
