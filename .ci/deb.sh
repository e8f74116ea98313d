#!/bin/sh
# deb.sh FOLDER: the Debian package of these sources, in FOLDER. What Debian wants as debian/ is docs/debian/; the
# version comes from version.h, the changelog from docs/changelog.md, what is needed to build from require.sh. Its tests
# run with DEB_BUILD_OPTIONS="" (by default the sources have been tested where they come from).
set -eu
folder=$1
version=$(sed -n 's/^#define PILCROW_VERSION "\(.*\)"$/\1/p' include/ground/version.h)
tree=$folder/pilcrow-$version
export DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS-nocheck}"

rm -rf "$folder"
mkdir -p "$tree"
tar --exclude=docs/debian -cf - .ci .clang-format LICENSE Makefile README.md db docs include src tests/unit tests/lint |
    tar -C "$tree" -xf -

# One entry a release: `## 0.1.0 (2026-11-24)`, then a list.
changelog() {
    awk -v maintainer="$(sed -n 's/^Maintainer: //p' docs/debian/control.in)" '
        function day(date,  command, text) {
            command = "LC_ALL=C date -R -u -d " date
            command | getline text
            close(command)
            return text
        }
        function print_item(  i, count, words, line) {
            count = split(item, words, " ")
            line = "  *"
            for (i = 1; i <= count; i++) {
                if (length(line " " words[i]) > 78) { print line; line = "   " }
                line = line " " words[i]
            }
            if (count > 0) print line
            item = ""
        }
        function end() {
            print_item()
            if (date != "") printf "\n -- %s  %s\n\n", maintainer, day(date)
        }
        /^## / { end(); date = substr($3, 2, 10)
                 printf "pilcrow (%s-1) unstable; urgency=medium\n\n", $2; next }
        date == "" { next }
        /^- / { print_item(); item = substr($0, 3) }
        /^  / { item = item substr($0, 2) }
        END { end() }' docs/changelog.md
}

cp -r docs/debian "$tree/debian"
rm "$tree/debian/control.in"
cp docs/systemd/pilcrow.service docs/systemd/pilcrow.socket "$tree/debian/"
changelog >"$tree/debian/changelog"
needs=$(.ci/require.sh --list build | sed 's/ /, /g')
sed "s/@BUILD_DEPENDS@/$needs/" docs/debian/control.in >"$tree/debian/control"
if [ "$(sed -n '1s/^pilcrow (\(.*\)-1).*/\1/p' "$tree/debian/changelog")" != "$version" ]; then
    echo "docs/changelog.md says nothing of version $version, which version.h has" >&2
    exit 1
fi

# What Debian calls the upstream sources: the same without debian/.
tar -C "$folder" --exclude=debian --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -czf \
    "$folder/pilcrow_$version.orig.tar.gz" "pilcrow-$version"
(cd "$tree" && dpkg-buildpackage -us -uc)
# Root may build packages in a container of its own.
lintian --allow-root --fail-on error,warning "$folder"/*.changes
echo "lintian has no errors and no warnings"
