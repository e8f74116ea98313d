"""Imports through a running server: the same messages and sums as without one."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import threading
import urllib.request

import pytest

from conftest import PROGRAM, article, clean_environment


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


def fake_server(*connections):
    """To each of the `connections` sends its answers one after another, each when something new has come."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(20)

    def serve_one(answers):
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

    def run():
        for answers in connections:
            serve_one(answers)

    thread = threading.Thread(target=run)
    thread.start()
    return listener, thread


HEAD = b"\r\n\r\n"
LAST = b"}\n"  # of the articles, and of no head
END = b"0\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
SUMMARY = b'{"summary":{"created":1,"updated":0,"unchanged":0,"errors":0}}\n'


@pytest.mark.parametrize("answers, status, said", [
    ([(HEAD, CONTINUE), (LAST, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (SUMMARY[:9], SUMMARY[9:])) + END)], 0, ""),
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


def many(count, **more):
    return [{"title": f"T {n}", "paragraphs": [f"Text {n}.", "And more of it.", "And the end."], **more} for n in range(count)]


def ndjson(articles):
    return "".join(json.dumps(a) + "\n" for a in articles)


@pytest.mark.parametrize("mode, counts", [("upsert", (1200, 0, 2, 1)), ("create", (1200, 0, 0, 3)), ("replace", (1200, 0, 2, 1))])
def test_what_meets_in_two_requests(desk, serve, mode, counts):
    """As if it were one: a copy is known, other words under the same title are refused, also in a dry run."""
    server = serve()
    articles = many(1200)
    copies = [articles[3], articles[700], {**articles[5], "paragraphs": ["Text 5.", "And more of it.", "Another end."]}]
    desk.write("all.ndjson", ndjson(articles + copies))
    for more in (["--dry-run"], []):
        got = send(desk, server, "--mode", mode, *more, "all.ndjson")
        assert (got.status, got.counts) == (1, counts), got.err
        said = got.err.splitlines()
        assert said[-1].startswith("all.ndjson:1203: "), said
        assert said[-1].endswith("all.ndjson of the same import has the same title, authors and date, but not the same words")
    assert server.stop()[0] == 0
    assert desk.run("check").status == 0


def test_refusals_are_said_as_the_work_is_done(desk, serve):
    """Standard input is still open when the first ones are there."""
    server = serve()
    articles = many(501)
    articles[7] = {**articles[7], "title": "First", "authors": ["Someone Else"], "published": "2018-06-03"}
    desk.write("unlike.ndjson", ndjson([articles[7]]))
    assert send(desk, server, "unlike.ndjson").counts == (1, 0, 0, 0)
    articles[7] = {**articles[7], "paragraphs": ["Nothing of it is alike, not a single word."]}
    process = subprocess.Popen([PROGRAM, "import", "--url", server.url, "--token-file", "desk.token", "-"], cwd=desk.folder,
                               env=clean_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(ndjson(articles).encode())
    process.stdin.flush()
    assert b"most of its paragraphs are not in this text" in process.stderr.readline()
    assert b'"total":501' in server.get("/v1/articles?limit=1"), "and what was sent is in"
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
    assert process.returncode == -signal.SIGTERM
    assert out.startswith(b"created 499, updated 0, unchanged 0, refused 1 "), (out, err)
    assert b"what is counted is in, and some of the rest may be" in err
    assert server.stop()[0] == 0


OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(SUMMARY) + SUMMARY


def import_from(desk, *connections, articles=501):
    listener, thread = fake_server(*connections)
    desk.write("all.ndjson", ndjson(many(articles)))
    with listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        got = desk.run("import", "--url", url, "--token-file", "desk.token", "all.ndjson")
        thread.join()
    return got


def test_a_connection_that_was_closed_in_between(desk):
    got = import_from(desk, [(HEAD, CONTINUE), (LAST, OK)], [(HEAD, CONTINUE), (LAST, OK)])
    assert (got.status, got.counts, got.err) == (0, (2, 0, 0, 0), "")


def test_a_server_that_goes_away(desk):
    """What it answered before is counted."""
    got = import_from(desk, [(HEAD, CONTINUE), (LAST, OK)], [(HEAD, b"")])
    assert got.status == 3 and got.out.startswith("created 1, "), got.out
    assert "no answer from" in got.err and "what is counted is in" in got.err


@pytest.mark.parametrize("status", [b"503 Busy", b"429 Too many"])
def test_a_server_that_has_no_time(desk, status):
    """It is asked again when it says so, and not when it does not."""
    busy = b"HTTP/1.1 " + status + b"\r\nContent-Length: 17\r\n%s\r\n{\"detail\":\"busy\"}"
    again, never = busy % b"Retry-After: 1\r\n", busy % b""
    got = import_from(desk, [(HEAD, again)], [(HEAD, CONTINUE), (LAST, again)], [(HEAD, CONTINUE), (LAST, OK)], articles=3)
    assert (got.status, got.counts) == (0, (1, 0, 0, 0))
    assert got.err.count("busy; asking again in 1 s") == 2
    got = import_from(desk, [(HEAD, never)], articles=3)
    assert got.status == 3 and f"the server answers {status[:3].decode()}: busy" in got.err


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
