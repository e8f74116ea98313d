#!/bin/sh
# manual.sh PROGRAM: the manual page, made of what the program says about itself, so that the two never differ.
set -eu
program=$1

# Text as it stands, in troff: no escapes, no requests, hyphens that can be searched and copied.
as_is() {
    sed -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^[.']/\\\\\&&/"
}

section() {
    printf '.SH %s\n.nf\n' "$1"
    as_is
    printf '.fi\n'
}

version=$("$program" version | sed -n '1s/^pilcrow \([^ ]*\).*/\1/p')
printf '.TH PILCROW 1 "" "pilcrow %s"\n' "$version"
printf '.SH NAME\npilcrow \\- serve a folder of articles as a JSON API\n'
printf '.SH SYNOPSIS\n.B pilcrow\n.I COMMAND\n.RI [ OPTION ...]\n'
"$program" --help | sed '1,2d' | section DESCRIPTION
"$program" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p' | while read -r command; do
    "$program" "$command" --help | section "$(printf '%s' "$command" | tr '[:lower:]' '[:upper:]')"
done
