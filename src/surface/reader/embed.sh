#!/bin/sh
# Turns files into C: the bytes of each, a table of them, and a name for all of them together, which
# changes when one of them does.
set -eu
export LC_ALL=C
number=0
table=
for file in "$@"; do
    name=${file##*/}
    echo "static const unsigned char asset_${number}[] = {"
    od -An -v -tu1 "$file" | sed 's/  */,/g; s/^,//; s/$/,/'
    echo "};"
    table="$table    {\"${name%.*}\", \"${name##*.}\", asset_${number}, sizeof asset_${number}},
"
    number=$((number + 1))
done
printf 'static const struct asset assets[] = {\n%s};\n' "$table"
printf '#define READER_ASSET_SET "h%s"\n' "$(cat "$@" | sha256sum | cut -c1-12)"
