"""A server over articles that the tests know: imported, served on a free port, ended by SIGTERM."""

import functools
import http.client
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from codings import decoded
from contract import Contract

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PROGRAM = os.environ.get("PILCROW", str(ROOT / "build/release/pilcrow"))
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PILCROW")}
ENVIRONMENT["PILCROW_SECCOMP"] = "kill"  # a system call that the sandbox does not know ends the server


def pytest_configure(config):
    config.addinivalue_line("markers", "last: looks back on all other tests")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.body = decoded(response.headers["Content-Encoding"], body)
        self.coded = body

    def json(self):
        return json.loads(self.body)


class Server:
    """One `pilcrow serve`; knows its port from the ready line."""

    def __init__(self, db, log, settings=()):
        self.log = open(log, "wb")
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--db", str(db), "--listen", "127.0.0.1:0",
             "--idle-timeout", "300",  # its connection waits while tests of other servers run
             "--search-deadline", "20000", *settings],  # what is found is tested on slow machines, too
            stdout=subprocess.PIPE, stderr=self.log, text=True, env=ENVIRONMENT)
        ready = self.process.stdout.readline()
        assert ready.startswith("ready url=http://127.0.0.1:"), f"no ready line but {ready!r}; see {log}"
        self.port = int(ready.rsplit(":", 1)[1])
        self.connection = self.connect()
        self.contract = contract_of(self)

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def ask(self, target, method="GET", headers=None, body=None):
        answer = self.ask_unchecked(target, method, headers, body)
        self.contract.check(method, target, headers or {}, body, answer)
        return answer

    def ask_unchecked(self, target, method="GET", headers=None, body=None):
        self.connection.request(method, target, body, headers or {})
        response = self.connection.getresponse()
        return Answer(response, response.read())

    def get(self, target):
        answer = self.ask(target)
        assert answer.status == 200, f"{target}: {answer.status} {answer.body[:400]}"
        return answer.json()

    def stop(self):
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=30)
        self.log.close()
        return status


@functools.cache
def contract_of_program():
    return []


def contract_of(server):
    """What every answer is held to: the document of the program under test, read from its first server."""
    read = contract_of_program()
    if not read:
        read.append(Contract(server.ask_unchecked("/openapi.json").json()))
    return read[0]


def import_into(db, *paths):
    done = subprocess.run([PROGRAM, "import", "--db", str(db), *map(str, paths)],
                          capture_output=True, text=True, env=ENVIRONMENT, timeout=300)
    assert done.returncode == 0, done.stderr
    return done


def serve(folder, *imports, settings=()):
    db = folder / "test.db"
    for paths in imports:
        import_into(db, *paths)
    return Server(db, folder / "server.log", settings)


def end(server):
    server.connection.close()  # it may have been idle for longer than the server keeps it
    assert server.ask("/healthz").status == 200
    assert server.stop() == 0, "SIGTERM must end the server with status 0"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The eight articles of fixtures/first, two of them changed by fixtures/second."""
    started = serve(tmp_path_factory.mktemp("cases"), [HERE / "fixtures/first"], [HERE / "fixtures/second"])
    yield started
    end(started)


def authorization_of(db):
    """The request fields of someone who may write."""
    done = subprocess.run([PROGRAM, "token", "create", "--db", str(db), "--scope", "write",
                           "--name", "test"],
                          capture_output=True, text=True, env=ENVIRONMENT, timeout=60)
    assert done.returncode == 0, done.stderr
    return {"Authorization": "Bearer " + done.stdout.strip()}


def serve_writable(folder, *imports, settings=()):
    server = serve(folder, *imports, settings=settings)
    server.authorization = authorization_of(folder / "test.db")
    return server


@pytest.fixture()
def bulk(tmp_path):
    server = serve_writable(tmp_path, [HERE / "fixtures/first"])
    server.db = tmp_path / "test.db"
    yield server
    end(server)


@pytest.fixture(scope="session")
def writable(tmp_path_factory):
    """A server that the cases change."""
    started = serve_writable(tmp_path_factory.mktemp("writes"), [HERE / "fixtures/first"])
    yield started
    end(started)


@pytest.fixture(scope="session")
def samples(tmp_path_factory):
    """A few hundred articles made up from a seed: many ties, many combinations."""
    from made_up import write_articles

    folder = tmp_path_factory.mktemp("made_up")
    write_articles(folder / "articles", 300)
    started = serve(folder, [folder / "articles"])
    yield started
    end(started)
