"""The program as its users meet it: arguments, environment, standard streams, exit status."""

import os
import pathlib
import re
import select
import signal
import sqlite3
import subprocess
import time
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("PILCROW", str(ROOT / "build" / "release" / "pilcrow"))
SUMMARY = re.compile(r"^created (\d+), updated (\d+), unchanged (\d+), refused (\d+) \(in [\d.]+ s(.*)\)$")


def clean_environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PILCROW_")}
    return {**kept, **more}


class Result:
    def __init__(self, got):
        self.status, self.out, self.err = got.returncode, got.stdout, got.stderr

    @property
    def counts(self):
        """(created, updated, unchanged, refused) of the summary, which is the last line."""
        match = SUMMARY.match(self.out.splitlines()[-1])
        assert match, self.out + self.err
        return tuple(int(number) for number in match.groups()[:4])


class Pilcrow:
    """Runs in a folder of its own with the database pilcrow.db in it."""

    def __init__(self, folder):
        self.folder = folder
        self.db = folder / "pilcrow.db"

    def run(self, *arguments, stdin=b"", env=None, prefix=(), timeout=60):
        got = subprocess.run([*prefix, PROGRAM, *[str(argument) for argument in arguments]], input=stdin,
                             capture_output=True, cwd=self.folder, env=clean_environment(**(env or {})),
                             timeout=timeout, check=False)
        got.stdout = got.stdout.decode("utf-8", "replace")
        got.stderr = got.stderr.decode("utf-8", "replace")
        return Result(got)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def rows(self, sql, *values):
        connection = sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def titles(self):
        return [title for title, in self.rows("SELECT title FROM article ORDER BY id")]

    def paragraphs(self, title):
        return self.rows("SELECT p.id, p.text FROM paragraph p JOIN article a ON a.id = p.article_id"
                         " WHERE a.title = ? AND p.position IS NOT NULL ORDER BY p.position", title)


def article(title="Harbour reopens", byline="Ann Lee | 03.06.2018 | NEWS / Town", tags="ships  harbour",
            paragraphs=("The harbour reopened on Monday.", "Ships waited outside since the storm.")):
    return "\n".join([title, byline, "", title, "", *[text + "\n" for text in paragraphs], "Tags: " + tags, ""])


class Server:
    """A system call that its sandbox does not know ends it."""

    def __init__(self, folder, *arguments, prefix=()):
        self.process = subprocess.Popen([*prefix, PROGRAM, "serve", *arguments], cwd=folder,
                                        env=clean_environment(PILCROW_SECCOMP="kill"), stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.ready = self.line()
        self.urls = re.findall(r"url=(\S+)", self.ready)
        self.url = self.urls[0] if self.urls else None

    def line(self, seconds=20):
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        return self.process.stdout.readline().decode() if ready else ""

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=20) as answer:
            return answer.read()

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=30)
        return self.process.returncode, err.decode()


@pytest.fixture
def pilcrow(tmp_path):
    return Pilcrow(tmp_path)


@pytest.fixture
def filled(pilcrow):
    pilcrow.write("town/a.txt", article("One"))
    assert pilcrow.run("import", "town").status == 0
    return pilcrow


@pytest.fixture
def serve(pilcrow):
    servers = []

    def start(*arguments):
        servers.append(Server(pilcrow.folder, *(arguments or ("--listen", "127.0.0.1:0"))))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.process.kill()
        server.process.communicate()


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)
