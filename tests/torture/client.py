"""What the torture scripts share: the real server as a process, a client of it, and how a result is told."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import select
import shutil
import signal
import sqlite3
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("PILCROW", str(ROOT / "build" / "release" / "pilcrow"))
READY = re.compile(r"ready url=http://127\.0\.0\.1:(\d+)")
# What a client sees of a server that was killed.
BROKEN = (OSError, http.client.HTTPException)


def count(name, otherwise):
    return int(os.environ.get(name) or otherwise)


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PILCROW_")}
    return {**kept, "PILCROW_SECCOMP": "kill", **more}


@contextlib.contextmanager
def folder():
    """In memory where that is possible: a kill takes nothing from it, and no test waits for a disk."""
    path = tempfile.mkdtemp(prefix="pilcrow-test-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    try:
        yield pathlib.Path(path)
    finally:
        shutil.rmtree(path, ignore_errors=True)


def run(*arguments):
    return subprocess.run([PROGRAM, *[str(word) for word in arguments]], capture_output=True, text=True,
                          env=environment(), timeout=120, check=False)


def make_token(db):
    got = run("token", "--db", db, "--name", "torture", "--scope", "write", "create")
    assert got.returncode == 0, got.stderr
    return got.stdout.strip()


class Server:
    def __init__(self, db, *arguments, **variables):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([PROGRAM, "serve", "--db", str(db), "--listen", "127.0.0.1:0", *arguments],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True, env=environment(**variables))
        ready, _, _ = select.select([self.process.stdout], [], [], 60)
        line = self.process.stdout.readline() if ready else ""
        match = READY.match(line)
        if match is None:
            self.kill()
            raise AssertionError(f"not ready: {line!r} {self.text()}")
        self.port = int(match.group(1))

    def text(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-3000:]

    def kill(self):
        self.process.kill()
        return self.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self):
        try:
            return self.process.wait(timeout=60)
        finally:
            self.process.stdout.close()


class Client:
    """One connection, kept; `token` is sent with each request."""

    def __init__(self, server, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.fields = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def send(self, method, path, body=None, **fields):
        """(status, header fields, body as JSON or text)"""
        text = None if body is None else json.dumps(body)
        more = {name.replace("_", "-"): value for name, value in fields.items()}
        self.connection.request(method, path, text, {**self.fields, **more})
        answer = self.connection.getresponse()
        content = answer.read()
        is_json = "json" in (answer.headers.get("Content-Type") or "")
        return answer.status, answer.headers, json.loads(content) if is_json and content else content

    def close(self):
        self.connection.close()


def findings(db):
    """What the full check says, and what it leaves to be asked: a change for each write, without a hole."""
    got = run("check", "--db", db)
    found = [] if got.returncode == 0 else [got.stdout + got.stderr]
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    seq, changes, last = connection.execute(
        "SELECT (SELECT seq FROM store), (SELECT count(*) FROM change), (SELECT coalesce(max(seq), 0) FROM change)").fetchone()
    connection.close()
    if not seq == changes == last:
        found.append(f"seq {seq}, {changes} changes, the last {last}")
    return found


def tell(is_good, what):
    print(f"{'ok' if is_good else 'not ok'} - {what}", flush=True)
    return is_good


def skip(what, reason):
    print(f"ok - {what} # skip {reason}", flush=True)
