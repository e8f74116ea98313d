#!/usr/bin/python3
"""Random and mutated requests against a running server, over raw sockets, in batches.

    hostile.py --port P [--host H] [--count N] [--seed S] [--seconds T] [--token TOKEN]

After each batch an honest request must be answered 200. No answer may be 500. The same seed asks the same of the same
articles: before each batch a few of them are read, so that writes can say the version that they mean.
With a token at least a tenth of the writes must succeed, or the rest proves little.
Exit status 0 when all of that held, else 1; the counts are printed either way."""

import argparse
import collections
import json
import random
import re
import selectors
import socket
import sys
import time

CONNECTIONS = 32      # of a batch
PER_CONNECTION = 24   # requests of a connection that lives on
BATCH_S = 30          # longer than any deadline of the server: what is still open then hangs
METHODS = [b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"TRACE", b"CONNECT", b"get", b"G\0T", b"X" * 40]
PATHS = [b"/", b"/v1/articles", b"/v1/articles/1", b"/v1/articles/1/paragraphs", b"/v1/articles/1/paragraphs/1-3",
         b"/v1/articles/1.txt", b"/v1/articles/1.md", b"/v1/tags", b"/v1/tags/x/articles", b"/v1/sections", b"/v1/authors",
         b"/v1/paragraphs/1", b"/v1/paragraphs", b"/healthz", b"/readyz", b"/problems/not_found", b"*", b"http://a/v1/articles",
         b"/v1/import", b"/v1/import?dry_run=1", b"/v1/export.ndjson", b"/v1/snapshot.sqlite", b"/v1/changes",
         b"/v1/articles/1/revisions", b"/v1/articles/1/diff", b"/v1/articles/1/revisions/1", b"/v1/tags/x",
         b"/v1/sections/x", b"/v1/sections/x/articles", b"/v1/authors/x", b"/v1/authors/x/articles", b"/v1/articles.csv",
         b"/v1/articles.ndjson", b"/v1/articles/1/revisions/1.txt", b"/v1/articles/1/tags/x",
         b"/v1/search?q=words", b"/v1/search?q=%22a+b%22+OR+-c*", b"/v1/search?q=title:t&scope=paragraphs&highlight=html",
         b"/v1/search?q=b&facets=tag,year&explain=1", b"/v1/suggest?q=t", b"/v1/quotes?text=some+words+of+it", b"/v1/quotes",
         b"/v1/articles?q=words&sort=relevance", b"/v1/paragraphs?q=b", b"/v1/articles/1/duplicates", b"/v1/paragraphs/1/duplicates",
         b"/v1/articles/1?include=related,neighbors,revisions", b"/v1/articles/1?as_of=1", b"/v1/tags/x?include=related",
         b"/v1/articles/1/related", b"/v1/articles.atom", b"/v1/articles.rss", b"/openapi.json", b"//", b"/..", b"/v1/../v1", b"/%2e%2e", b"/%00", b"/%", b"/%zz", b"/%ff%fe", b"/%c0%af", b"/\xff", b"/ ", b""]
PARAMETERS = [b"limit", b"cursor", b"page", b"count", b"sort", b"fields", b"include", b"ids", b"tag", b"section", b"author",
              b"tag_not", b"date", b"from", b"to", b"changed_since", b"q", b"pretty", b"min_words", b"context", b"scope",
              b"highlight", b"facets", b"explain", b"type", b"as_of", b"text", b"article", b"x", b"", b"utm_a"]
VALUES = [b"words", b"%22a", b"-", b"title:", b"a*", b"OR", b"tag,author,section,year", b"relevance", b"html", b"1", b"0", b"-1", b"99999999999999999999", b"2018", b"2018-02-31", b"2018-06-03", b"exact", b"a,b", b"-published", b"",
          b"%00", b"%ff", b"'", b"%22%20OR%201=1--", b"x" * 300, b"%F0%9F%92%A9", b"id,title", b"null", b"1e9", b"\t", b"..", b"9223372036854775807"]
FIELDS = [b"Host: a", b"Host: a", b"Host: a", b"Host: a", b"Host:", b"Host: a b", b"Content-Length: 5", b"Content-Length: 0",
          b"Content-Length: -1", b"Content-Length: 99999999999", b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip",
          b"Expect: 100-continue", b"Expect: x", b"Connection: close", b"Connection: keep-alive", b'If-None-Match: "x"',
          b"If-None-Match: *", b'If-None-Match: W/"1-gzip", "a', b"Accept: */*", b"Range: bytes=0-1", b"X: " + b"y" * 3000,
          b" folded", b"\tfolded", b"X : 1", b"X\0: 1", b"X: \0", b"X: \x7f", b": 1", b"nocolon", b"Cookie: a=b;;=;" + b"c" * 600,
          b"If-Match: *", b'If-Match: "v1-x", "', b"Idempotency-Key: a", b"Prefer: return=minimal, ;", b"Range: bytes=5-",
          b"Range: bytes=-0,3-1", b"If-Range: x", b"Content-Type: application/json", b"Content-Type: application/x-ndjson",
          b"Content-Type: text/plain", b"Content-Encoding: gzip", b"X-Forwarded-For: 1.2.3.4, ,", b"Last-Event-ID: -1",
          b"Upgrade: h2c", b"Authorization: Digest x", b"Authorization: Basic Zm9vOmJhcg=="]
VERSIONS = [b"HTTP/1.1"] * 8 + [b"HTTP/1.0", b"HTTP/1.2", b"HTTP/2.0", b"HTTP/0.9", b"http/1.1", b"HTTP/1.", b""]
ENDS = [b"\r\n"] * 12 + [b"\n", b"\r", b"\r\r\n", b"\0\r\n"]
JSON = [b'{"title":"T","paragraphs":["a","b"]}', b'{"title":null}', b'[1', b'{"a":1,"a":2}', b"[" * 200, b'"\\ud800"', b"{}\n{}\n",
        b'{"title":"\\u0000"}', b"\xff\xfe{}", b"A title\nAnn | 03.06.2018 | NEWS\n\nWords.\n\f\nTags: x\n"]
# {a}, {p}: an article and one of its paragraphs, as they were when the batch began; {n}: any small number.
WRITTEN = [b"POST /v1/articles", b"PUT /v1/articles/{a}", b"PATCH /v1/articles/{a}", b"POST /v1/articles/{a}/paragraphs",
           b"PUT /v1/paragraphs/{p}", b"PUT /v1/articles/{a}/tags/x{n}", b"PATCH /v1/tags/x{n}", b"POST /v1/tags/x{n}/merge",
           b"DELETE /v1/articles/{a}", b"DELETE /v1/paragraphs/{p}", b"PUT /v1/articles/made-{n}",
           b"DELETE /v1/articles/{a}/tags/x{n}", b"PATCH /v1/paragraphs/{p}", b"POST /v1/articles/{a}/revisions/1/restore",
           b"POST /v1/import", b"POST /v1/import?dry_run=1", b"POST /v1/import?mode=create", b"POST /v1/import?mode=replace",
           b"POST /v1/quotes"]
WORDS = ["fog", "harbour", "cat", "\u00e9t\u00e9", "\u6771\u4eac", "a" * 300, "\u00a0", "<b>", "\U0001f4a9"]
KNOWN = []       # (article, version, paragraph) as they were when the batch began
AUTHORIZED = []  # set by --token
BODIES = [b"", b"hello", b"5\r\nhello\r\n0\r\n\r\n", b"5;x=y\nhello\n0\n\n", b"zz\r\n", b"ffffffffffffffff\r\nx", b"x" * 5000]


def target(rng):
    path = rng.choice(PATHS)
    pairs = [rng.choice(PARAMETERS) + rng.choice([b"=", b"=", b"=", b"", b"=="]) + rng.choice(VALUES)
             for _ in range(rng.choice([0, 0, 1, 1, 2, 3, 8, 70]))]
    return path + (b"?" + b"&".join(pairs) if pairs else b"")


def request(rng):
    end = rng.choice(ENDS)
    lines = [b" ".join([rng.choice(METHODS[:1] * 12 + METHODS), target(rng), rng.choice(VERSIONS)])]
    if rng.random() < 0.8:
        lines.append(b"Host: a")
    lines += [rng.choice(FIELDS) for _ in range(rng.choice([0, 0, 1, 2, 3, 5, 120 if rng.random() < 0.1 else 1]))]
    return end.join(lines) + end + end + rng.choice(BODIES)


def mutate(rng, data):
    data = bytearray(data)
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 5])):
        if not data:
            break
        at = rng.randrange(len(data))
        kind = rng.randrange(5)
        if kind == 0:
            data[at] = rng.randrange(256)
        elif kind == 1:
            del data[at:at + rng.choice([1, 2, 10])]
        elif kind == 2:
            data[at:at] = bytes(rng.randrange(256) for _ in range(rng.choice([1, 3, 20])))
        elif kind == 3:
            data[at:at] = data[at:at + 40]
        else:
            data[at] ^= 1 << rng.randrange(8)
    if rng.random() < 0.01:
        return bytes(rng.randrange(256) for _ in range(rng.randrange(2000)))
    return bytes(data)


def odd(rng):
    """Well framed, so that what follows it is answered too; all that is odd is what it asks for."""
    method = rng.choice([b"GET"] * 8 + [b"HEAD", b"OPTIONS", b"POST", b"PUT", b"DELETE"])
    asked = bytes(c for c in target(rng) if 0x20 < c < 0x7F) or b"/"
    fields = b"".join(rng.choice([b'If-None-Match: "x"', b"If-None-Match: *, W/", b"Accept: x", b"X: \xff", b"X:"]) + b"\r\n"
                      for _ in range(rng.choice([0, 0, 1, 3])))
    return method + b" " + asked[:4000] + b" HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n"


def sound_text(rng):
    return " ".join(rng.choice(WORDS) for _ in range(rng.choice([1, 3, 20])))


def sound_article(rng):
    made = {"title": sound_text(rng) + str(rng.randrange(50)), "paragraphs": [sound_text(rng) for _ in range(rng.choice([1, 2, 9]))]}
    for name, value in (("tags", [f"X{rng.randrange(9)}"]), ("authors", [sound_text(rng)[:40].strip() or "A"]), ("published", "2018-06-03"),
                        ("section", "NEWS / Local"), ("slug", f"made-{rng.randrange(9)}")):
        if rng.random() < 0.3:
            made[name] = value
    return made


def sound_body(rng, line):
    """What the address takes, with nothing wrong in it."""
    if b"import" in line:
        return b"".join(json.dumps(sound_article(rng)).encode() + b"\n" for _ in range(rng.choice([1, 5, 60])))
    if b"/merge" in line:
        return b'{"into": "x%d"}' % rng.randrange(9)
    if b"/tags/" in line:
        return b'{"name": "X%d"}' % rng.randrange(9)
    if b"quotes" in line:
        return json.dumps({"quotes": [{"text": sound_text(rng)} for _ in range(rng.choice([1, 3, 90]))]}).encode()
    if b"paragraphs" in line:
        return json.dumps({"text": sound_text(rng)} | ({"position": 1} if rng.random() < 0.5 else {})).encode()
    made = sound_article(rng)
    return json.dumps({"tags": ["X1"]} if line.startswith(b"PATCH") and rng.random() < 0.5 else made).encode()


def fill(rng, line):
    article, version, paragraph = rng.choice(KNOWN) if KNOWN else (1, 1, 1)
    for name, value in ((b"{a}", article), (b"{p}", paragraph), (b"{n}", rng.randrange(9))):
        line = line.replace(name, b"%d" % value)
    return line, version


def write(rng):
    """Well framed, and allowed when there is a token; half of them sound in all that they say."""
    line, version = fill(rng, rng.choice(WRITTEN))
    is_sound = rng.random() < 0.5
    if not is_sound and rng.random() < 0.2:
        line = rng.choice([b"POST ", b"PUT ", b"PATCH "]) + (bytes(c for c in target(rng) if 0x20 < c < 0x7F)[:4000] or b"/")
    types = [b"application/x-ndjson"] if b"import" in line else [b"application/json"]
    if is_sound:
        body = b"" if line.startswith(b"DELETE") or b"restore" in line else sound_body(rng, line)
    else:
        types += [b"text/plain", b"application/merge-patch+json"]
        body = rng.choice(JSON) if rng.random() < 0.5 else mutate(rng, rng.choice(JSON + [sound_body(rng, line)]))
        body *= rng.choice([1, 1, 1, 3, 500])
    conditions = [[b'If-Match: "v%d"' % version]] * 3 + [[b"If-Match: *"]] * 2
    if b"made-" in line:
        conditions.append([b"If-None-Match: *"])
    if not is_sound:
        conditions += [[], [b"If-None-Match: *"], [b'If-Match: "v0", W/"x"']]
    if line == b"POST /v1/articles" or b"import" in line or b"quotes" in line:
        conditions = [[]]
    fields = [b"Host: a", b"Content-Type: " + rng.choice(types if is_sound or rng.random() < 0.9 else [b"x", b""])]
    fields += AUTHORIZED + rng.choice(conditions)
    if rng.random() < 0.1:
        fields.append(b"Idempotency-Key: %d" % rng.randrange(9))
    if rng.random() < 0.7:
        fields.append(b"Content-Length: %d" % len(body))
    else:
        fields += [b"Transfer-Encoding: chunked"]
        body = b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n" if body else b"0\r\n\r\n"
    return line + b" HTTP/1.1\r\n" + b"".join(field + b"\r\n" for field in fields) + b"\r\n" + body


def requests_of_peer(rng):
    """Whether they are writes, and what is sent."""
    kind = rng.random()
    if kind < 0.25:
        return True, [write(rng) for _ in range(4)]
    if kind < 0.45:
        return False, [odd(rng) for _ in range(PER_CONNECTION)]
    return False, [mutate(rng, request(rng)) for _ in range(rng.choice([1, 1, 1, 2]))]


class Peer:
    """One connection: sends its requests, pipelined or one after the other, and keeps the statuses it got."""

    def __init__(self, address, writes, requests):
        self.writes = writes
        self.socket = socket.create_connection(address, timeout=5)
        self.socket.setblocking(False)
        self.all = b"".join(requests)
        self.out = memoryview(self.all)  # a body of 50 MB is not copied for each piece that is sent
        self.tail = b""
        self.statuses = []
        self.is_open = True

    def events(self):
        return selectors.EVENT_READ | (selectors.EVENT_WRITE if self.out else 0)

    def close(self):
        self.is_open = False
        self.socket.close()

    def turn(self, mask):
        try:
            if mask & selectors.EVENT_WRITE and self.out:
                self.out = self.out[self.socket.send(self.out[:16384]):]
                if not self.out:
                    self.socket.shutdown(socket.SHUT_WR)
            if mask & selectors.EVENT_READ:
                piece = self.socket.recv(65536)
                if not piece:
                    return False
                self.take(piece)
        except BlockingIOError:
            pass
        except OSError:
            return False
        return True

    def take(self, piece):
        data = self.tail + piece
        self.statuses += [int(s) for s in re.findall(rb"HTTP/1\.[01] (\d{3}) ", data)]
        self.tail = data[-8:]


def run_batch(address, peers_requests, counts, written):
    """False when a peer was left open by the server."""
    selector = selectors.DefaultSelector()
    peers = []
    for writes, requests in peers_requests:
        peer = Peer(address, writes, requests)
        selector.register(peer.socket, peer.events(), peer)
        peers.append(peer)
    ends = time.monotonic() + BATCH_S
    left = len(peers)
    while left and time.monotonic() < ends:
        for key, mask in selector.select(0.2):
            peer = key.data
            if not peer.turn(mask):
                selector.unregister(peer.socket)
                peer.close()
                left -= 1
            elif key.events != peer.events():
                selector.modify(peer.socket, peer.events(), peer)
    for peer in peers:
        counts.update(peer.statuses)
        if peer.writes:
            written.update(peer.statuses)
        if peer.is_open:
            print(f"left open after {BATCH_S} s: {peer.all[-300:]!r}, {len(peer.out)} bytes unsent, answered {peer.statuses}", file=sys.stderr)
            peer.close()
    selector.close()
    return left == 0


def get(address, path):
    with socket.create_connection(address, timeout=10) as s:
        fields = b"".join(field + b"\r\n" for field in AUTHORIZED)
        s.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + b"\r\n")
        data = b""
        while piece := s.recv(65536):
            data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    return head.startswith(b"HTTP/1.1 200 "), body


def learn(address, rng):
    """A few articles as they are now."""
    is_there, body = get(address, b"/v1/articles?limit=40&include=paragraphs&fields=id,version,paragraphs.id")
    articles = json.loads(body)["data"] if is_there else []
    rng.shuffle(articles)
    KNOWN[:] = [(a["id"], a["version"], rng.choice(a["paragraphs"])["id"] if a["paragraphs"] else 1) for a in articles[:12]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--token", help="of a writer; without it writes are refused")
    options = parser.parse_args()
    address = (options.host, options.port)
    if options.token:
        AUTHORIZED.append(b"Authorization: Bearer " + options.token.encode())
    rng = random.Random(options.seed)
    counts, written = collections.Counter(), collections.Counter()
    sent, batches, stuck, dead = 0, 0, 0, 0
    began = time.monotonic()
    while sent < options.count and time.monotonic() - began < options.seconds:
        learn(address, rng)
        batch = [requests_of_peer(rng) for _ in range(CONNECTIONS)]
        stuck += not run_batch(address, batch, counts, written)
        sent += sum(len(requests) for _, requests in batch)
        batches += 1
        try:
            alive, _ = get(address, b"/healthz")
        except OSError:
            alive = False
        if not alive:
            dead += 1
            print(f"not alive after batch {batches} of seed {options.seed}")
            break
    took = time.monotonic() - began
    print(f"requests={sent} batches={batches} seconds={took:.1f} answers={sum(counts.values())} "
          f"server_errors_500={counts[500]} stuck_batches={stuck} dead={dead}")
    for name, some in (("statuses", counts), ("of writes", written)):
        print(f"{name}: " + " ".join(f"{status}={n}" for status, n in sorted(some.items())))
    done = sum(n for status, n in written.items() if 200 <= status < 300)
    is_idle = bool(options.token) and done * 10 < sum(written.values())
    return 1 if counts[500] or dead or stuck or is_idle or sent < options.count else 0


if __name__ == "__main__":
    sys.exit(main())
