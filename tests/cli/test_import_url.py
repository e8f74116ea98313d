"""Imports through a running server: the same messages and sums as without one."""

import json
import os
import re
import shlex
import socket
import threading
import urllib.request

import pytest

from conftest import article


@pytest.fixture
def desk(pilcrow):
    """A database with one article in it, and a token in desk.token."""
    pilcrow.write("first.txt", article("First"))
    assert pilcrow.run("import", "first.txt").status == 0
    got = pilcrow.run("token", "create", "--name", "desk", "--scope", "write")
    pilcrow.write("desk.token", got.out)
    os.chmod(pilcrow.folder / "desk.token", 0o600)
    return pilcrow


def send(desk, server, *arguments, stdin=b"", token="desk.token"):
    return desk.run("import", "--url", server.url, "--token-file", token, *arguments, stdin=stdin)


def test_articles(desk, serve):
    server = serve()
    desk.write("in/a.txt", article("Kaffee & \"Kuchen\"\u00a0"))
    desk.write("in/b.txt", article("Back\\slash", paragraphs=("Tab\there.", "Ünïcode \U0001F600 \u2028 line.")))
    desk.write("in/c.txt", article("First"))
    got = send(desk, server, "in")
    assert (got.status, got.counts, got.err) == (0, (2, 0, 1, 0), "")
    again = send(desk, server, "in")
    assert (again.status, again.counts) == (0, (0, 0, 3, 0))
    assert b"Back\\\\slash" in server.get("/v1/articles")
    assert server.stop()[0] == 0
    assert desk.run("import", "in").counts == (0, 0, 3, 0), "what came through the server is what the files say"
    assert desk.run("check").status == 0


def test_what_was_changed_through_the_server_stays(desk, serve):
    """Whichever way the files come again; --mode replace makes all as the files have it."""
    server = serve()
    desk.write("in/a.txt", article("Edited"))
    desk.write("in/b.txt", article("Deleted"))
    assert send(desk, server, "in").counts == (2, 0, 0, 0)
    ids = dict(desk.rows("SELECT title, id FROM article"))
    headers = {"Authorization": "Bearer " + (desk.folder / "desk.token").read_text().strip(), "If-Match": "*",
               "Content-Type": "application/merge-patch+json"}
    for method, title, body in (("PATCH", "Edited", b'{"title": "By hand"}'), ("DELETE", "Deleted", None)):
        request = urllib.request.Request(f"{server.url}/v1/articles/{ids[title]}", body, headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert answer.status in (200, 204)
    assert send(desk, server, "in").counts == (0, 0, 2, 0)
    assert server.stop()[0] == 0
    assert desk.run("import", "in").counts == (0, 0, 2, 0)
    assert sorted(desk.titles()) == ["By hand", "First"]
    assert desk.run("import", "--dry-run", "--mode", "replace", "in").counts == (1, 1, 0, 0)
    assert desk.run("import", "--mode", "create", "in").counts == (1, 0, 0, 1)
    server = serve()
    assert send(desk, server, "--mode", "replace", "in").counts == (0, 1, 1, 0)
    assert server.stop()[0] == 0
    assert sorted(desk.titles()) == ["Deleted", "Edited", "First"]
    assert desk.run("import", "in").counts == (0, 0, 2, 0)
    assert desk.run("check").status == 0


def test_refusals_name_file_and_line(desk, serve):
    server = serve()
    desk.write("in/bad.txt", "Title\nA | 31.02.2018 | NEWS\n\nText.\n")
    desk.write("in/good.txt", article("Good"))
    lines = [{"title": "One", "published": "2018-01-01", "paragraphs": ["A text."]},
             {"title": "Two", "paragraphs": ["A text."], "wrong": 1},
             {"title": "One", "published": "2018-01-01", "paragraphs": ["Nothing of it is alike, not a single word."]}]
    desk.write("all.ndjson", "\n".join(json.dumps(line) for line in lines) + "\n")
    got = send(desk, server, "in", "all.ndjson")
    assert got.status == 1 and got.counts == (2, 0, 0, 3), got.err
    said = got.err.splitlines()
    assert re.match(r"in/bad\.txt:2:\d+: .*31\.02\.2018", said[0]), said
    assert said[1].startswith("all.ndjson:2:") and "wrong" in said[1]
    assert said[2].startswith("all.ndjson:3: "), said
    assert server.stop()[0] == 0


def test_dry_run_and_standard_input(desk, serve):
    server = serve()
    got = send(desk, server, "--dry-run", "-", stdin=article("Piped").encode())
    assert got.status == 0 and got.counts == (1, 0, 0, 0) and "dry run, nothing was changed" in got.out
    assert len(desk.titles()) == 1
    got = send(desk, server, "-", stdin=json.dumps({"title": "Piped", "paragraphs": ["x"]}).encode())
    assert (got.status, got.counts) == (0, (1, 0, 0, 0)), got.err
    assert server.stop()[0] == 0
    assert len(desk.titles()) == 2


def test_much(desk, serve):
    server = serve("--listen", "127.0.0.1:0", "--workers", "1")
    text = "A sentence that is long enough to fill pieces. " * 20
    desk.write("all.ndjson", "".join(json.dumps({"title": f"T {n}", "paragraphs": [f"{n} {text}end."] * 2}) + "\n"
                                     for n in range(3000)))
    got = send(desk, server, "all.ndjson")
    assert (got.status, got.counts) == (0, (3000, 0, 0, 0)), got.err
    assert server.stop()[0] == 0
    assert desk.run("check").status == 0


@pytest.mark.parametrize("scope, said", [("read", "the server answers 403: this needs a token with the scope write"),
                                         (None, "the server answers 401: this token is not valid")])
def test_tokens_that_do_not_do(desk, serve, scope, said):
    server = serve()
    token = "pcw_77_" + "A" * 43
    if scope:
        token = desk.run("token", "create", "--name", "reader", "--scope", scope).out
    desk.write("other.token", token)
    os.chmod(desk.folder / "other.token", 0o600)
    desk.write("in/a.txt", article("Second"))
    got = send(desk, server, "in", token="other.token")
    assert (got.status, got.out) == (3, "") and said in got.err
    assert token.strip() not in got.err
    status, err = server.stop()
    assert status == 0 and token.strip() not in err
    assert len(desk.titles()) == 1


def test_a_token_that_others_may_read(desk, serve):
    server = serve()
    os.chmod(desk.folder / "desk.token", 0o644)
    got = send(desk, server, "first.txt")
    assert got.status == 0 and "warning: desk.token may be read by others; chmod 600 it" in got.err


@pytest.mark.parametrize("content", [None, "", "\n", "two words\n", "tab\there"])
def test_token_files_that_hold_none(desk, serve, content):
    server = serve()
    if content is not None:
        desk.write("none.token", content)
    got = send(desk, server, "first.txt", token="none.token")
    assert (got.status, got.out) == (2, "") and "--token-file none.token: " in got.err


def test_no_token_file(desk, serve):
    server = serve()
    got = desk.run("import", "--url", server.url, "first.txt")
    assert (got.status, got.out) == (2, "") and "--url needs the file that holds the token" in got.err


def test_no_server(desk):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        got = desk.run("import", "--url", f"http://127.0.0.1:{port}", "--token-file", "desk.token", "first.txt")
    assert (got.status, got.out) == (3, "")
    assert f"cannot connect to 127.0.0.1 port {port}: Connection refused" in got.err


def fake_server(answers):
    """Sends `answers` one after another, each when something new has come."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(20)

    def run():
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(20)
            for wait, answer in answers:
                got = b""
                while wait not in got:
                    piece = connection.recv(65536)
                    if not piece:
                        return
                    got += piece
                connection.sendall(answer)

    thread = threading.Thread(target=run)
    thread.start()
    return listener, thread


HEAD = b"\r\n\r\n"
LAST = b"0\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
SUMMARY = b'{"summary":{"created":1,"updated":0,"unchanged":0,"errors":0}}\n'


@pytest.mark.parametrize("answers, status, said", [
    ([(HEAD, CONTINUE), (LAST, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (SUMMARY[:9], SUMMARY[9:])) + LAST)], 0, ""),
    ([(HEAD, CONTINUE), (LAST, b"HTTP/1.1 200 OK\r\n\r\n" + SUMMARY)], 0, ""),
    ([(HEAD, CONTINUE), (LAST, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}\n{}")], 3, "broke off"),
    ([(HEAD, CONTINUE), (LAST, b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + SUMMARY[:20])], 3, "broke off"),
    ([(HEAD, CONTINUE), (LAST, b"HTTP/1.1 507 Full\r\nContent-Length: 22\r\n\r\n{\"detail\":\"disk full\"}")], 3,
     "the server answers 507: disk full"),
    ([(HEAD, b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n<html>no\n")], 3, "the server answers 404\n"),
    ([(HEAD, b"SSH-2.0-nothing of ours\r\n")], 3, "no answer from"),
    ([(HEAD, b"")], 3, "no answer from"),
    ([(HEAD, CONTINUE), (LAST, b"")], 3, "no answer from"),
])
def test_answers_of_all_kinds(desk, answers, status, said):
    listener, thread = fake_server(answers)
    with listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        got = desk.run("import", "--url", url, "--token-file", "desk.token", "first.txt")
        thread.join()
    assert got.status == status, got.err
    assert said in got.err
    if status == 0:
        assert got.counts == (1, 0, 0, 0)


def test_the_command_that_a_direct_import_names(desk, serve):
    server = serve()
    desk.write("it's new/a.txt", article("Second"))
    got = desk.run("import", "it's new")
    assert (got.status, got.out) == (3, "")
    command = got.err.splitlines()[-1]
    assert shlex.split(command) == ["pilcrow", "import", "--url", server.url, "--token-file", "FILE", "it's new"]
    words = ["desk.token" if word == "FILE" else word for word in shlex.split(command)[1:]]
    assert desk.run(*words).counts == (1, 0, 0, 0)
    assert server.stop()[0] == 0


def test_nothing_is_named_when_no_server_holds_it(desk, serve):
    server = serve()
    server.stop()
    assert desk.run("import", "first.txt").status == 0
    assert (desk.folder / "pilcrow.db.lock").read_text() == ""
