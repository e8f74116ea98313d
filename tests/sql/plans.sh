#!/bin/sh
# plans.sh: how SQLite means to answer every statement of db/sqlite/, compared with plans.expected: a plan
# that changes is seen in review. A SCAN or a TEMP B-TREE is refused unless plans.allowed says why it may be.
#
#     tests/sql/plans.sh            compare
#     tests/sql/plans.sh --write    write plans.expected anew
set -eu
export LC_ALL=C
cd "$(dirname "$0")/../.."
expected=tests/sql/plans.expected
allowed=tests/sql/plans.allowed
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat db/sqlite/migrations/*.sql | sqlite3 -batch -bail "$folder/plans.db"

# Each statement with EXPLAIN QUERY PLAN in front, its name printed before.
status=0
awk '
    /^-- name: / { printf ".print == %s\nEXPLAIN QUERY PLAN\n", $3; named = 1; next }
    /^--/ || !named { next }
    { print }
' db/sqlite/*.sql >"$folder/explain.sql"
if ! sqlite3 -batch -bail "$folder/plans.db" <"$folder/explain.sql" >"$folder/answer"; then
    echo "plans: SQLite does not take $(tail -n 1 "$folder/answer")"
    status=1
fi
grep -v '^QUERY PLAN$' "$folder/answer" >"$folder/plans"

statements=$(grep -c '^-- name: ' db/sqlite/*.sql | awk -F: '{ sum += $2 } END { print sum }')
planned=$(grep -c '^== ' "$folder/plans")
if [ "$statements" != "$planned" ]; then
    echo "plans: $planned of $statements statements have a plan"
    status=1
fi

awk -v allowed="$allowed" '
    BEGIN {
        while ((getline line < allowed) > 0) {
            if (line ~ /^#/ || line ~ /^[ \t]*$/) continue
            split(line, part, /[ \t]+/)
            if (line !~ /: ./) { print "plans: no reason for " part[1]; failed = 1 }
            sub(/:$/, "", part[1])
            wanted[part[1]] = 1
        }
    }
    /^== / { name = $2; next }
    /SCAN|TEMP B-TREE/ {
        if (name in wanted) used[name] = 1
        else { print "plans: " name " may not: " $0; failed = 1 }
    }
    END {
        for (name in wanted)
            if (!(name in used)) { print "plans: " name " needs no allowance"; failed = 1 }
        exit failed
    }
' "$folder/plans" || status=1

if [ "${1:-}" = --write ]; then
    cp "$folder/plans" "$expected"
elif ! diff -u "$expected" "$folder/plans"; then
    echo "plans: changed; if that is meant, run tests/sql/plans.sh --write and review the difference"
    status=1
fi
[ "$status" -ne 0 ] || echo "plans: $planned statements as expected"
exit "$status"
