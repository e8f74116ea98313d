"""Rules that ask a tool or the built program. A tool that is not there is a finding, not a silence."""

import os
import re
import subprocess

import readme

# Section .data, .bss or thread-local -> why this one may change. Everything else is const or local.
MUTABLE_WITH_REASON = {
    "engine/store/store_sqlite.c:commits": "tells every reader of the process that the state it put aside is an old one",
    "engine/render_memory.c:current_arena": "jansson's allocator has no context: the thread's arena of this request",
    "engine/store/store_sqlite.c:commits": "an atomic count by which readers know that the writer has committed",
    "engine/store/store_open_sqlite.c:once": "pthread_once(): SQLite is set up once a process",
    "entry/import/import_stop.c:wanted_signal": "the stop flag: a signal handler has no other way to say something",
    "surface/openapi/openapi_kept.c:lock": "guards the texts below",
    "surface/openapi/openapi_kept.c:kept": "texts of the program itself, made once a process when first asked for",
    "ground/log.c:line_format": "set once by log_setup(), before any thread",
    "ground/log.c:line_fd": "set once by log_open(), before any thread; the number stays when the file changes",
    "ground/log.c:line_level": "the log level, which SIGHUP may change",
}


def run(command, cwd):
    try:
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, errors="replace", check=False)
    except FileNotFoundError:
        return subprocess.CompletedProcess(command, 127, "", f"{command[0]} is not there")


def c_format(tree):
    names = tree.match("include/*/*.h", "include/*/*/*.h", "src/*/*.[ch]", "src/*/*/*.[ch]", "tests/*/*.[ch]")
    if not names:
        return [], "0 files"
    got = run(["clang-format-14", "--dry-run", "--Werror", *names], tree.root)
    if got.returncode == 0:
        return [], f"{len(names)} files"
    wrong = sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", got.stderr, re.M)))
    return [f"{name}: not in the house style: make format" for name in wrong] or [got.stderr.strip()], f"{len(names)} files"


def shell(tree):
    names = tree.match("*.sh", ".ci/run")
    if not names:
        return [], "0 files"
    got = run(["shellcheck", "-f", "gcc", *names], tree.root)
    findings = got.stdout.splitlines() or ([got.stderr.strip()] if got.returncode else [])
    return findings, f"{len(names)} files"


def mutable_globals(tree):
    """What the objects say they can write to, whatever the source calls it."""
    built = tree.root / "build" / "release"
    sources = {path: str(path.relative_to(built))[:-2] + ".c" for path in sorted(built.glob("*/**/*.o"))}
    objects = [path for path, source in sources.items() if (tree.root / "src" / source).exists()]
    findings = []
    for path in objects:
        got = run(["objdump", "-t", str(path)], tree.root)
        if got.returncode != 0:
            findings.append(got.stderr.strip())
        for line in got.stdout.splitlines():
            match = re.match(r"\S+ .{7} (\.data|\.bss|\.tdata|\.tbss)\b\S*\s+(\S+)\s+(?:\.hidden )?(\S+)$", line)
            if not match or match.group(3).startswith(".") or int(match.group(2), 16) == 0:
                continue
            if ".data.rel.ro" in line:
                continue
            name = f"{sources[path]}:{re.sub(r'[.][0-9]+$', '', match.group(3))}"
            if name not in MUTABLE_WITH_REASON:
                findings.append(f"src/{name} is in {match.group(1)}: state of the process needs a reason")
    return findings, f"{len(objects)} objects"


def readme_tables(tree):
    program = os.environ.get("PILCROW", str(tree.root / "build" / "release" / "pilcrow"))
    return readme.check(program, tree.root / "README.md")


RULES = {rule.__name__: rule for rule in (c_format, shell, mutable_globals, readme_tables)}
