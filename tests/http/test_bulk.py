"""Many articles out: export, tables, the snapshot."""

import base64
import csv
import hashlib
import http.client
import io
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from bulk import article, export_of, imported, is_sound, lines_of
from conftest import end, serve_writable


def essence(articles):
    """What an export keeps: everything but numbers, versions and times."""
    def bare(a):
        return {**{name: a[name] for name in ("slug", "title", "authors", "published", "section", "tags", "lead",
                                              "paragraph_count", "word_count")},
                "paragraphs": [(p["n"], p["text"], p["words"]) for p in a["paragraphs"]]}
    return [bare(a) for a in articles]


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
