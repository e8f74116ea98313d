# Turns the numbered migrations into C: one MIGRATION(number, "file", "text") each, in the order given.

function quoted(line) {
    gsub(/\\/, "\\\\", line)
    gsub(/"/, "\\\"", line)
    return "    \"" line "\\n\""
}

function flush() {
    if (file == "") return
    printf "MIGRATION(%d, \"%s\",\n%s)\n", number, file, text
}

FNR == 1 {
    flush()
    file = FILENAME
    sub(/.*\//, "", file)
    number = file + 0
    expected += 1
    if (number != expected) { print FILENAME ": migration " expected " is missing" > "/dev/stderr"; exit 1 }
    text = ""
}
{ text = text (text == "" ? "" : "\n") quoted($0) }
END { flush() }
