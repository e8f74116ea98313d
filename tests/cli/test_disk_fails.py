"""A disk whose syncs fail: the change is not confirmed, the server ends with failure, and starts again."""

import json
import os
import pathlib
import re
import subprocess
import threading
import urllib.error
import urllib.request

import pytest

from conftest import PROGRAM, article

HERE = pathlib.Path(__file__).parent


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    if re.search("asan|tsan", PROGRAM):
        pytest.skip("the sanitizer wants to be loaded first")
    path = tmp_path_factory.mktemp("shim") / "disk_fails.so"
    subprocess.run(["cc", "-D_GNU_SOURCE", "-shared", "-fPIC", "-o", path, HERE / "disk_fails.c"], check=True)
    return path


@pytest.fixture
def failing(pilcrow, serve, shim, monkeypatch):
    """A server with one article, a token, and the file that makes its disk fail."""
    pilcrow.write("a.txt", article("One"))
    assert pilcrow.run("import", "a.txt").status == 0
    token = pilcrow.run("token", "create", "--name", "desk", "--scope", "write").out.strip()
    mark = pilcrow.folder / "mark"
    monkeypatch.setenv("DISK_FAILS", str(mark))
    monkeypatch.setenv("LD_PRELOAD", str(shim))
    server = serve()
    monkeypatch.delenv("LD_PRELOAD")
    return server, token, mark


def send(server, method, path, token, body=None, **headers):
    """Status, ETag and body."""
    request = urllib.request.Request(server.url + path, method=method, data=body,
                                     headers={"Authorization": "Bearer " + token, **headers})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers["ETag"], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, None, error.read()


def patch(server, token, title):
    _, etag, _ = send(server, "GET", "/v1/articles/1", token)
    return send(server, "PATCH", "/v1/articles/1", token, json.dumps({"title": title}).encode(),
                **{"If-Match": etag, "Content-Type": "application/merge-patch+json"})


def end(server):
    _, err = server.process.communicate(timeout=30)
    return server.process.returncode, err.decode()


def test_a_change_whose_outcome_is_unknown(failing, pilcrow, serve):
    server, token, mark = failing
    assert patch(server, token, "Two")[0] == 200
    mark.touch()
    status, _, body = patch(server, token, "Three")
    assert status == 503 and json.loads(body)["type"] == "/problems/outcome_unknown", body
    status, err = end(server)
    assert status == 3
    assert "event=writer_failed" in err and "event=stop signal=writer_failed" in err
    assert "whether the last change was stored is not known" in err.splitlines()[-1]
    mark.unlink()
    again = serve()
    assert patch(again, token, "Four")[0] == 200
    assert again.stop()[0] == 0
    assert pilcrow.run("check").status == 0
    assert pilcrow.titles() == ["Four"]


def test_many_who_write_at_once(failing):
    """Nobody is told that a change was stored once the disk fails."""
    server, token, mark = failing
    answers, is_failing = [], threading.Event()

    def write(number):
        for i in range(50):
            was_failing = is_failing.is_set()
            try:
                status, _, body = patch(server, token, f"{number}-{i}")
            except (OSError, ValueError):
                return
            answers.append((was_failing, status, body))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for t in threads:
        t.start()
    while len(answers) < 20:
        os.sched_yield()
    mark.touch()
    is_failing.set()
    for t in threads:
        t.join()
    assert end(server)[0] == 3
    assert {status for was_failing, status, _ in answers if was_failing} <= {412, 428, 503}
    assert sum(b"outcome_unknown" in body for _, status, body in answers if status == 503) >= 1
