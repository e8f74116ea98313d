#!/bin/sh
# require.sh GROUP...: makes sure that what a make target needs is there, and installs what is not.
# require.sh --list GROUP: says which packages that is.
#
# Groups: build (to compile and run), test (to check), proxy (to stand behind), fuzz (to look for new inputs), bench (to
# measure), deb (to make a package), image (to make a container and run it).
# What would start a service when it is installed (a proxy) is not a part of `make test`, which takes those that are there.
# Nothing happens when all is there. Otherwise the exact command is shown before it is run: as root, or
# through sudo. Without either, the command is shown and nothing is changed.
set -eu

# group  package  how to see that it is there: a pkg-config library, a command, a Python module,
#        a package name
needs() {
    cat <<'TABLE'
build pkg-config         command pkg-config
build libmicrohttpd-dev  library libmicrohttpd
build libjansson-dev     library jansson
build libsqlite3-dev     library sqlite3
build libutf8proc-dev    library libutf8proc
build libsodium-dev      library libsodium
build zlib1g-dev         library zlib
build libbrotli-dev      library libbrotlienc
build libzstd-dev        library libzstd
build libinih-dev        library inih
build libseccomp-dev     library libseccomp
build libgnutls28-dev    library gnutls
test  libcmocka-dev      library cmocka
test  python3            command /usr/bin/python3
test  python3-pytest     python  pytest
test  python3-jsonschema python jsonschema
test  python3-brotli     python  brotli
test  python3-zstandard  python  zstandard
test  sqlite3            command sqlite3
test  curl               command curl
test  openssl            command openssl
test  shellcheck         command shellcheck
test  libxml2-utils      command xmllint
test  newsboat           command newsboat
test  nodejs             command node
test  npm                command npm
test  chromium           command chromium
test  clang-14           command clang-14
test  clang-format-14    command clang-format-14
test  clang-tidy-14      command clang-tidy-14
proxy nginx-light        command /usr/sbin/nginx
proxy haproxy            command /usr/sbin/haproxy
proxy apache2-bin        command /usr/sbin/apache2
proxy lighttpd           command /usr/sbin/lighttpd
proxy varnish            command /usr/sbin/varnishd
proxy varnish-modules    package varnish-modules
coverage gcovr              command gcovr
analyze cppcheck           command cppcheck
analyze clang-14           command clang-14
analyze clang-tools-14     command scan-build-14
fuzz  clang-14           command clang-14
fuzz  libclang-rt-14-dev package libclang-rt-14-dev
bench python3            command /usr/bin/python3
bench wrk                command wrk
bench nginx-light        command /usr/sbin/nginx
deb   debhelper          command dh
deb   dpkg-dev           command dpkg-buildpackage
deb   fakeroot           command fakeroot
deb   lintian            command lintian
deb   mmdebstrap         command mmdebstrap
image mmdebstrap         command mmdebstrap
image buildah            command buildah
image podman             command podman
image runc               command runc
image conmon             command conmon
image uidmap             command newuidmap
TABLE
}

if [ "${1:-}" = --list ]; then
    needs | awk -v group="$2" '$1 == group { printf "%s%s", gap, $2; gap = " " } END { print "" }'
    exit 0
fi

is_there() {
    case $1 in
    command) command -v "$2" >/dev/null 2>&1 ;;
    library) pkg-config --exists "$2" >/dev/null 2>&1 ;;
    python) /usr/bin/python3 -c "import $2" >/dev/null 2>&1 ;;
    package) dpkg-query -W -f "\${db:Status-Abbrev}" "$2" 2>/dev/null | grep -q "^ii" ;;
    esac
}

missing=$(needs | while read -r group package kind name; do
    for wanted in "$@"; do
        [ "$group" = "$wanted" ] || continue
        is_there "$kind" "$name" || printf ' %s' "$package"
    done
done)
[ -n "$missing" ] || exit 0

install="apt-get install -y --no-install-recommends$missing"
update="apt-get update"
if [ "$(id -u)" -ne 0 ]; then
    install="sudo $install"
    update="sudo $update"
fi
echo "Missing packages:$missing"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "This system has no apt-get: install what these Debian packages hold, then run make again." >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
    echo "To install them, run as root, then run make again:" >&2
    echo "    apt-get update && ${install#sudo }" >&2
    exit 1
fi

export DEBIAN_FRONTEND=noninteractive
# The package list may be absent or too old; it is fetched only then.
# shellcheck disable=SC2086
if [ -z "$(apt-cache madison $missing 2>/dev/null)" ]; then
    echo "+ $update"
    $update </dev/null
    updated=yes
fi
echo "+ $install"
if ! $install </dev/null; then
    [ "${updated:-no}" = no ] || exit 1
    echo "+ $update"
    $update </dev/null
    echo "+ $install"
    $install </dev/null
fi
