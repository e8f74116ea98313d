"""Each rule finds the violation that is planted for it in a tree of its own, and nothing in a clean one."""

import pathlib
import shutil
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import lint  # noqa: E402
import rules_build  # noqa: E402
import rules_source  # noqa: E402
from tree import Tree  # noqa: E402

HEADER = """/* thing.h: a thing. */
#ifndef PILCROW_ENGINE_THING_H
#define PILCROW_ENGINE_THING_H

int thing_size(void);

#endif
"""
SOURCE = """/* thing.c: a thing. */
#include "engine/thing.h"

/* strcpy(a, b) in a comment and "strcpy(a, b)" in text are not calls. */
int thing_size(void) {
    const char *text = "strcpy(a, b)";
    return text[0];
}
"""
CLEAN = {"include/engine/thing.h": HEADER, "src/engine/thing.c": SOURCE}


def long_function(lines):
    return "/* thing.c: a thing. */\nint thing_size(void)\n{\n" + "    f();\n" * (lines - 2) + "}\n"


# rule, files that replace or join the clean ones, what the finding must say
PLANTED = [
    ("floors", {"src/engine/thing.c": '#include "wire/server.h"\n'}, "engine includes wire/server.h of a higher floor"),
    ("floors", {"src/ground/thing.c": '#include "engine/thing.h"\n'}, "ground includes engine/thing.h"),
    ("floors", {"include/ground/x.h": '#include "engine/thing.h"\n'}, "include/ground/x.h:1"),
    ("floors", {"src/cellar/thing.c": "int x;\n"}, "not on a floor"),
    ("circles", {"include/engine/thing.h": '#include "engine/other.h"\n',
                 "include/engine/other.h": '#include "engine/thing.h"\n'}, "headers include each other"),
    ("circles", {"include/engine/other.h": "int other(void);\n", "src/engine/other.c": '#include "engine/thing.h"\n',
                 "src/engine/thing.c": '#include "engine/other.h"\n'}, "rooms include each other"),
    ("third_party", {"src/surface/x.c": "#include <microhttpd.h>\n"}, "src/surface/x.c:1: microhttpd.h"),
    ("third_party", {"src/engine/store.c": "#include <sqlite3.h>\n"}, "sqlite3.h belongs to"),
    ("third_party", {"src/domain/x.c": "#include <jansson.h>\n"}, "jansson.h belongs to"),
    ("third_party", {"src/engine/x.c": "#include <utf8proc.h>\n"}, "utf8proc.h belongs to"),
    ("third_party", {"src/entry/x.c": "#include <sodium.h>\n"}, "sodium.h belongs to"),
    ("file_length", {"src/engine/thing.c": "int x;\n" * 401}, "401 lines"),
    ("file_length", {"tests/unit/test_x.c": "int x;\n" * 401}, "tests/unit/test_x.c: 401 lines"),
    ("function_length", {"src/engine/thing.c": long_function(61).replace(")\n{", ") {")}, "thing_size has 61 lines"),
    ("function_length", {"tests/x.py": "def f():\n" + "    pass\n" * 60}, "f has 61 lines"),
    ("banned", {"src/engine/thing.c": "void f(char *a, char *b) {\n    strcpy(a, b);\n}\n"}, "thing.c:2: strcpy()"),
    ("banned", {"src/entry/x.c": "int f(char *a) {\n    return atoi (a);\n}\n"}, "atoi()"),
    ("unfinished", {"src/engine/thing.c": "/* TO" + "DO: more */\n"}, "thing.c:1"),
    ("machine_paths", {"README.md": "see `/ho" + "me/me/x`\n"}, "README.md:1"),
    ("guards", {"include/engine/thing.h": HEADER.replace("PILCROW_ENGINE_THING_H", "THING_H")}, "include guard"),
    ("guards", {"src/engine/thing.c": "int x;\n"}, "does not begin with"),
    ("spelling", {"src/engine/thing.c": SOURCE + "\n"}, "one line feed"),
    ("spelling", {"src/engine/thing.c": "int x; \n"}, "blank at the end"),
    ("spelling", {"src/engine/thing.c": "\tint x;\n"}, "tab"),
    ("spelling", {"src/engine/thing.c": "// " + "x" * 98 + "\n"}, "101 columns"),
    ("page_links", {"docs/x.md": "see [this](../README.md#part)\n"}, "docs/x.md: there is no README.md"),
    ("page_links", {"README.md": "`tests/unit/test_none.c` holds it\n"}, "there is no tests/unit/test_none.c"),
    ("c_format", {"src/engine/thing.c": "int  x;\n"}, "src/engine/thing.c: not in the house style"),
    ("shell", {".ci/x.sh": "#!/bin/sh\necho $1\n"}, "SC2086"),
]


def plant(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copy(HERE.parents[1] / ".clang-format", root)
    return Tree(root)


def needs_tool(rule):
    tool = {"c_format": "clang-format-14", "shell": "shellcheck", "mutable_globals": "objdump"}.get(rule)
    if tool and shutil.which(tool) is None:
        pytest.skip(f"{tool} is not there")


@pytest.mark.parametrize("rule, files, expected", PLANTED)
def test_planted_violation_is_found(rule, files, expected, tmp_path):
    needs_tool(rule)
    findings, _ = lint.RULES[rule](plant(tmp_path, {**CLEAN, **files}))
    assert any(expected in finding for finding in findings), findings


@pytest.mark.parametrize("rule", [name for name in lint.RULES if name != "readme_tables"])
def test_clean_tree_has_no_finding(rule, tmp_path):
    needs_tool(rule)
    findings, _ = lint.RULES[rule](plant(tmp_path, CLEAN))
    assert findings == []


def test_every_rule_has_a_planted_violation():
    covered = {rule for rule, _, _ in PLANTED} | {"mutable_globals", "readme_tables"}
    assert covered == set(lint.RULES)


def test_function_of_allowed_length_passes(tmp_path):
    tree = plant(tmp_path, {"src/engine/thing.c": long_function(60).replace(")\n{", ") {")})
    assert rules_source.function_length(tree)[0] == []


@pytest.mark.parametrize("code, expected", [
    ("static int counter;\nint thing(void) {\n    return ++counter;\n}\n", "counter"),
    ("int thing(void) {\n    static int kept = 7;\n    return ++kept;\n}\n", "kept"),
    ("static _Thread_local int own;\nint thing(void) {\n    return ++own;\n}\n", "own"),
    ("static const char *const words[] = {\"a\", \"b\"};\nconst char *thing(int i);\n"
     "const char *thing(int i) {\n    return words[i];\n}\n", None),
])
def test_mutable_globals(code, expected, tmp_path):
    tree = plant(tmp_path, {"src/engine/thing.c": code})
    folder = tmp_path / "build" / "release" / "engine"
    folder.mkdir(parents=True)
    subprocess.run(["cc", "-O2", "-fPIE", "-c", "-o", str(folder / "thing.o"), "src/engine/thing.c"],
                   cwd=tmp_path, check=True)
    findings, _ = rules_build.mutable_globals(tree)
    assert (findings == []) if expected is None else any(f":{expected} is in" in f for f in findings), findings


@pytest.mark.parametrize("body, expected", [
    ("| a |\n", 0), ("| b |\n", 1), ("", 1),
])
def test_readme_tables(body, expected, tmp_path, monkeypatch):
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n[ \"$1 $2\" = 'docs settings' ] && echo '| a |'\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PILCROW", str(program))
    tree = plant(tmp_path, {"README.md": f"<!-- table: settings -->\n{body}<!-- end -->\n"})
    assert len(rules_build.readme_tables(tree)[0]) == expected


def test_readme_without_tables_is_a_finding(tmp_path):
    assert rules_build.readme_tables(plant(tmp_path, {"README.md": "words\n"}))[0]
