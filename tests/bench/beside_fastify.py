"""Pilcrow beside Fastify with better-sqlite3 (fastify/server.js): the same answers from the same database, one process and
one core each, in turns. The modules are installed under build/ by the lock file; without npm, or where it reaches no
registry, this part is left out and says so."""

import contextlib
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

import servers

SOURCE = pathlib.Path(__file__).resolve().parent / "fastify"
PLACE = pathlib.Path(__file__).resolve().parents[2] / "build" / "bench" / "fastify"
INSTALL_TIMEOUT_S = 600


def install():
    """None, or why it cannot be measured."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "node and npm are not installed"
    PLACE.mkdir(parents=True, exist_ok=True)
    lock, kept = SOURCE / "package-lock.json", PLACE / "package-lock.json"
    is_new = not (PLACE / "installed").exists() or not kept.exists() or kept.read_bytes() != lock.read_bytes()
    for name in ("package.json", "package-lock.json", "server.js"):
        shutil.copy(SOURCE / name, PLACE / name)
    if not is_new:
        return None
    (PLACE / "installed").unlink(missing_ok=True)
    try:
        got = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=PLACE, capture_output=True, text=True,
                             check=False, timeout=INSTALL_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return f"npm did not end within {INSTALL_TIMEOUT_S} s"
    probe = "import('better-sqlite3').then(m => new m.default(':memory:').close())"
    if got.returncode == 0 and subprocess.run(["node", "-e", probe], cwd=PLACE, capture_output=True,
                                              check=False).returncode == 0:
        (PLACE / "installed").touch()
        return None
    return "npm could not install it: " + (got.stderr.strip().splitlines() or ["no reason given"])[-1][:200]


@contextlib.contextmanager
def fastify(database):
    """Yields (process, port)."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(["taskset", "-c", servers.SERVER_CORE, "node", PLACE / "server.js", database],
                                   stdout=subprocess.PIPE, stderr=log, text=True,
                                   env=dict(os.environ, NODE_ENV="production"))
        try:
            line = process.stdout.readline()
            if not line.startswith("ready "):
                log.seek(0)
                raise RuntimeError(f"fastify is not ready: {line!r} {log.read()[-800:]!r}")
            yield process, int(line.split()[1])
        finally:
            servers.stop(process)


def without_cursor(body):
    """Each has cursors of its own kind."""
    answer = json.loads(body)
    if "links" in answer:
        answer["links"]["next"] = answer["links"]["next"] is not None
    return answer


def require_alike(own, other, path):
    """How many bytes each body has; both say the same, and without a cursor in it they are the same bytes."""
    bodies = [servers.fetch(port, path) for port in (own, other)]
    own_json, other_json = (without_cursor(answer.body) for answer in bodies)
    is_alike = own_json == other_json and all(answer.status == 200 for answer in bodies)
    if not is_alike or ("links" not in own_json and bodies[0].body != bodies[1].body):
        raise RuntimeError(f"{path}: Fastify does not answer alike")
    return [len(answer.body) for answer in bodies]


def first_answer_ms(start, path):
    began = time.monotonic()
    with start() as (_, port):
        if servers.fetch(port, path).status != 200:
            raise RuntimeError(f"{path}: no first answer")
        return (time.monotonic() - began) * 1000


def memory_kib(process):
    """Resident now; while it still runs."""
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS"))


def spread(numbers, digits):
    numbers = list(numbers)
    return f"{statistics.median(numbers):.{digits}f} ({min(numbers):.{digits}f}..{max(numbers):.{digits}f})"


def case_rows(name, path, running, rounds, seconds):
    """A line for each of cold and hot."""
    sizes = require_alike(running["hot"][1], running["fastify"][1], path)
    measured = {who: [] for who in running}
    for _ in range(rounds):
        for who in running:
            measured[who].append(servers.load(running[who], path, [], seconds))
    for which in ("cold", "hot"):
        own, other = measured[which], measured["fastify"]
        cpu = " / ".join(f"{statistics.median(r.cpu_us for r in measured[who]):.1f}" for who in (which, "fastify"))
        p99 = " / ".join(f"{statistics.median(r.p99_ms for r in measured[who]):.1f}" for who in (which, "fastify"))
        yield (f"| {name} ({which}) | {sizes[0]} / {sizes[1]} | {spread((r.rate for r in own), 0)} | "
               f"{spread((r.rate for r in other), 0)} | {spread((a.rate / b.rate for a, b in zip(own, other)), 1)} | {cpu} | "
               f"{p99} |")


def report(out, program, database, copies, cases, rounds, seconds):
    """`copies` are two databases that are the same as `database`; `cases` are (name, path)."""
    missing = install()
    out("\nBeside Fastify with better-sqlite3, which answers the same from a copy of the database (no ETag, no log, "
        "statements prepared, bodies by schema):\n")
    if missing is not None:
        out(f"left out: {missing}")
        return
    starts = {"Pilcrow": lambda: servers.pilcrow(program, database), "Fastify": lambda: fastify(copies[1])}
    times = {who: [] for who in starts}
    for _ in range(5):
        for who, start in starts.items():
            times[who].append(first_answer_ms(start, cases[0][1]))
    with servers.pilcrow(program, copies[0], settings=("--cache-size", "0")) as cold, \
            servers.pilcrow(program, database) as hot, fastify(copies[1]) as other:
        running = {"cold": cold, "hot": hot, "fastify": other}
        lines = [line for name, path in cases for line in case_rows(name, path, running, rounds, seconds)]
        memory = {who: memory_kib(running[which][0]) / 1024 for who, which in (("Pilcrow", "hot"), ("Fastify", "fastify"))}
    for who in starts:
        out(f"- {who}: start to the end of the first 200 {spread(times[who], 0)} ms, "
            f"{memory[who]:.1f} MiB resident after the load")
    out("\n| what | body bytes | Pilcrow, requests/s | Fastify, requests/s | times as many | CPU us: Pilcrow / Fastify | "
        "p99 ms: Pilcrow / Fastify |")
    out("|---|---|---|---|---|---|---|")
    for line in lines:
        out(line)
