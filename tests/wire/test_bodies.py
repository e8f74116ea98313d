"""Bodies of requests: collected whole, streamed to the route in pieces, or dropped."""

import os
import re
import socket
import struct
import threading
import time

import pytest

from wire import exchange, is_alive, parse_all, parse_one, read_all, read_reply

BODY_BYTES = 1024 * 1024
OVERRUN_BYTES = 1024 * 1024
FORM_BYTES = 64 * 1024
CANARY = b"GET /canary HTTP/1.1\r\nHost: a\r\n\r\n"
FIELDS = ["content-type", "content-encoding", "if-match", "idempotency-key", "prefer", "authorization", "range",
          "if-range", "last-event-id", "x-forwarded-for"]


def put(target, body=b"", fields=b"", method=b"PUT"):
    return (method + b" " + target + b" HTTP/1.1\r\nHost: a\r\n" + fields +
            b"Content-Length: %d\r\n\r\n" % len(body) + body)


def chunks(body, size=0x8000):
    pieces = [body[at:at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n" % len(piece) + piece + b"\r\n" for piece in pieces) + b"0\r\n\r\n"


def put_chunked(target, body, size=0x8000):
    return b"PUT " + target + b" HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(body, size)


def counted(reply):
    return {name: int(value) for name, value in re.findall(r"(bytes|sum|even|at|pieces)=(\d+)", reply.body.decode())}


@pytest.mark.parametrize("method", [b"PUT", b"POST", b"PATCH"])
@pytest.mark.parametrize("size", [1, 2, 1000, 28 * 1024, BODY_BYTES - 1, BODY_BYTES])
def test_whole(server, size, method):
    """At its end the connection goes on."""
    with server.connect() as s:
        for _ in range(2):
            s.sendall(put(b"/whole", b"w" * size, method=method))
            reply = read_reply(s)
            assert reply.status == 200 and "connection" not in reply.fields
            assert counted(reply) == {"bytes": size, "even": 1, "at": 1}


@pytest.mark.parametrize("size", [1, 1000, BODY_BYTES - 1, BODY_BYTES])
@pytest.mark.parametrize("chunk", [0x8000, 1001])
def test_whole_chunked(server, size, chunk):
    replies = exchange(server, put_chunked(b"/whole", b"w" * size, chunk) + CANARY, finish=False)
    assert [r.status for r in replies] == [200] and replies[0].fields["connection"] == "close"
    assert counted(replies[0]) == {"bytes": size, "even": 1, "at": 1}


def test_whole_above_the_limit(server):
    announced = b"PUT /whole HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (BODY_BYTES + 1)
    for data in (announced, put_chunked(b"/whole", b"w" * (BODY_BYTES + 1))):
        replies = exchange(server, data, finish=False)
        assert [r.status for r in replies] == [413] and b"1048576" in replies[0].body
        assert replies[0].fields["connection"] == "close"


@pytest.mark.parametrize("data", [put(b"/whole"), b"PUT /whole HTTP/1.1\r\nHost: a\r\n\r\n",
                                  put_chunked(b"/whole", b"")])
def test_no_body(server, data):
    with server.connect() as s:
        s.sendall(data)
        assert counted(read_reply(s)) == {"bytes": 0, "even": 1, "at": 0}


def test_bytes_are_kept(server):
    body = bytes(range(256)) * 20
    with server.connect() as s:
        s.sendall(put(b"/echo", body))
        assert b"\nbody=" + body + b"\n" in read_reply(s).body


def test_pipelined(server):
    with server.connect() as s:
        s.sendall(b"".join(put(b"/echo?%d" % i, b"<%d>" % i * (i + 1)) for i in range(60)) + CANARY.replace(
            b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        replies = parse_all(read_all(s))
    assert len(replies) == 61 and b"body=-\n" in replies[60].body
    for i, reply in enumerate(replies[:60]):
        assert b"target=/echo?%d\n" % i in reply.body and b"body=" + b"<%d>" % i * (i + 1) + b"\n" in reply.body


@pytest.mark.parametrize("size", [1, 3, 17])
def test_dribbled(server, size):
    data = put(b"/whole", b"w" * 60, b"If-Match: \"x\"\r\nContent-Type: a/b\r\n")
    with server.connect() as s:
        for at in range(0, len(data), size):
            s.sendall(data[at:at + size])
        reply = read_reply(s)
    assert counted(reply)["bytes"] == 60 and b'if_match="x"\n' in reply.body


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("data", [put(b"/whole", b"w" * BODY_BYTES), b"GET /whole HTTP/1.1\r\nHost: a\r\n\r\n"])
def test_fields_are_passed_on(server, name, data):
    """Each, joined when it is repeated, and still there when a long body has come."""
    field = name.encode()
    line = name.replace("-", "_")
    head, _, body = data.partition(b"\r\n\r\n")
    for fields, value in ((b"", b"-"), (field + b": one\r\n", b"one"), (field + b":\r\n", b""),
                          (field.upper() + b": one\r\nX: y\r\n" + field + b": two\r\n", b"one, two")):
        with server.connect() as s:
            s.sendall(head + b"\r\n" + fields + b"\r\n" + body)
            reply = read_reply(s)
        assert reply.status == 200
        assert f"\n{line}=".encode() + value + b"\n" in reply.body
        for other in FIELDS:
            if other != name:
                assert f"\n{other.replace('-', '_')}=-\n".encode() in reply.body


def test_address(server):
    for which, address in ((0, b"127.0.0.1"), (1, b"::1")):
        with server.connect(which) as s:
            s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert b"\naddress=" + address + b"\n" in read_reply(s).body


# --- queries in bodies -----------------------------------------------------------------------------------

@pytest.mark.parametrize("size", [0, 1, 1000, FORM_BYTES - 1, FORM_BYTES])
def test_query(server, size):
    """Small enough it is taken, and the connection goes on, also to GET, which has no body."""
    with server.connect() as s:
        for _ in range(2):
            s.sendall(put(b"/whole", b"w" * size, method=b"QUERY"))
            reply = read_reply(s)
            assert reply.status == 200 and "connection" not in reply.fields
            assert counted(reply) == {"bytes": size, "even": 1, "at": int(size > 0)}
            assert b"QUERY" in reply.body
            s.sendall(CANARY)
            assert read_reply(s).status == 200


def test_query_in_drips_and_chunks(server):
    with server.connect() as s:
        for byte in put(b"/whole", b"www", b"Expect: 100-continue\r\n", b"QUERY")[:-3]:
            s.sendall(bytes([byte]))
        assert read_reply(s).status == 100
        for _ in range(3):
            s.sendall(b"w")
        assert counted(read_reply(s)) == {"bytes": 3, "even": 1, "at": 1}
    chunked = put_chunked(b"/whole", b"w" * FORM_BYTES, 1001).replace(b"PUT", b"QUERY", 1)
    replies = exchange(server, chunked + CANARY, finish=False)
    assert [r.status for r in replies] == [200] and replies[0].fields["connection"] == "close"
    assert counted(replies[0]) == {"bytes": FORM_BYTES, "even": 1, "at": 1}


def test_query_above_the_limit(server):
    body = b"w" * (FORM_BYTES + 1)
    announced = b"QUERY /whole HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body)
    for data in (announced, announced + body, put_chunked(b"/whole", body).replace(b"PUT", b"QUERY", 1)):
        replies = exchange(server, data, finish=False)
        assert [r.status for r in replies] == [413] and b"65536" in replies[0].body
        assert replies[0].fields["connection"] == "close"
    assert is_alive(server)


# --- refused before the body ---------------------------------------------------------------------------

@pytest.mark.parametrize("expect", [b"", b"Expect: 100-continue\r\n"])
@pytest.mark.parametrize("target,size,status", [(b"/forbidden", 5, 403), (b"/forbidden", BODY_BYTES + 1, 403),
                                                (b"/whole", BODY_BYTES + 1, 413), (b"/", BODY_BYTES + 1, 413),
                                                (b"/stream/0", 10**15, 413)])
def test_refused_at_once(server, target, size, status, expect):
    """No 100, no waiting for bytes that nobody will read."""
    began = time.monotonic()
    head = b"PUT " + target + b" HTTP/1.1\r\nHost: a\r\n" + expect + b"Content-Length: %d\r\n\r\n" % size
    replies = exchange(server, head, finish=False)
    assert [r.status for r in replies] == [status] and replies[0].fields["connection"] == "close"
    assert time.monotonic() - began < 5


def test_refused_in_mid_body_is_heard(server):
    with server.connect() as s:
        try:
            s.sendall(put(b"/forbidden", b"x" * 3_000_000) + CANARY)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = read_all(s)
    assert parse_all(answer)[0].status == 403 and b"canary" not in answer


@pytest.mark.parametrize("target", [b"/whole", b"/stream/0", b"/"])
def test_continue(server, target):
    with server.connect() as s:
        head, _, body = put(target, b"www", b"Expect: 100-continue\r\n").partition(b"\r\n\r\n")
        s.sendall(head + b"\r\n\r\n")
        assert read_reply(s).status == 100
        s.sendall(body)
        assert read_reply(s).status == 200


@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"DELETE"])
@pytest.mark.parametrize("target", [b"/whole", b"/stream/0"])
def test_methods_without_body(server, method, target):
    answer = exchange(server, put(target, b"x", method=method), finish=False, is_head=method == b"HEAD")
    assert [r.status for r in answer] == [400]


# --- streamed ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("size", [1, 100, 100_000, BODY_BYTES, 3 * BODY_BYTES + 7])
def test_streamed(server, size):
    body = os.urandom(size)
    with server.connect() as s:
        for _ in range(2):
            s.sendall(put(b"/stream/0", body))
            reply = read_reply(s)
            assert reply.status == 200 and "connection" not in reply.fields
            assert counted(reply)["bytes"] == size and counted(reply)["sum"] == sum(body)
    replies = exchange(server, put_chunked(b"/stream/0", body), finish=False)
    assert [r.status for r in replies] == [200] and replies[0].fields["connection"] == "close"
    assert counted(replies[0])["bytes"] == size and counted(replies[0])["sum"] == sum(body)


@pytest.mark.parametrize("data", [put(b"/stream/0"), b"POST /stream/0 HTTP/1.1\r\nHost: a\r\n\r\n"])
def test_nothing_streamed(server, data):
    with server.connect() as s:
        s.sendall(data)
        assert counted(read_reply(s)) == {"bytes": 0, "sum": 0, "pieces": 0}


@pytest.mark.parametrize("make", [put, put_chunked])
@pytest.mark.parametrize("rest", [0, 1, 1000, OVERRUN_BYTES - 40_000])
def test_stream_with_a_problem(server, make, rest):
    """What follows it is read and dropped, the route says at the end how far it came, and nothing more is answered."""
    replies = exchange(server, make(b"/stream/100000", b"s" * (100_000 + rest)) + CANARY, finish=False)
    assert [r.status for r in replies] == [422] and replies[0].fields["connection"] == "close"
    assert 100_000 <= counted(replies[0])["bytes"] < 140_000


@pytest.mark.parametrize("make", [put, put_chunked])
def test_stream_that_goes_on_after_a_problem(server, make):
    """It is cut; the route's answer is sent first."""
    heard = 0
    for _ in range(5):
        with server.connect() as s:
            try:
                s.sendall(make(b"/stream/1000", b"s" * (40 * BODY_BYTES)))
                pytest.fail("all of it was read")
            except OSError:
                pass
            answer = read_all(s)
        if answer:
            reply, rest = parse_one(answer)
            assert reply.status == 422 and rest == b"" and counted(reply)["bytes"] >= 1000
            heard += 1
    assert heard > 0


def test_gigabyte_in_bounded_memory(start):
    server = start("--workers", "1")
    size, piece = 1024 * 1024 * 1024, b"g" * (256 * 1024)
    with server.connect() as s:
        s.settimeout(60)
        s.sendall(b"POST /stream/0 HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size)
        s.sendall(piece)
        before = peak_kb(server)
        for _ in range(size // len(piece) - 1):
            s.sendall(piece)
        reply = read_reply(s)
    assert reply.status == 200 and counted(reply)["bytes"] == size
    assert peak_kb(server) - before < 16 * 1024


def peak_kb(server):
    return int(re.search(r"VmHWM:\s*(\d+)", open(f"/proc/{server.process.pid}/status").read())[1])


# --- peers that go away ------------------------------------------------------------------------------------

def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


@pytest.mark.parametrize("target", [b"/whole", b"/stream/0", b"/stream/500"])
@pytest.mark.parametrize("sent", [1, 1000, 200_000])
@pytest.mark.parametrize("leave", [reset, socket.socket.close, lambda s: (s.shutdown(socket.SHUT_WR), read_all(s), s.close())])
def test_abort_in_mid_body(start, target, sent, leave):
    """What the route opened is freed: the server ends with 0."""
    server = start("--workers", "1")
    for _ in range(5):
        s = server.connect()
        s.sendall(b"PUT " + target + b" HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n" + b"x" * sent)
        leave(s)
    assert is_alive(server)


def test_stop_in_mid_body(start):
    server = start("--drain-timeout", "0")
    s = server.connect()
    s.sendall(b"PUT /stream/0 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 500\r\n\r\n")
    assert read_reply(s).status == 100
    s.sendall(b"x" * 100)
    assert is_alive(server)
    assert server.stop() == 0
    s.close()


# --- slow ones ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("target", [b"/whole", b"/stream/0"])
def test_body_that_drips(impatient, target):
    with impatient.connect() as s:
        s.sendall(b"PUT " + target + b" HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
        assert 0.8 < drip_until_cut(s, 6) < 5


def drip_until_cut(s, at_most_s, step_s=0.05):
    began = time.monotonic()
    while time.monotonic() - began < at_most_s:
        try:
            s.sendall(b"x")
            s.settimeout(step_s)
            if not s.recv(1000):
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - began


def test_stream_that_drips_after_a_rush(impatient):
    """What came fast at first is used up after a while."""
    with impatient.connect() as s:
        s.sendall(b"PUT /stream/0 HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n" + b"x" * 3_000_000)
        assert 5 < drip_until_cut(s, 20) < 15


def test_stream_that_rests_within_what_it_saved(impatient):
    with impatient.connect() as s:
        s.sendall(b"PUT /stream/0 HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 2_000_000)
        threading.Event().wait(3)
        s.sendall(b"x" * 1_000_000)
        assert read_reply(s).status == 200
