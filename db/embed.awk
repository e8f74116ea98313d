# Turns named SQL statements into C: one line SQL(name, role, "text") for each block
#
#     -- name: article_by_id            a statement that every connection prepares
#     -- name: article_insert (write)   one that only the writer prepares
#
# Comments after the name line stay in the text, so do line ends: a `--` comment ends where it ends.

function quoted(line) {
    gsub(/\\/, "\\\\", line)
    gsub(/"/, "\\\"", line)
    return "    \"" line "\\n\""
}

function flush() {
    if (name == "") return
    if (text == "") { print FILENAME ": statement " name " is empty" > "/dev/stderr"; failed = 1; exit 1 }
    if (name in seen) { print FILENAME ": statement " name " is defined twice" > "/dev/stderr"; failed = 1; exit 1 }
    seen[name] = 1
    printf "SQL(%s, %s,\n%s)\n", name, role, text
}

/^-- name: / {
    flush()
    name = $3
    role = ($4 == "(write)") ? "STORE_WRITER" : "STORE_READER"
    text = ""
    next
}
name != "" && /[^ \t]/ { text = text (text == "" ? "" : "\n") quoted($0) }
END { if (!failed) flush() }
