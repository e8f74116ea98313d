"""Many articles in and out: import, export, tables, the snapshot. PILCROW_TEST_IMPORT_MB says how much is
imported at once (20)."""

import base64
import csv
import hashlib
import http.client
import io
import json
import os
import socket
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conftest import ENVIRONMENT, HERE, PROGRAM, end, serve_writable

NDJSON = {"Content-Type": "application/x-ndjson"}
TEXT = {"Content-Type": "text/plain; charset=utf-8"}
MEGABYTES = int(os.environ.get("PILCROW_TEST_IMPORT_MB", "20"))


@pytest.fixture()
def bulk(tmp_path):
    server = serve_writable(tmp_path, [HERE / "fixtures/first"])
    server.db = tmp_path / "test.db"
    yield server
    end(server)


def post(server, body, query="", headers=NDJSON):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    try:
        connection.request("POST", "/v1/import" + query, body=body,
                           headers={**headers, **server.authorization})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def imported(server, body, query="", headers=NDJSON):
    status, fields, answer = post(server, body, query, headers)
    assert status == 200, answer
    assert fields["Content-Type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.splitlines()]
    return lines[:-1], lines[-1]["summary"]


def article(title, *paragraphs, **more):
    return {"title": title, "authors": ["Ada Wren"], "published": "2020-02-03",
            "paragraphs": list(paragraphs) or ["Only one."], **more}


def lines_of(*articles):
    return b"".join((json.dumps(a, ensure_ascii=False) + "\n").encode() for a in articles)


def export_of(server):
    answer = server.ask("/v1/export.ndjson")
    assert answer.status == 200
    return answer, [json.loads(line) for line in answer.body.splitlines()]


def essence(articles):
    """What an export keeps: everything but numbers, versions and times."""
    def bare(a):
        return {**{name: a[name] for name in ("slug", "title", "authors", "published", "section", "tags", "lead",
                                              "paragraph_count", "word_count")},
                "paragraphs": [(p["n"], p["text"], p["words"]) for p in a["paragraphs"]]}
    return [bare(a) for a in articles]


def is_sound(db):
    done = subprocess.run([PROGRAM, "check", "--db", str(db)], capture_output=True, text=True,
                          env=ENVIRONMENT, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


# ---- import ----

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
                                     {}, {**NDJSON, "Content-Encoding": "gzip"}])
def test_other_types_are_refused(bulk, headers):
    for body in (b"", b"x" * 10, b"x" * 300000):
        status, _, answer = post(bulk, body, headers=headers)
        assert status == 415, answer
        assert json.loads(answer)["type"] == "/problems/unsupported_media_type"


def test_what_is_no_import_ends(bulk):
    status, _, answer = post(bulk, lines_of(article("Before")) + b"x\n" * 20000)
    assert status == 422 and "10000 items were wrong" in json.loads(answer)["detail"]
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


# ---- export ----

def test_export_gives_an_equal_store(bulk, tmp_path):
    odd = [article("=Formula", 'He said "no",\nshe said'.replace("\n", " "), tags=["A, b", "C++", "ü"], section=["X", "Y Z"]),
           article("No date", published=None, authors=[]), article("No date, 2", published=None, authors=["A", "B"])]
    items, summary = imported(bulk, lines_of(*odd))
    assert summary["errors"] == 0, items
    answer, first = export_of(bulk)
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert int(answer.headers["X-Seq"]) == bulk.get("/v1/articles?limit=1")["meta"]["seq"]
    assert [a["id"] for a in first] == sorted(a["id"] for a in first) and len(first) == 11
    assert first[0] == bulk.get(f"/v1/articles/{first[0]['id']}"), "a line is the article as it is shown"
    (tmp_path / "other").mkdir()
    other = serve_writable(tmp_path / "other")
    try:
        items, summary = imported(other, answer.body)
        assert summary["created"] == 11 and summary["errors"] == 0
        second, articles = export_of(other)
        assert essence(articles) == essence(first)
        for kind in ("tags", "sections", "authors"):
            target = f"/v1/{kind}?limit=1000&sort=name"
            assert other.get(target)["data"] == bulk.get(target)["data"]
        assert imported(other, second.body)[1]["unchanged"] == 11
    finally:
        end(other)


def test_export_is_one_state(bulk):
    count = 3000
    imported(bulk, lines_of(*(article(f"State {i}", "x" * 2000) for i in range(count))))
    connection = http.client.HTTPConnection("127.0.0.1", bulk.port, timeout=60)
    connection.request("GET", "/v1/export.ndjson")
    response = connection.getresponse()
    seq = int(response.headers["X-Seq"])
    begun = response.read(1000)
    imported(bulk, lines_of(*(article(f"Later {i}") for i in range(50))))
    articles = [json.loads(line) for line in (begun + response.read()).splitlines()]
    connection.close()
    assert len(articles) == count + 8 and max(a["seq"] for a in articles) == seq


def test_two_exports_at_a_time(bulk):
    imported(bulk, lines_of(*(article(f"Many {i}", "x" * 4000) for i in range(3000))))
    connections = [http.client.HTTPConnection("127.0.0.1", bulk.port, timeout=60) for _ in range(3)]
    responses = []
    for connection in connections:
        connection.request("GET", "/v1/export.ndjson")
        responses.append(connection.getresponse())
    assert [r.status for r in responses] == [200, 200, 503]
    assert responses[2].headers["Retry-After"]
    assert len(responses[0].read().splitlines()) == 3008
    for connection in connections:
        connection.close()
    while bulk.ask("/v1/export.ndjson", "HEAD").status == 503:
        pass
    assert len(export_of(bulk)[1]) == 3008


# ---- tables ----

def table_of(server, target):
    answer = server.ask(target)
    assert answer.status == 200, answer.body
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    text = answer.body.decode()
    assert text.endswith("\r\n")
    return answer, list(csv.reader(io.StringIO(text, newline=""), strict=True))


LISTS = ["/v1/articles", "/v1/articles/3/paragraphs", "/v1/paragraphs", "/v1/tags",
         "/v1/sections", "/v1/authors", "/v1/tags/c-plus-plus/articles", "/v1/articles/3/revisions"]


@pytest.mark.parametrize("address", LISTS)
def test_every_list_is_a_table(server, address):
    listed = server.get(address)["data"]
    _, rows = table_of(server, address + ".csv")
    assert len(rows) == 1 + len(listed) and len(listed) > 0
    for row, item in zip(rows[1:], listed):
        assert len(row) == len(rows[0])
        for name, cell in zip(rows[0], row):
            value = item.get(name)
            if isinstance(value, (str, int)):
                assert cell == str(value)
            elif value is None:
                assert cell == ""
    lines = server.ask(address + ".ndjson")
    assert [json.loads(line) for line in lines.body.splitlines()] == listed


def test_cells(bulk):
    imported(bulk, lines_of(article('=1+1, "so"', "Text.", tags=["A", "B, c"], section=["X", "Y Z"], authors=["A", "B"])))
    _, rows = table_of(bulk, "/v1/articles.csv?fields=title,authors,section,tags.slug,published&sort=-updated&limit=100")
    assert rows[0] == ["title", "authors", "section", "tags.slug", "published"]
    assert ['=1+1, "so"', "A; B", "X / Y Z", "a; b-c", "2020-02-03"] in rows
    answer = bulk.ask("/v1/articles.csv?fields=titel")
    assert answer.status == 400


def test_pages_of_a_table(server):
    seen, target = [], "/v1/articles.csv?limit=3&fields=id"
    while target:
        answer, rows = table_of(server, target)
        seen += [row[0] for row in rows[1:]]
        link = answer.headers.get("Link", "")
        target = next((part.split("<")[1].split(">")[0] for part in link.split(", ") if 'rel="next"' in part), None)
    assert seen == [str(a["id"]) for a in server.get("/v1/articles?limit=100")["data"]]
    assert server.ask("/v1/articles.csv", headers={"If-None-Match": server.ask("/v1/articles.csv").headers["ETag"]}).status == 304


# ---- snapshot ----

def snapshot_of(server, headers=None, method="GET"):
    while True:
        answer = server.ask("/v1/snapshot.sqlite", method, headers)
        if answer.status != 503:
            return answer
        assert answer.headers["Retry-After"]


def test_snapshot_is_the_database(bulk, tmp_path):
    answer = snapshot_of(bulk)
    assert answer.status == 200
    digest = base64.b64encode(hashlib.sha256(answer.body).digest()).decode()
    assert answer.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    copy = tmp_path / "copy.db"
    copy.write_bytes(answer.body)
    is_sound(copy)
    database = sqlite3.connect(copy)
    assert database.execute("SELECT seq FROM store").fetchone()[0] == int(answer.headers["X-Seq"])
    assert database.execute("SELECT count(*) FROM article").fetchone()[0] == 8
    assert database.execute("SELECT count(*) FROM article WHERE source <> ''").fetchone()[0] == 0
    assert database.execute("SELECT count(*) FROM idempotency").fetchone()[0] == 0
    database.close()
    assert sorted(path.name for path in tmp_path.iterdir() if "snapshot" in path.name or "partial" in path.name) == []
    again = snapshot_of(bulk)
    assert again.headers["ETag"] == answer.headers["ETag"] and again.body == answer.body
    head = snapshot_of(bulk, method="HEAD")
    assert head.headers["Content-Length"] == answer.headers["Content-Length"] and head.body == b""
    assert snapshot_of(bulk, {"If-None-Match": answer.headers["ETag"]}).status == 304


def test_parts_of_a_snapshot(bulk):
    whole = snapshot_of(bulk)
    etag, size = whole.headers["ETag"], len(whole.body)
    for field, first, last in (("bytes=0-15", 0, 15), ("bytes=100-", 100, size - 1), ("bytes=-10", size - 10, size - 1),
                               (f"bytes={size - 1}-{size + 5}", size - 1, size - 1), (f"bytes=-{size + 1}", 0, size - 1)):
        for more in ({}, {"If-Range": etag}):
            part = snapshot_of(bulk, {"Range": field, **more})
            assert part.status == 206 and part.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
            assert part.body == whole.body[first:last + 1] and part.headers["ETag"] == etag
    for field, more in (("bytes=0-15", {"If-Range": '"other"'}), ("bytes=0-15", {"If-Range": "W/" + etag}),
                        ("bytes=9-5", {}), ("bytes=0-1,4-5", {}), ("lines=1-2", {})):
        assert snapshot_of(bulk, {"Range": field, **more}).body == whole.body
    for field in (f"bytes={size}-", "bytes=-0"):
        refused = snapshot_of(bulk, {"Range": field})
        assert refused.status == 416 and refused.headers["Content-Range"] == f"bytes */{size}"
        assert refused.json()["type"] == "/problems/range_not_satisfiable"
    head = snapshot_of(bulk, {"Range": "bytes=0-15"}, "HEAD")
    assert head.status == 200 and head.headers["Content-Length"] == str(size)


def test_snapshots_while_others_write(bulk, tmp_path):
    def write():
        for n in range(30):
            imported(bulk, lines_of(*(article(f"Write {n} {i}", "x" * 500) for i in range(20))))

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(write)
        copies = []
        while not done.done() or not copies:
            copies.append(snapshot_of(bulk))
    done.result()
    for n, answer in enumerate(copies[-5:]):
        copy = tmp_path / f"copy{n}.db"
        copy.write_bytes(answer.body)
        is_sound(copy)
        database = sqlite3.connect(copy)
        seq, articles = database.execute("SELECT seq, article_count FROM store").fetchone()
        database.close()
        assert seq == int(answer.headers["X-Seq"])
        assert seq - articles == 0, "each write made one article"
