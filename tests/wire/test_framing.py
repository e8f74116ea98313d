"""Heads that two parsers read differently: each is refused, its connection closed, and what follows it on the
connection is never answered. What the library refuses by itself (HTML, sometimes twice) counts too."""

import pytest

from wire import GOOD, exchange, is_alive, parse_all, parse_one, read_all, read_reply

HOST = b"Host: a\r\n"
CANARY = b"GET /canary HTTP/1.1\r\nHost: a\r\n\r\n"


def get(target=b"/", fields=HOST, version=b"HTTP/1.1", method=b"GET"):
    return method + b" " + target + b" " + version + b"\r\n" + fields + b"\r\n"


def post(fields, body=b""):
    return b"POST /p HTTP/1.1\r\n" + HOST + fields + b"\r\n" + body


CHUNK = b"1\r\nx\r\n0\r\n\r\n"

REFUSED = [
    ("CL and TE", 400, post(b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", CHUNK)),
    ("TE and CL", 400, post(b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", CHUNK)),
    ("TE gzip", 400, post(b"Transfer-Encoding: gzip\r\n")),
    ("TE identity", 400, post(b"Transfer-Encoding: identity\r\n")),
    ("TE gzip, chunked", 501, post(b"Transfer-Encoding: gzip, chunked\r\n", CHUNK)),
    ("TE chunked, gzip", 400, post(b"Transfer-Encoding: chunked, gzip\r\n", CHUNK)),
    ("TE chunked, chunked", 400, post(b"Transfer-Encoding: chunked, chunked\r\n", CHUNK)),
    ("TE twice", 400, post(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", CHUNK)),
    ("TE trailing blank", 400, post(b"Transfer-Encoding: chunked \r\n", CHUNK)),
    ("TE xchunked", 400, post(b"Transfer-Encoding: xchunked\r\n", CHUNK)),
    ("TE empty", 400, post(b"Transfer-Encoding:\r\n", CHUNK)),
    ("TE in 1.0", 400, b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNK),
    ("CL twice the same", 400, post(b"Content-Length: 3\r\nContent-Length: 3\r\n", b"abc")),
    ("CL twice", 400, post(b"Content-Length: 3\r\nContent-Length: 5\r\n", b"abc")),
    ("CL list", 400, post(b"Content-Length: 3, 3\r\n", b"abc")),
    ("CL plus", 400, post(b"Content-Length: +3\r\n", b"abc")),
    ("CL minus", 400, post(b"Content-Length: -1\r\n", b"abc")),
    ("CL hex", 400, post(b"Content-Length: 0x3\r\n", b"abc")),
    ("CL empty", 400, post(b"Content-Length:\r\n", b"abc")),
    ("CL trailing blank", 400, post(b"Content-Length: 3 \r\n", b"abc")),
    ("CL NUL", 400, post(b"Content-Length: 3\0 0\r\n", b"abc")),
    ("CL 2^63", (400, 413), post(b"Content-Length: 9223372036854775808\r\n")),
    ("CL 2^64-1", (400, 413), post(b"Content-Length: 18446744073709551615\r\n")),
    ("CL 2^64+1", (400, 413), post(b"Content-Length: 18446744073709551617\r\n")),
    ("CL 16 digits", 413, post(b"Content-Length: 1000000000000000\r\n")),
    ("blank before colon", 400, post(b"Content-Length : 3\r\n", b"abc")),
    ("tab before colon", 400, get(fields=HOST + b"X\t: 1\r\n")),
    ("blank in name", 400, get(fields=HOST + b"X Y: 1\r\n")),
    ("control in name", 400, get(fields=HOST + b"X\x01: 1\r\n")),
    ("8 bit name", 400, get(fields=HOST + b"X\xe9: 1\r\n")),
    ("NUL in name", 400, get(fields=HOST + b"X\0Y: 1\r\n")),
    ("empty name", 400, get(fields=HOST + b": 1\r\n")),
    ("no colon", 400, get(fields=HOST + b"XYZ\r\n")),
    ("fold", 400, get(fields=HOST + b"X: 1\r\n 2\r\n")),
    ("fold, tab", 400, get(fields=HOST + b"X: 1\r\n\t2\r\n")),
    ("fold of a name", 400, post(b"Transfer-Enc: chunked\r\n oding\r\n", CHUNK)),
    ("blank line after request line", 400, b"GET / HTTP/1.1\r\n X: 1\r\nHost: a\r\n\r\n"),
    ("NUL in value", 400, get(fields=HOST + b"X: a\0b\r\n")),
    ("control in value", 400, get(fields=HOST + b"X: a\x01b\r\n")),
    ("DEL in value", 400, get(fields=HOST + b"X: a\x7fb\r\n")),
    ("CR in value", 400, get(fields=HOST + b"X: a\rb\r\n")),
    ("LF ends request line", 400, b"GET / HTTP/1.1\nHost: a\r\n\r\n"),
    ("LF ends field", 400, b"GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n"),
    ("LF ends all", 400, b"GET / HTTP/1.1\nHost: a\n\n"),
    ("LF ends the head", 400, b"GET / HTTP/1.1\r\nHost: a\r\n\n"),
    ("Host missing", 400, b"GET / HTTP/1.1\r\n\r\n"),
    ("Host twice", 400, get(fields=HOST + HOST)),
    ("Host empty", 400, get(fields=b"Host:\r\n")),
    ("Host with slash", 400, get(fields=b"Host: a/b\r\n")),
    ("Host with blank", 400, get(fields=b"Host: a b\r\n")),
    ("Host with at", 400, get(fields=b"Host: u@a\r\n")),
    ("CONNECT", 501, get(b"a:80", method=b"CONNECT")),
    ("TRACE", 501, get(method=b"TRACE")),
    ("unknown method", 501, get(method=b"BREW")),
    ("lower-case method", 501, get(method=b"get")),
    ("method no token", 400, get(method=b"GE(T")),
    ("two blanks", 400, b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("blank in target", 400, get(b"/a b")),
    ("NUL in target", 400, get(b"/a\0b")),
    ("HTTP/0.9", 400, b"GET /\r\n\r\n"),
    ("lower-case version", 400, get(version=b"http/1.1")),
    ("HTTP/2.0", 505, get(version=b"HTTP/2.0")),
    ("HTTP/2 preface", 505, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ("Expect else", 417, post(b"Expect: the-unexpected\r\nContent-Length: 3\r\n", b"abc")),
    ("Expect twice", 417, post(b"Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 3\r\n")),
    ("GET with body", 400, get(fields=HOST + b"Content-Length: 3\r\n") + b"abc"),
    ("HEAD with body", 400, get(fields=HOST + b"Content-Length: 3\r\n", method=b"HEAD") + b"abc"),
    ("DELETE with body", 400, get(fields=HOST + b"Content-Length: 3\r\n", method=b"DELETE") + b"abc"),
    ("GET chunked", 400, get(fields=HOST + b"Transfer-Encoding: chunked\r\n") + CHUNK),
]

ACCEPTED = [
    ("plain", get()),
    ("HTTP/1.0 without Host", b"GET / HTTP/1.0\r\n\r\n"),
    ("HTTP/1.2", get(version=b"HTTP/1.2")),
    ("HTTP/1.9", get(version=b"HTTP/1.9")),
    ("obs-text in value", get(fields=HOST + b"X: caf\xe9\r\n")),
    ("tab in value", get(fields=HOST + b"X: a\tb\r\n")),
    ("no blank after colon", get(fields=b"Host:a\r\n")),
    ("many blanks after colon", get(fields=HOST + b"X:  \t  1\r\n")),
    ("empty value", get(fields=HOST + b"X:\r\n")),
    ("trailing blanks", get(fields=HOST + b"X: 1  \r\n")),
    ("empty line before", b"\r\n" + get()),
    ("Host with port", get(fields=b"Host: a:80\r\n")),
    ("Host IPv6", get(fields=b"Host: [::1]:80\r\n")),
    ("absolute form", get(b"http://b/x")),
    ("length 0", get(fields=HOST + b"Content-Length: 0\r\n")),
    ("length with zeros", post(b"Content-Length: 0003\r\n", b"abc")),
    ("body", post(b"Content-Length: 3\r\n", b"abc")),
    ("OPTIONS *", get(b"*", method=b"OPTIONS")),
    ("expect", post(b"Expect: 100-continue\r\nContent-Length: 3\r\n", b"abc")),
    ("six thousand arguments", get(b"/?" + b"&a" * 3000)),
]

CHUNKED = [
    ("plain", b"3\r\nabc\r\n0\r\n\r\n"),
    ("extension", b"3;x=y\r\nabc\r\n0\r\n\r\n"),
    ("bare LF", b"3\nabc\n0\n\n"),
    ("zeros", b"0" * 300 + b"3\r\nabc\r\n0\r\n\r\n"),
    ("trailer", b"3\r\nabc\r\n0\r\nX: 1\r\n\r\n"),
    ("upper-case hex", b"A\r\n0123456789\r\n0\r\n\r\n"),
]


def names(rows):
    return [row[0] for row in rows]


@pytest.mark.parametrize("name,status,data", REFUSED, ids=names(REFUSED))
def test_refused(server, name, status, data):
    with server.connect() as s:
        s.sendall(data + CANARY)
        answer = read_all(s)
    wanted = status if isinstance(status, tuple) else (status,)
    reply, rest = parse_one(answer)
    assert reply.status in wanted, reply
    assert reply.fields["connection"].lower() == "close"
    assert b"canary" not in answer
    assert rest == b"" or b"<html>" in answer, "only the library's own pages come twice"


@pytest.mark.parametrize("name,data", ACCEPTED, ids=names(ACCEPTED))
def test_accepted(server, name, data):
    with server.connect() as s:
        s.sendall(data)
        answer = b""
        while b"id=" not in answer:
            answer += s.recv(65536)
    statuses = [r.status for r in parse_all(answer)]
    assert statuses in ([200], [100, 200]), answer


@pytest.mark.parametrize("name,body", CHUNKED, ids=names(CHUNKED))
def test_chunked_closes(server, name, body):
    """How chunks were written cannot be seen, so nothing that follows them is believed."""
    replies = exchange(server, post(b"Transfer-Encoding: chunked\r\n", body) + CANARY, finish=False)
    assert [r.status for r in replies] == [200]
    assert replies[0].fields["connection"] == "close"


def test_bad_chunk(server):
    replies = exchange(server, post(b"Transfer-Encoding: chunked\r\n", b"zz\r\nabc\r\n") + CANARY)
    assert all(r.status == 400 for r in replies)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_dribbled(server, size):
    """Where the pieces are cut changes nothing."""
    data = get(b"/a?b=c", HOST + b"If-None-Match: \"x\"\r\nIf-None-Match: \"y\"\r\nX: \t1 \r\n")
    with server.connect() as s:
        for at in range(0, len(data), size):
            s.sendall(data[at:at + size])
        reply = read_reply(s)
    assert b"target=/a?b=c\n" in reply.body and b'if_none_match="x", "y"\n' in reply.body


def test_target_is_raw(server):
    for target in (b"/a%2Fb%00c?d=%26&e", b"/?a?b?c", b"/a+b%zz", b"//x/../y"):
        with server.connect() as s:
            s.sendall(get(target))
            assert b"target=" + target + b"\n" in read_reply(s).body


def test_pipelined(server):
    data = b"".join(get(b"/%d" % i) for i in range(50))
    with server.connect() as s:
        s.sendall(data + get(b"/last", HOST + b"Connection: close\r\n"))
        replies = parse_all(read_all(s))
    assert len(replies) == 51
    for i, reply in enumerate(replies[:50]):
        assert b"target=/%d\n" % i in reply.body


def test_half_close(server):
    """A client that only says that it will send no more still gets its answer."""
    assert [r.status for r in exchange(server, get(), finish=True)] == [200]


def test_no_body_bytes(server):
    for target, method, status in ((b"/big/5000", b"HEAD", 200), (b"/status/304", b"GET", 304),
                                   (b"/status/204", b"GET", 204)):
        with server.connect() as s:
            s.sendall(get(target, method=method) + get(b"/after"))
            reply = read_reply_then(s, status, method == b"HEAD")
        assert b"target=/after" in reply.body


def test_every_304_has_its_own_fields(server):
    """Most of a 304 is kept from one to the next: of other targets, of other connections, of a closing one."""
    connections = [server.connect() for _ in range(8)]
    for round_number in range(20):
        for number, s in enumerate(connections):
            target = b"/status/304?" + b"x" * (1 + (number * 7 + round_number) % 40)
            s.sendall(get(target) + get(target + b"y"))
        for number, s in enumerate(connections):
            wanted = 1 + (number * 7 + round_number) % 40
            first, second = read_two_heads(s)
            assert (first.status, second.status) == (304, 304)
            assert (first.fields["x-query"], second.fields["x-query"]) == ("x" * wanted, "x" * wanted + "y")
            assert "connection" not in second.fields
    for s in connections:
        s.close()
    with server.connect() as s:
        s.sendall(get(b"/status/304?" + b"z" * 300))
        assert parse_one(s.recv(65536))[0].fields["x-query"] == "z" * 300
        s.sendall(get(b"/status/304?a", fields=b"Host: a\r\nConnection: close\r\n"))
        last, _ = parse_one(read_all(s))
        assert (last.fields["x-query"], last.fields["connection"].lower()) == ("a", "close")


def read_two_heads(s):
    data = b""
    while data.count(b"\r\n\r\n") < 2:
        data += s.recv(65536)
    first, rest = parse_one(data)
    second, rest = parse_one(rest)
    assert rest == b""
    return first, second


def read_reply_then(s, status, is_head):
    data = b""
    while data.count(b"\r\n\r\n") < 2 or not data.endswith(b"\n"):
        data += s.recv(65536)
    first, rest = parse_one(data, is_head)
    assert first.status == status
    if is_head:
        assert first.fields["content-length"] == "5000"
    second, rest = parse_one(rest)
    assert rest == b""
    return second


def test_no_continue_before_refusal(server):
    replies = exchange(server, post(b"Expect: 100-continue\r\nContent-Length: 2000000\r\n"), finish=False)
    assert [r.status for r in replies] == [413]


def test_continue(server):
    with server.connect() as s:
        s.sendall(post(b"Expect: 100-continue\r\nContent-Length: 3\r\n"))
        assert read_reply(s).status == 100
        s.sendall(b"abc")
        assert read_reply(s).status == 200


@pytest.mark.parametrize("size", [2_000, 100_000, 1_100_000, 5_000_000])
def test_early_refusal_is_heard(server, size):
    """The client is still sending when it is refused."""
    with server.connect() as s:
        try:
            s.sendall(post(b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n" % size))
            s.sendall(b"x" * size)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert parse_all(read_all(s))[0].status == 400


def test_field_that_cannot_leave(server):
    replies = exchange(server, get(b"/split"), finish=False)
    assert [r.status for r in replies] == [503]
    assert "x-evil" not in replies[0].fields


def test_both_families(shared):
    assert is_alive(shared, 0) and is_alive(shared, 1)


def test_garbage(server):
    for data in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), b"\0" * 100,
                 b"\r\n" * 5000 + b"\r\n", b"GET", b"\xff" * 40000):
        replies = exchange(server, data)
        assert all(400 <= r.status < 600 and r.status != 500 for r in replies)


def test_layout_check_is_on(shared):
    """The start-up test of the library's memory layout passed; a newer library needs none."""
    assert "head_layout_unknown" not in shared.log_text()


def test_access_log(start):
    server = start()
    exchange(server, get(b"/a?b", HOST + b"Authorization: Bearer secret\r\n") + GOOD, finish=False)
    assert server.stop() == 0
    text = server.log_text()
    assert "target=\"/a?b\"" in text or "target=/a?b" in text
    assert "status=200" in text and "request_id=" in text and "address=127.0.0.1" in text
    assert "secret" not in text
