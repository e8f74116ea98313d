"""Reads beside writes on several workers: no answer is older than what was acknowledged before it was asked for.

READS says how many reads (make endurance takes 1,000,000)."""

import json
import os
import random
import re
import socket
import sqlite3
import threading

import pytest
from codings import decoded
from conftest import end, serve_writable

READS = int(os.environ.get("READS", "12000"))
ARTICLES, READERS, WRITERS = 6, 6, 2
READS_PER_WRITE = 40
CODINGS = [None, None, "gzip", "br", "zstd", "gzip, br", "gzip, deflate, br, zstd"]
FILLER = " ".join(f"Sentence {n} makes it long enough to be coded." for n in range(30))


class Connection:
    """One kept alive; quicker than http.client."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 20)
        self.data = b""

    def ask(self, target, fields="", method="GET", body=b""):
        if body:
            fields += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self.socket.sendall(f"{method} {target} HTTP/1.1\r\nHost: a\r\n{fields}\r\n".encode() + body)
        while b"\r\n\r\n" not in self.data:
            self.more()
        head, self.data = self.data.split(b"\r\n\r\n", 1)
        head = head.decode("latin-1")
        status = int(head[9:12])
        length = re.search(r"\r\nContent-Length: (\d+)", head)
        size = 0 if status in (204, 304) or method == "HEAD" or length is None else int(length.group(1))
        while len(self.data) < size:
            self.more()
        body, self.data = self.data[:size], self.data[size:]
        return status, dict(line.split(": ", 1) for line in head.split("\r\n")[1:]), body

    def more(self):
        piece = self.socket.recv(65536)
        assert piece, "the server closed the connection"
        self.data += piece


class Known:
    """What was acknowledged, and which bytes each ETag stood for."""

    def __init__(self):
        self.versions = {number: 1 for number in range(1, ARTICLES + 1)}
        self.seq = 0
        self.bytes_of = {}
        self.reads = self.writes = self.unchanged = self.coded = 0
        self.lock = threading.Lock()
        self.failure = None

    def is_over(self):
        return self.failure is not None or self.reads >= READS


def one_article(known, number):
    floor = known.versions[number]
    return lambda body: json.loads(body)["version"] >= floor


def all_articles(known):
    floors = dict(known.versions)
    return lambda body: all(a["version"] >= floors.get(a["id"], 1) for a in json.loads(body)["data"])


def text_of_one(known, number):
    floor = known.versions[number]
    return lambda body: int(re.search(rb"Version (\d+)", body).group(1)) >= floor


def changes_so_far(known):
    floor = known.seq
    return lambda body: json.loads(body)["meta"]["seq"] >= floor


def choose(chance, known):
    """A target and what its answer must hold, as of now."""
    number = chance.randint(1, ARTICLES)
    kind = chance.random()
    if kind < 0.5:
        return f"/v1/articles/{number}", one_article(known, number)
    if kind < 0.7:
        return "/v1/articles?fields=id,version,title", all_articles(known)
    if kind < 0.9:
        return f"/v1/articles/{number}.txt", text_of_one(known, number)
    return "/v1/changes?since=0&limit=1", changes_so_far(known)


def read_one(connection, known, chance, mine):
    """`mine` is what this reader has: target -> (ETag, body)."""
    target, is_new_enough = choose(chance, known)
    seq = known.seq
    etag, held = mine.get(target, (None, b""))
    asks = etag is not None and chance.random() < 0.5
    method = "HEAD" if chance.random() < 0.1 else "GET"
    wanted = chance.choice(CODINGS)
    head = f"Accept-Encoding: {wanted}\r\n" if wanted else ""
    status, fields, body = connection.ask(target, head + (f"If-None-Match: {etag}\r\n" if asks else ""), method)
    assert fields["Vary"] == "Accept-Encoding"
    if status == 304:
        coding = re.search(r"-(gzip|br|zstd)\"$", etag)
        assert asks and fields["ETag"] == etag and body == b"" and (not (wanted and coding) or coding[1] in wanted)
        assert is_new_enough(held), f"{target}: 304 for what is out of date"
        known.unchanged += 1
        return
    assert status == 200, (target, status, body)
    assert int(fields["X-Seq"]) >= seq, f"{target}: X-Seq {fields['X-Seq']} after {seq} was acknowledged"
    size, before = known.bytes_of.setdefault((target, fields["ETag"]), (fields["Content-Length"], body or None))
    assert size == fields["Content-Length"]
    if method == "HEAD":
        return
    coding = fields.get("Content-Encoding")
    assert (coding or "") in (wanted or ""), f"{target}: {coding} is not {wanted}"
    assert fields["ETag"].endswith(f'-{coding}"') if coding else "-" not in fields["ETag"][-16:]
    plain = decoded(coding, body)
    known.coded += coding is not None
    assert is_new_enough(plain), f"{target}: older than what was acknowledged"
    if before is None:
        known.bytes_of[target, fields["ETag"]] = (size, body)
    else:
        assert before == body, f"{target}: other bytes under one ETag"
    mine[target] = (fields["ETag"], plain)


def read_all(port, known, seed):
    connection, chance, mine = Connection(port), random.Random(seed), {}
    while not known.is_over():
        if known.reads > (known.writes + 1) * READS_PER_WRITE * 4:  # the disk may be slow: writes are what it is about
            threading.Event().wait(0.001)
            continue
        read_one(connection, known, chance, mine)
        with known.lock:
            known.reads += 1


def write_one(connection, known, authorization, number):
    version = known.versions[number]
    body = json.dumps({"title": f"Number {number}", "paragraphs": [f"Version {version + 1}.", FILLER]}).encode()
    status, fields, body = connection.ask(f"/v1/articles/{number}", f'{authorization}If-Match: "v{version}"\r\n',
                                          "PATCH", body)
    assert status == 200 and json.loads(body)["version"] == version + 1, (status, body)
    with known.lock:  # it is acknowledged: from now on nobody may read less
        known.versions[number] = version + 1
        known.seq = max(known.seq, int(fields["X-Seq"]))
        known.writes += 1
    status, _, body = connection.ask(f"/v1/articles/{number}")
    assert json.loads(body)["version"] == version + 1, "who has written reads it"


def write_all(port, known, authorization, which):
    connection, chance = Connection(port), random.Random(which)
    numbers = [number for number in known.versions if number % WRITERS == which]
    while not known.is_over():
        if known.reads >= known.writes * READS_PER_WRITE:
            write_one(connection, known, authorization, chance.choice(numbers))
        else:
            threading.Event().wait(0.001)


def guarded(known, function, *arguments):
    def run():
        try:
            function(*arguments)
        except BaseException as error:  # the first one is the test's
            known.failure = known.failure or error
    return threading.Thread(target=run)


def hits_of(log):
    counts = re.findall(r"event=cache .*?hits=(\d+) misses=(\d+)", log.read_text())
    return sum(int(hits) for hits, _ in counts), sum(int(misses) for _, misses in counts)


@pytest.mark.parametrize("size", ["8", "0"])
def test_no_answer_is_older_than_what_was_acknowledged(tmp_path, size):
    server = serve_writable(tmp_path, settings=["--workers", "3", "--cache-size", size, "--log-level", "debug",
                                                "--access-log", "off"])
    known = Known()
    authorization = f"Authorization: {server.authorization['Authorization']}\r\n"
    try:
        for number in known.versions:
            made = server.ask("/v1/articles", "POST", {**server.authorization, "Content-Type": "application/json"},
                              json.dumps({"title": f"Number {number}", "paragraphs": ["Version 1.", FILLER]}))
            assert made.status == 201 and made.json()["id"] == number
        threads = [guarded(known, read_all, server.port, known, seed) for seed in range(READERS)]
        threads += [guarded(known, write_all, server.port, known, authorization, which) for which in range(WRITERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        end(server)
    if known.failure is not None:
        raise known.failure
    assert known.writes >= READS // (READS_PER_WRITE * 5) and known.unchanged > READS // 50
    assert known.coded > READS // 10
    hits, misses = hits_of(tmp_path / "server.log")
    print(f"{known.reads} reads, {known.writes} writes, {known.unchanged} times 304, {hits} hits, {misses} misses")
    if size == "0":
        assert (hits, misses) == (0, 0)
    else:
        assert hits > READS // 10 and misses > known.writes


def test_what_another_program_writes_is_seen(tmp_path):
    """At once: each round of a worker's loop looks whether the file is another one."""
    server = serve_writable(tmp_path, settings=["--workers", "1"])
    try:
        made = server.ask("/v1/articles", "POST", {**server.authorization, "Content-Type": "application/json"},
                          json.dumps({"title": "One", "paragraphs": ["Text."]}))
        assert made.status == 201
        for number in range(20):
            for _ in range(3):
                before = server.get("/v1/articles/1")
            with sqlite3.connect(tmp_path / "test.db") as db:
                db.execute("UPDATE article SET title = ?", (f"Title {number}",))
            db.close()
            assert server.get("/v1/articles/1")["title"] == f"Title {number}" != before["title"]
    finally:
        end(server)
