"""Rules that need nothing but the text of the files. Each takes a Tree and returns (findings, what was seen)."""

import ast
import pathlib
import posixpath
import re

FLOORS = ["ground", "engine", "domain", "surface", "wire", "entry"]

# Header -> where it may be included. Everything above the wire is free of sockets, everything above the
# store free of SQLite, and so on: a library can be replaced in one room.
THIRD_PARTY = {
    "microhttpd.h": r"src/wire/",
    "sqlite3.h": r"(include|src)/engine/store/\w+_sqlite\w*\.[ch]",
    "engine/store/store_sqlite.h": r"src/engine/store/\w+_sqlite\w*\.c",
    "jansson.h": r"(include|src)/(engine/(render|reply)\w*\.[ch]|surface/)",
    "utf8proc.h": r"src/domain/",
    "sodium.h": r"src/ground/hash\.c",
    "zlib.h": r"src/engine/compress/compress_gzip\.c",
    "brotli/encode.h": r"src/engine/compress/compress_br\.c",
    "zstd.h": r"src/engine/compress/compress_zstd\.c",
    "ini.h": r"src/ground/config/config_file\.c",
    "gnutls/gnutls.h": r"src/wire/tls\w*\.[ch]",
    "gnutls/x509.h": r"src/wire/tls\w*\.[ch]",
    "gnutls/abstract.h": r"src/wire/tls\w*\.[ch]",
    "seccomp.h": r"src/entry/sandbox/sandbox_seccomp\.c",
}

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
# "path" or "path:function" -> why it may be longer.
LONGER_WITH_REASON = {}

# No bound, no error, hidden state, or a locale: each has a better way in ground/.
BANNED = ["strcpy", "strcat", "strncpy", "strncat", "stpcpy", "sprintf", "vsprintf", "gets", "atoi", "atol",
          "atoll", "atof", "strtok", "alloca", "setlocale", "tmpnam", "mktemp", "system", "popen", "rand", "srand",
          "gmtime", "localtime", "asctime", "ctime", "signal", "usleep"]

# Written apart, so that this file does not find itself.
UNFINISHED = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "place" + "holder", "HA" + "CK", "not implemented " + "yet"]
MACHINE_PATHS = ["/wo" + "rk/", "/fa" + "rm/", "/tmp/" + "h/", "/home" + "/", "/ro" + "ot/"]


def floor_of(name):
    match = re.match(r"(?:src|include)/(\w+)/", name)
    return FLOORS.index(match.group(1)) if match and match.group(1) in FLOORS else None


def floors(tree):
    findings = []
    for name in tree.c_files():
        own = floor_of(name)
        if own is None:
            findings.append(f"{name}: not on a floor ({', '.join(FLOORS)})")
            continue
        for line, included, is_quoted in tree.includes(name):
            if not is_quoted or "/" not in included:
                continue
            other = floor_of("include/" + included)
            if other is None:
                findings.append(f"{name}:{line}: {included} is on no floor")
            elif other > own:
                findings.append(f"{name}:{line}: {FLOORS[own]} includes {included} of a higher floor")
    return findings, f"{len(tree.c_files())} files"


def are_parts(room, other):
    """params_value.h is a part of params.h, store_lock.h of store.h: parts of one room may know each other."""
    return room.startswith(other + "_") or other.startswith(room + "_") or room == other


def find_circle(graph):
    state = {}

    def visit(node, path):
        state[node] = 1
        for following in sorted(graph.get(node, ())):
            if state.get(following) == 1:
                return path[path.index(following):] + [following]
            if following not in state:
                circle = visit(following, path + [following])
                if circle:
                    return circle
        state[node] = 2
        return None

    for start in sorted(graph):
        if start not in state:
            circle = visit(start, [start])
            if circle:
                return circle
    return None


def header_of(name, included, headers):
    """`x.h` is a header beside the file that includes it; `floor/x.h` a contract."""
    path = included[:-2] if "/" in included else f"{name.split('/', 1)[1].rsplit('/', 1)[0]}/{included[:-2]}"
    return path if path in headers else None


def circles(tree):
    """Among all headers, and among rooms: a room is a contract and the source file of its name."""
    names = [name for name in tree.c_files() if floor_of(name) is not None]
    headers = {name.split("/", 1)[1][:-2] for name in names if name.endswith(".h")}
    contracts = {name[len("include/"):-2] for name in names if name.startswith("include/")}
    by_header, by_room = {}, {}
    for name in names:
        for _, included, is_quoted in tree.includes(name):
            header = header_of(name, included, headers) if is_quoted else None
            if header is None:
                continue
            if name.endswith(".h"):
                by_header.setdefault(name.split("/", 1)[1][:-2], set()).add(header)
            room = name.split("/", 1)[1][:-2]
            if room in contracts and header in contracts and not are_parts(room, header):
                by_room.setdefault(room, set()).add(header)
    findings = []
    for kind, graph in (("headers", by_header), ("rooms", by_room)):
        circle = find_circle(graph)
        if circle:
            findings.append(f"{kind} include each other: {' -> '.join(circle)}")
    return findings, f"{len(by_header)} headers, {len(by_room)} rooms"


def third_party(tree):
    findings = []
    for name in tree.c_files():
        for line, included, _ in tree.includes(name):
            where = THIRD_PARTY.get(included)
            if where is not None and not re.match(where, name):
                findings.append(f"{name}:{line}: {included} belongs to {where} alone")
    return findings, f"{len(THIRD_PARTY)} headers"


def lengths_checked(tree):
    return [name for name in tree.files
            if re.fullmatch(r"(src|include|tests|[.]ci|db)/.*\.(c|h|py|sh|awk)", name)]


def file_length(tree):
    findings = []
    for name in lengths_checked(tree):
        lines = tree.text(name).count("\n")
        if lines > FILE_LINES_MAX and name not in LONGER_WITH_REASON:
            findings.append(f"{name}: {lines} lines, {FILE_LINES_MAX} are allowed: it holds two topics")
    return findings, f"{len(lengths_checked(tree))} files"


def c_functions(code):
    """(name, first line, last line) of every function body: by the house format, `{` ends a line that begins in
    column 1 or continues one that does, and the body ends at the first `}` in column 1."""
    lines = code.split("\n")
    head, opened = "", None
    for number, line in enumerate(lines, 1):
        if opened is None:
            head = line if line[:1] not in (" ", "\t", "}") else head + line
            if line.rstrip().endswith("{"):
                match = re.search(r"(\w+)\s*\((?!.*\b(?:struct|enum|union)\s+\w+\s*\{$)", re.sub(
                    r"__attribute__\s*\(\(.*?\)\)", "", head))
                is_data = re.match(r"\s*(typedef|struct \w+ \{|enum \w* ?\{|union)", head) or "=" in head
                opened = (match.group(1) if match and not is_data else None, number)
                head = ""
            elif line.rstrip().endswith((";", "}")) or line.startswith("#"):
                head = ""
        elif line.startswith("}"):
            if opened[0] is not None:
                yield opened[0], opened[1], number
            opened = None


def function_length(tree):
    findings, count = [], 0
    for name in lengths_checked(tree):
        if name.endswith((".c", ".h")):
            found = c_functions(tree.code(name))
        elif name.endswith(".py"):
            found = [(node.name, node.lineno, node.end_lineno) for node in ast.walk(ast.parse(tree.text(name)))
                     if isinstance(node, ast.FunctionDef)]
        else:
            continue
        for function, first, last in found:
            count += 1
            lines = last - first + 1
            if lines > FUNCTION_LINES_MAX and f"{name}:{function}" not in LONGER_WITH_REASON:
                findings.append(f"{name}:{first}: {function} has {lines} lines, {FUNCTION_LINES_MAX} are allowed")
    return findings, f"{count} functions"


def banned(tree):
    findings = []
    call = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
    for name in tree.c_files():
        for number, line in enumerate(tree.code(name).splitlines(), 1):
            for match in call.finditer(line):
                findings.append(f"{name}:{number}: {match.group(1)}() is not used here")
    return findings, f"{len(BANNED)} functions"


def search_all(tree, pattern, what):
    findings = []
    for name in tree.files:
        for number, line in enumerate(tree.text(name).splitlines(), 1):
            match = pattern.search(line)
            if match:
                findings.append(f"{name}:{number}: {what} `{match.group(0)}`")
    return findings, f"{len(tree.files)} files"


def unfinished(tree):
    return search_all(tree, re.compile(r"\b(" + "|".join(UNFINISHED) + r")\b"), "a word of unfinished work:")


def machine_paths(tree):
    return search_all(tree, re.compile(r"(?<![\w.])(" + "|".join(MACHINE_PATHS) + ")"), "a path of one machine:")


def guards(tree):
    findings = []
    headers = [name for name in tree.c_files() if name.startswith("include/")]
    for name in headers:
        wanted = "PILCROW_" + re.sub(r"\W", "_", name[len("include/"):]).upper()
        if f"#ifndef {wanted}\n#define {wanted}\n" not in tree.text(name):
            findings.append(f"{name}: its include guard is not {wanted}")
    for name in tree.c_files():
        if not tree.text(name).startswith(f"/* {name.rsplit('/', 1)[1]}: "):
            findings.append(f"{name}: does not begin with `/* {name.rsplit('/', 1)[1]}: what it is for`")
    return findings, f"{len(tree.c_files())} files"


def spelling(tree):
    """One line feed at the end, no carriage return, no tab outside make rules, no blank at a line's end; C within
    100 columns, save for what one literal needs."""
    findings = []
    names = [name for name in tree.files
             if re.search(r"\.(c|h|py|sh|awk|sql|md|yml)$|Makefile$", name) and not name.startswith("tests/fuzz/corpus")]
    for name in names:
        text = tree.text(name)
        if not text.endswith("\n") or text.endswith("\n\n"):
            findings.append(f"{name}: does not end in one line feed")
        for number, line in enumerate(text.split("\n"), 1):
            if line.endswith((" ", "\t", "\r")):
                findings.append(f"{name}:{number}: blank at the end of the line")
            if "\t" in line and not name.endswith("Makefile"):
                findings.append(f"{name}:{number}: tab")
            if len(line) > 100 and name.endswith((".c", ".h")) and '"' not in line:
                findings.append(f"{name}:{number}: {len(line)} columns")
    return findings, f"{len(names)} files"


def page_links(tree):
    """What README.md and docs/ link to, or name as a file of the project, is there."""
    findings = []
    names = tree.match("README.md", "docs/*.md", "docs/*/*.md")
    there = set(tree.files) | {str(parent) for name in tree.files for parent in pathlib.PurePath(name).parents}
    for name in names:
        text = re.sub(r"```.*?```", "", tree.text(name), flags=re.S)
        folder = posixpath.dirname(name)
        linked = [posixpath.normpath(posixpath.join(folder, link))
                  for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
        named = re.findall(r"`((?:tests|src|include|db)/[\w/.-]+\.\w+)`", text)
        findings += [f"{name}: there is no {wanted}" for wanted in linked + named if wanted not in there]
    return findings, f"{len(names)} pages"


RULES = {rule.__name__: rule for rule in (floors, circles, third_party, file_length, function_length, banned,
                                          unfinished, machine_paths, guards, spelling, page_links)}
