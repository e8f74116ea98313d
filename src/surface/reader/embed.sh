#!/bin/sh
# Turns files into C: the bytes of each, a table of them, and a name for all of them together, which
# changes when one of them does. Of scripts and style sheets, comments and indents are left out: by
# the house style a comment has lines of its own.
set -eu
export LC_ALL=C

shown() {
    case $1 in
    *.js) sed -e 's/^ *//' -e '/^\/\//d' -e '/^$/d' "$1" ;;
    *.css)
        sed -e '/^\/\*.*\*\/$/d' -e '/^\/\*/,/\*\/$/d' -e 's/^ *//' -e '/^$/d' -e 's/; *}/}/g' \
            -e 's/\([;:,{]\) /\1/g' -e 's/ {/{/g' "$1" | tr -d '\n'
        ;;
    *) cat "$1" ;;
    esac
}

number=0
table=
for file in "$@"; do
    name=${file##*/}
    echo "static const unsigned char asset_${number}[] = {"
    shown "$file" | od -An -v -tu1 | sed 's/  */,/g; s/^,//; s/$/,/'
    echo "};"
    table="$table    {\"${name%.*}\", \"${name##*.}\", asset_${number}, sizeof asset_${number}},
"
    number=$((number + 1))
done
printf 'static const struct asset assets[] = {\n%s};\n' "$table"
printf '#define READER_ASSET_SET "h%s"\n' "$(cat "$0" "$@" | sha256sum | cut -c1-12)"
