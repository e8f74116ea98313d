"""Many articles in. PILCROW_TEST_IMPORT_MB says how much is imported at once (20)."""

import http.client
import json
import os
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bulk import NDJSON, TEXT, article, imported, is_sound, lines_of, post
from conftest import HERE, PROGRAM, serve_writable

MEGABYTES = int(os.environ.get("PILCROW_TEST_IMPORT_MB", "20"))


def test_good_and_bad_lines(bulk):
    body = (b"\xef\xbb\xbf" + lines_of(article("First")) + b"\n  \r\n"
            + b'{"title":"No paragraphs"}\n' + b'{"title":"Odd","colour":1,"paragraphs":["x"]}\n'
            + b"not json\n" + lines_of(article("First")) + lines_of(article("First", "Other words.", "All of them.", "New."))
            + lines_of(article("Last"))[:-1])
    items, summary = imported(bulk, body)
    assert [(i["line"], i["status"]) for i in items] == [
        (1, "created"), (4, "error"), (5, "error"), (6, "error"), (7, "unchanged"), (8, "error"), (9, "created")]
    assert summary == {"mode": "upsert", "dry_run": False, "created": 2, "updated": 0, "unchanged": 1, "errors": 4,
                       "paragraphs": 3}
    assert items[0] == {"line": 1, "status": "created", "id": items[0]["id"], "version": 1,
                        "url": f"/v1/articles/{items[0]['id']}"}
    assert bulk.get(items[0]["url"])["title"] == "First"
    assert items[1]["problem"]["pointer"] == "/paragraphs"
    assert items[2]["problem"]["pointer"] == "/colour" and items[2]["problem"]["column"] == 16
    assert [i["problem"]["line"] for i in items if i["status"] == "error"] == [4, 5, 6, 8]
    assert items[5]["problem"]["code"] == "conflict"


def test_pieces_of_any_size_give_the_same(bulk):
    body = lines_of(*(article(f"Piece {i}", "ä" * (1 + i * 37 % 400), "Ω.") for i in range(120))) + b"{broken\n"

    def pieces(size):
        for at in range(0, len(body), size):
            yield body[at:at + size]
    answers = [imported(bulk, pieces(size), "?dry_run=1") for size in (7, 1000, 16384, len(body))]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][1]["created"] == 120 and answers[0][1]["errors"] == 1
    assert bulk.get("/v1/articles?limit=1")["meta"]["total"] == 8


def test_dry_run_says_what_happens(bulk):
    body = lines_of(*(article(f"Dry {i % 500}", "x" * 300) for i in range(1000)), article("Dry 3", "Not alike."))
    before = bulk.get("/v1/articles?limit=1")["meta"]
    dry, dry_summary = imported(bulk, body, "?dry_run=1")
    assert bulk.get("/v1/articles?limit=1")["meta"] == before
    wet, wet_summary = imported(bulk, body)
    assert [i["status"] for i in dry] == [i["status"] for i in wet]
    assert {**dry_summary, "dry_run": False} == wet_summary
    assert not any("id" in i for i in dry)
    again, summary = imported(bulk, body, "?dry_run=1")
    assert summary["unchanged"] == 1000 and all(i.get("id") for i in again[:1000])


def test_modes(bulk):
    first, unlike = article("Same", "One.", "Two.", "Three."), article("Same", "Ein.", "Zwei.", "Drei.")
    assert imported(bulk, lines_of(first), "?mode=create")[1]["created"] == 1
    items, summary = imported(bulk, lines_of(first, article("Fresh")), "?mode=create")
    assert [i["status"] for i in items] == ["error", "created"] and items[0]["problem"]["code"] == "conflict"
    assert imported(bulk, lines_of(unlike), "?mode=upsert")[1]["errors"] == 1
    items, summary = imported(bulk, lines_of(unlike), "?mode=replace")
    assert summary["updated"] == 1 and items[0]["version"] == 2
    assert [p["text"] for p in bulk.get(items[0]["url"])["paragraphs"]] == ["Ein.", "Zwei.", "Drei."]
    assert post(bulk, b"", "?mode=other")[0] == 400


def send(server, method, target, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        connection.request(method, target, body=None if body is None else json.dumps(body),
                           headers={**server.authorization, "If-Match": "*", "Content-Type": "application/merge-patch+json"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


@pytest.mark.parametrize("headers", [NDJSON, TEXT])
def test_what_people_changed_since_stays(bulk, headers):
    """A text that is imported again as it was changes nothing; one that was changed, or mode=replace, does."""
    def bodies(*texts):
        if headers is NDJSON:
            return lines_of(*(article(title, "One.", "Two.", last) for title, last in texts))
        return "\f\n".join(f"{title}\nAda Wren | 03.02.2020 | X\n\n{title}\n\nOne.\n\nTwo.\n\n{last}\n"
                           for title, last in texts).encode()
    was = bodies(("Kept", "A."), ("Edited", "B."), ("Retitled", "C."), ("Deleted", "D."))
    items, summary = imported(bulk, was, headers=headers)
    assert summary["created"] == 4
    kept, edited, retitled, deleted = (item["url"] for item in items)
    assert send(bulk, "PATCH", edited, {"paragraphs": ["One.", "Two, edited.", "B."]}) == 200
    assert send(bulk, "PATCH", retitled, {"title": "Under another title"}) == 200
    assert send(bulk, "DELETE", deleted) == 204
    seq = bulk.get("/v1/articles?limit=1")["meta"]["seq"]
    for query in ("?dry_run=1", ""):
        again, summary = imported(bulk, was, query, headers)
        assert [item["status"] for item in again] == ["unchanged"] * 4
        assert [item["version"] for item in again] == [1, 2, 2, 1] and [item["url"] for item in again] == [
            kept, edited, retitled, deleted]
    assert bulk.get("/v1/articles?limit=1")["meta"]["seq"] == seq
    assert bulk.get(edited)["paragraphs"][1]["text"] == "Two, edited."
    assert bulk.get(retitled)["title"] == "Under another title"
    assert bulk.ask(deleted).status == 410
    items, _ = imported(bulk, bodies(("Edited", "B, in the text.")), headers=headers)
    assert (items[0]["status"], items[0]["version"], items[0]["url"]) == ("updated", 3, edited)
    assert [p["text"] for p in bulk.get(edited)["paragraphs"]] == ["One.", "Two.", "B, in the text."]
    assert bulk.get(edited + "/revisions/2")["paragraphs"][1]["text"] == "Two, edited."
    items, summary = imported(bulk, was, "?mode=replace", headers)
    assert [item["status"] for item in items] == ["unchanged", "updated", "updated", "created"]
    assert bulk.get(retitled)["title"] == "Retitled"
    assert imported(bulk, was, headers=headers)[1]["unchanged"] == 4
    is_sound(bulk.db)


def test_source_texts(bulk):
    one = "One\nAda Wren | 03.02.2020 | X\n\nOne\n\nA paragraph.\n"
    bad = "\nBad\nAda Wren | 31.02.2020 | X\n\nBad\n\nA paragraph.\n"
    two = "Two\r\nAda Wren | 03.02.2020 | X\r\n\r\nTwo\r\n\r\nA paragraph.\r\n"
    items, summary = imported(bulk, f"{one}\f\n{bad}\f\r\n\f\n{two}".encode(), headers=TEXT)
    assert [(i["line"], i["status"]) for i in items] == [(1, "created"), (8, "error"), (17, "created")]
    assert items[1]["problem"]["line"] == 10 and "31.02.2020" in items[1]["problem"]["detail"]
    assert imported(bulk, one.encode(), headers=TEXT)[1]["unchanged"] == 1
    assert imported(bulk, b"", headers=TEXT)[1]["created"] == 0


@pytest.mark.parametrize("headers", [{"Content-Type": "text/html"}, {"Content-Type": "application/x-ndjsons"},
                                     {}, {**NDJSON, "Content-Encoding": "gzip"},
                                     {"Content-Type": "text/plain; charset=latin1"},
                                     {"Content-Type": "text/plain;format=flowed ; Charset=\"UTF-16\""},
                                     {"Content-Type": "application/x-ndjson; charset=windows-1252"}])
def test_other_types_are_refused(bulk, headers):
    for body in (b"", b"x" * 10, b"x" * 300000):
        status, _, answer = post(bulk, body, headers=headers)
        assert status == 415, answer
        assert json.loads(answer)["type"] == "/problems/unsupported_media_type"
        assert "harset=" not in str(headers) or "charset=utf-8, or without a charset" in json.loads(answer)["detail"]


@pytest.mark.parametrize("charset", ["", ";charset=UTF-8", "; charset=\"utf-8\"", ";x=y; charset=us-ascii "])
def test_charsets_that_are_taken(bulk, charset):
    one = "Käse\nAda Wren | 03.02.2020 | X\n\nKäse\n\nEin Absatz.\n"
    if "ascii" in charset:
        one = one.replace("ä", "ae")
    items, _ = imported(bulk, one.encode(), headers={"Content-Type": "text/plain" + charset})
    assert items[0]["status"] == "created"
    if charset == "":
        items, _ = imported(bulk, one.encode("cp1252"), headers={"Content-Type": "text/plain"})
        assert items[0]["status"] == "unchanged", "what is no UTF-8 is read as Windows-1252"


def ended(server, body):
    """The problem that an import ends with: alone, or, where its answer had begun, on the last line before the cut."""
    try:
        status, _, answer = post(server, body)
    except http.client.IncompleteRead as broken:
        return json.loads(broken.partial.splitlines()[-1])["problem"]
    assert status == json.loads(answer)["status"]
    return json.loads(answer)


def test_what_is_no_import_ends(bulk):
    problem = ended(bulk, lines_of(article("Before")) + b"x\n" * 20000)
    assert problem["status"] == 422 and "10000 items were wrong" in problem["detail"]
    assert imported(bulk, lines_of(article("Before")))[1]["unchanged"] == 1, "what was committed stays"


def test_a_line_that_is_too_long(bulk):
    body = lines_of(article("Before")) + b'{"title":"' + b"x" * (17 << 20) + b'"}\n' + lines_of(article("After"))
    items, summary = imported(bulk, body)
    assert [(i["line"], i["status"]) for i in items] == [(1, "created"), (2, "error"), (3, "created")]
    assert "16 MiB" in items[1]["problem"]["detail"]


def memory_kb(server, what="VmHWM"):
    for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith(what + ":"):
            return int(line.split()[1])
    raise AssertionError(what)


def test_long_body_in_little_memory(bulk):
    text = ("Words that stand for a paragraph of an article, and a few more.  " * 40)[:-2]
    count = MEGABYTES * 1024 * 1024 // (4 * len(text))
    others = []

    def body():
        for i in range(count):
            yield lines_of(article(f"Long {i}", *(f"{i} {n} {text}" for n in range(4))))

    imported(bulk, lines_of(article("Warm", *[text] * 4)))
    before = memory_kb(bulk)
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(imported, bulk, body())
        while not done.done():
            others.append(bulk.ask("/v1/articles/1").status)
        items, summary = done.result()
    assert summary["created"] == len(items) == count
    assert set(others) == {200}, "others are answered meanwhile"
    if "asan" not in PROGRAM and "tsan" not in PROGRAM:
        assert memory_kb(bulk) - before < 24 * 1024
    is_sound(bulk.db)


@pytest.mark.parametrize("cut", [0, 1, 5000, 200000])
def test_a_sender_that_goes_away(bulk, cut):
    body = lines_of(*(article(f"Cut {i}", "x" * 500) for i in range(400)))
    head = ("POST /v1/import HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
            f"Authorization: {bulk.authorization['Authorization']}\r\nContent-Length: {len(body)}\r\n\r\n")
    with socket.create_connection(("127.0.0.1", bulk.port), timeout=20) as sender:
        sender.sendall(head.encode() + body[:cut])
    items, summary = imported(bulk, body)
    assert summary["created"] + summary["unchanged"] == 400 and summary["errors"] == 0
    assert summary["unchanged"] <= body[:cut].count(b"\n")
    assert bulk.get("/v1/articles?limit=1")["meta"]["total"] == 408
    is_sound(bulk.db)


def begin(server, body, size=10**9):
    """An import that has not ended."""
    sender = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    sender.sendall(("POST /v1/import HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                    f"Authorization: {server.authorization['Authorization']}\r\nContent-Length: {size}\r\n\r\n").encode() + body)
    return sender


def until(is_so):
    for _ in range(6000):
        if is_so():
            return
        threading.Event().wait(0.005)
    raise AssertionError("it never was so")


def test_what_came_before_its_sender_went_is_in(bulk):
    with begin(bulk, lines_of(*(article(f"Gone {i}") for i in range(300))) + b'{"title":"Not who'):
        pass
    until(lambda: bulk.get("/v1/articles?limit=1")["meta"]["total"] == 308)
    assert imported(bulk, lines_of(article("After")))[1]["created"] == 1
    is_sound(bulk.db)


def test_few_imports_at_a_time(bulk):
    """One too many is told when to come again; the others go on."""
    threads = Path(f"/proc/{bulk.process.pid}/task")
    before = len(list(threads.iterdir()))
    senders = [begin(bulk, b"\n", 20) for _ in range(4)]
    until(lambda: len(list(threads.iterdir())) == before + 4)
    status, fields, answer = post(bulk, b"\n")
    assert status == 503 and fields["Retry-After"] and "4 imports are under way" in json.loads(answer)["detail"]
    assert bulk.ask("/v1/articles/1").status == 200
    for sender in senders:
        sender.sendall(b"\n" * 19)
        assert sender.recv(100).startswith(b"HTTP/1.1 200")
        sender.close()
    until(lambda: post(bulk, b"\n")[0] == 200)


def test_other_writes_take_their_turns(bulk):
    """Each of them waits for one piece of the import, not for its end."""
    body = lines_of(*(article(f"Turn {i}", "x" * 3000) for i in range(4000)))
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(imported, bulk, body)
        others = 0
        while not done.done():
            one, summary = imported(bulk, lines_of(article(f"Between {others}")))
            assert summary["created"] == 1
            others += 1
        assert done.result()[1]["created"] == 4000
    assert others >= 3


@pytest.mark.parametrize("drain_s", [0, 3, 300])
def test_stop_in_mid_import(tmp_path, drain_s):
    """With time it ends as if nothing were; with too little it is told how far it came; without, what is in is whole."""
    server = serve_writable(tmp_path, [HERE / "fixtures/first"], settings=["--drain-timeout", str(drain_s)])
    body = lines_of(*(article(f"Stop {i}", "x" * 1000) for i in range(6000)))
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(post, server, body)
        until(lambda: done.done() or server.get("/v1/articles?limit=1")["meta"]["total"] > 8)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(300) == 0
        try:
            status, _, answer = done.result()
            if status == 503 and drain_s == 3:
                detail = json.loads(answer)["detail"]
                assert detail.startswith("The server is stopping; ") and "the same import again does the rest" in detail
            else:
                assert status == 200 and json.loads(answer.splitlines()[-1])["summary"]["created"] == 6000
        except http.client.IncompleteRead as broken:
            assert drain_s == 0 or tells_why(broken.partial)
        except (OSError, http.client.HTTPException):
            assert drain_s == 0
    is_sound(tmp_path / "test.db")


def tells_why(answer):
    """The last line of an answer that was broken off."""
    problem = json.loads(answer.splitlines()[-1])["problem"]
    return (problem["code"], problem["status"]) == ("unavailable", 503) and "the same import again does the rest" in problem["detail"]


def begin_long(server, count):
    """An import that takes so long that its answer begins before its end; the first line of that."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    body = lines_of(*(article(f"Long {i}", "x" * 500) for i in range(count)))
    connection.request("POST", "/v1/import", body=body, headers={**NDJSON, **server.authorization})
    response = connection.getresponse()
    assert response.status == 200 and response.headers["Transfer-Encoding"] == "chunked"
    return response, json.loads(response.readline())


def test_lines_come_as_the_items_are_done(bulk):
    response, first = begin_long(bulk, 15000)
    assert bulk.get("/v1/articles?limit=1")["meta"]["total"] < 15008, "it has not ended"
    assert first["status"] == "created" and bulk.get(first["url"])["title"] == "Long 0", "what is told is there"
    lines = [json.loads(line) for line in response.read().splitlines()]
    assert [line["line"] for line in lines[:-1]] == list(range(2, 15001))
    assert lines[-1]["summary"]["created"] == 15000
    is_sound(bulk.db)


def test_a_reader_that_goes_away_ends_nothing(bulk):
    response, _ = begin_long(bulk, 15000)
    response.close()
    until(lambda: bulk.get("/v1/articles?limit=1")["meta"]["total"] == 15008)


def test_an_answer_that_has_begun_tells_how_it_ended(tmp_path):
    server = serve_writable(tmp_path, [HERE / "fixtures/first"], settings=["--drain-timeout", "3"])
    response, _ = begin_long(server, 60000)
    server.process.send_signal(signal.SIGTERM)
    with pytest.raises(http.client.IncompleteRead) as broken:
        response.read()
    assert tells_why(broken.value.partial)
    assert server.process.wait(60) == 0
    is_sound(tmp_path / "test.db")
