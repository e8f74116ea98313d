# Turns JSON schemas into C: one line SCHEMA("Name", "text") for each file Name.json, without indentation.

function flush() {
    if (name != "") printf "SCHEMA(\"%s\",\n%s)\n", name, text
}

FNR == 1 {
    flush()
    name = FILENAME
    sub(/.*\//, "", name)
    sub(/\.json$/, "", name)
    text = ""
}
{
    line = $0
    sub(/^ +/, "", line)
    gsub(/\\/, "\\\\", line)
    gsub(/"/, "\\\"", line)
    text = text (text == "" ? "" : "\n") "    \"" line "\\n\""
}
END { flush() }
