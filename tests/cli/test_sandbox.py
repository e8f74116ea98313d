"""What a server gives up once it serves, and that all it has to do still works then. The other tests of this folder
and of ../http run with `--seccomp kill`, so that a system call which the sandbox does not know fails them."""

import os
import pathlib
import re
import urllib.error
import urllib.request

import pytest

from conftest import article, wait_until

SANITIZED = pytest.mark.skipif(bool(re.search("build/(asan|tsan|fuzz|coverage)", os.environ.get("PILCROW", ""))),
                               reason="no sandbox in a program with a sanitizer")


def statuses(server, field):
    tasks = pathlib.Path(f"/proc/{server.process.pid}/task").iterdir()
    return [re.search(rf"^{field}:\s+(\d+)", (task / "status").read_text(), re.M).group(1) for task in tasks]


def said(err):
    return re.search(r"event=sandbox landlock=(\"[^\"]*\"|\S+) seccomp=(\"[^\"]*\"|\S+)", err).groups()


def post(server, path, body, token, kind):
    request = urllib.request.Request(server.url + path, body, {"Authorization": f"Bearer {token}", "Content-Type": kind})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def is_refused(server, token):
    try:
        post(server, "/v1/import", b"", token, "application/x-ndjson")
    except urllib.error.HTTPError as error:
        return error.code == 401
    return False


def snapshot(server, token):
    request = urllib.request.Request(server.url + "/v1/snapshot.sqlite", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        assert error.code == 503  # it is being made
    return b""


def make_token(pilcrow, db="pilcrow.db"):
    return pilcrow.run("token", "create", "--db", db, "--scope", "admin", "--name", "t").out.strip()


@SANITIZED
def test_every_thread_is_held(serve):
    server = serve("--listen", "127.0.0.1:0", "--workers", "3", "--seccomp", "on")
    server.get("/v1/articles")
    assert statuses(server, "Seccomp") == ["2"] * 4
    assert statuses(server, "NoNewPrivs") == ["1"] * 4
    status, err = server.stop()
    assert status == 0
    landlock, seccomp = said(err)
    assert seccomp == "on"
    assert landlock in ("on", '"not there"')


@SANITIZED
def test_off_is_off(serve):
    server = serve("--listen", "127.0.0.1:0", "--seccomp", "off", "--landlock", "off")
    assert set(statuses(server, "Seccomp")) == {"0"}
    assert set(statuses(server, "NoNewPrivs")) == {"0"}
    assert said(server.stop()[1]) == ("off", "off")


@pytest.mark.parametrize("layout", ["beside", "below", "link"])
def test_all_that_writes(pilcrow, serve, layout):
    """Import with a spool, snapshot, backup, a token made meanwhile, wherever the database is."""
    db = {"beside": "pilcrow.db", "below": "data/pilcrow.db", "link": "named/pilcrow.db"}[layout]
    for folder in ("data", "named"):
        (pilcrow.folder / folder).mkdir()
    pilcrow.write("one.txt", article())
    if layout == "link":
        assert pilcrow.run("import", "--db", "data/real.db", "one.txt").status == 0
        (pilcrow.folder / db).symlink_to("../data/real.db")
    else:
        assert pilcrow.run("import", "--db", db, "one.txt").status == 0
    server = serve("--db", db, "--listen", "127.0.0.1:0", "--metrics", "open")
    token = make_token(pilcrow, db)
    items = b"".join(b'{"title": "Item %d", "paragraphs": ["A%s"]}\n' % (n, b" word" * 200) for n in range(3000))
    assert post(server, "/v1/import", items, token, "application/x-ndjson").count(b'"created"') >= 3000
    wait_until(lambda: snapshot(server, token)[:15] == b"SQLite format 3")
    assert pilcrow.run("backup", "--db", db, "copy.db").status == 0
    metrics = server.get("/metrics").decode()
    assert int(re.search(r"^process_open_fds (\d+)$", metrics, re.M).group(1)) > 5
    assert int(re.search(r"^process_resident_memory_bytes (\d+)$", metrics, re.M).group(1)) > 1000000
    assert len(server.get("/v1/export.ndjson").splitlines()) >= 3001
    assert pilcrow.run("token", "revoke", "--db", db, "1").status == 0
    wait_until(lambda: is_refused(server, token))
    status, err = server.stop()
    assert status == 0, err[-2000:]
    assert "level=error" not in err
