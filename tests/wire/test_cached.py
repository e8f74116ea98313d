"""Finished answers: one response for many requests, each with its own id; readers that are slower than the cache."""

import socket
import string
import time

import pytest

from wire import exchange, is_alive, parse_one, read_all, read_reply

TAG = b'If-None-Match: "kept"\r\n'
SIZE = 100_000  # nearly the largest answer that is kept
REPLIES = 80  # so many of that size are more than a connection's buffers hold


def get(target, method=b"GET", fields=b""):
    return method + b" " + target + b" HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n"


def letters(size, state):
    first = (size + state) % 26
    return b"%d/%d" % (size, state) + (string.ascii_lowercase.encode() * (size // 26 + 2))[first:first + size]


@pytest.fixture
def one(start):
    """A worker alone, and so one cache: 1 MiB."""
    server = start("--workers", "1", "--cache-size", "1")
    yield server
    assert is_alive(server)


def ask(s, target, **more):
    s.sendall(get(target, **more))
    return read_reply(s, is_head=more.get("method") == b"HEAD")


def forget(server):
    """The store is another one from now on; which."""
    reply, = exchange(server, get(b"/kept_until_now", fields=b"Connection: close\r\n"), finish=False)
    return int(reply.body)


def test_made_once_with_an_id_for_each(one):
    with one.connect() as s:
        replies = [ask(s, b"/kept/1000") for _ in range(50)]
        unchanged = [ask(s, b"/kept/1000", fields=TAG) for _ in range(3)]
        heads = [ask(s, b"/kept/1000", method=b"HEAD") for _ in range(3)]
    assert {r.fields["x-made"] for r in replies + heads} == {"1"}
    assert {r.body for r in replies} == {letters(1000, 1)}
    assert len({r.fields["x-request-id"] for r in replies + heads}) == len(replies + heads)
    assert {(r.status, r.body, r.fields["x-made"], "x-request-id" in r.fields) for r in unchanged} == {(304, b"", "2", False)}
    assert {r.fields["content-length"] for r in heads} == {replies[0].fields["content-length"]}


def test_ids_of_connections_that_take_turns(one):
    """What is changed for one reply is not changed under another."""
    connections = [one.connect() for _ in range(20)]
    ids = set()
    for _ in range(20):
        for s in connections:
            s.sendall(get(b"/kept/5000") + get(b"/kept/5000"))
        for s in connections:
            data = b""
            while data.count(b"5000/1") < 2 or not data.endswith(letters(5000, 1)[-100:]):
                data += s.recv(65536)
            first, rest = parse_one(data)
            second, rest = parse_one(rest)
            assert rest == b"" and first.body == second.body == letters(5000, 1)
            ids |= {first.fields["x-request-id"], second.fields["x-request-id"]}
    assert len(ids) == 800
    for s in connections:
        s.close()


def test_another_state_is_another_answer(one):
    with one.connect() as s:
        for _ in range(5):
            state = forget(one)
            for _ in range(3):
                assert ask(s, b"/kept/100").body == letters(100, state)


def test_closing_connections_say_so(one):
    for _ in range(3):
        for target, fields in ((b"/kept/100", b""), (b"/kept/100", TAG)):
            reply, = exchange(one, get(target, fields=fields + b"Connection: close\r\n"), finish=False)
            assert reply.fields["connection"].lower() == "close" and reply.status == (304 if fields else 200)
        with one.connect() as s:
            s.sendall(b"GET /kept/100 HTTP/1.0\r\nHost: a\r\n\r\n")
            reply, rest = parse_one(read_all(s))
            assert (reply.body, rest) == (letters(100, 1), b"")


def slow_reader(server, target, count=1):
    s = server.connect(receive_buffer=2304)
    s.sendall(get(target) * count)
    return s


def finished(server, target):
    return server.log_text().count(f"target={target.decode()} ")


def read_slowly(s, count):
    """The (id, body) of the replies that come."""
    replies, data = [], b""
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_000_000)  # in no hurry any more
    while len(replies) < count:
        data += s.recv(65536)
        while b"\r\n\r\n" in data:
            reply, rest = parse_one(data)
            if len(reply.body) < int(reply.fields["content-length"]):
                break
            replies.append((reply.fields["x-request-id"], reply.body))
            data = rest
    return replies


@pytest.mark.parametrize("how", ["evicted", "out_of_date", "both", "used"])
def test_a_slow_reader_gets_the_whole_answer(one, how):
    """The bytes live until the last one who reads them has gone, whatever became of the entry."""
    target = b"/kept/%d?%s" % (SIZE, how.encode())
    readers = [slow_reader(one, target, REPLIES) for _ in range(4)]
    until_nothing_moves(one, target)
    assert finished(one, target) < 4 * REPLIES - 4, "each of them must be in the middle of an answer"
    state = 1
    with one.connect() as s:
        made = ask(s, target).fields["x-made"]
        if how in ("out_of_date", "both"):
            state = forget(one)
            assert ask(s, target).body == letters(SIZE, state)
        if how in ("evicted", "both"):
            for number in range(40):
                ask(s, b"/kept/%d?%d" % (SIZE, number))
        assert (ask(s, target).fields["x-made"] == made) == (how == "used")
    ids = set()
    for s in readers:
        replies = read_slowly(s, REPLIES)
        ids |= {request_id for request_id, _ in replies}
        old = [body == letters(SIZE, 1) for _, body in replies]
        assert all(is_old or body == letters(SIZE, state) for is_old, (_, body) in zip(old, replies))
        assert old == sorted(old, reverse=True), "what is out of date never comes back"
        assert old[0] and old[-1] == (state == 1)
        s.close()
    assert len(ids) == 4 * REPLIES


def until_nothing_moves(server, target):
    seen = -1
    while finished(server, target) != seen:
        seen = finished(server, target)
        time.sleep(0.3)


def test_a_reader_who_goes_away(one):
    target = b"/kept/%d?away" % SIZE
    readers = [slow_reader(one, target, REPLIES) for _ in range(6)]
    until_nothing_moves(one, target)
    forget(one)
    for s in readers[::2]:
        s.close()
    for s in readers[1::2]:
        assert read_slowly(s, 1)[0][1] == letters(SIZE, 1)
        s.close()


def test_stop_while_it_is_read(start):
    """The server ends with answers under way that its cache has given up."""
    server = start("--workers", "1", "--cache-size", "1", "--drain-timeout", "0")
    target = b"/kept/%d?stop" % SIZE
    readers = [slow_reader(server, target, REPLIES) for _ in range(4)]
    until_nothing_moves(server, target)
    forget(server)
    assert server.stop() == 0, server.log_text()
    for s in readers:
        s.close()


def test_none_are_kept(start):
    server = start("--workers", "1", "--cache-size", "0")
    with server.connect() as s:
        assert [ask(s, b"/kept/100").fields["x-made"] for _ in range(3)] == ["1", "2", "3"]


@pytest.mark.parametrize("flags", [("--read-access", "token"), ("--rate-limit-address", "1000")])
def test_none_are_kept_where_each_is_looked_at(start, flags):
    server = start("--workers", "1", *flags)
    with server.connect() as s:
        assert [ask(s, b"/kept/100").fields["x-made"] for _ in range(3)] == ["1", "2", "3"]


def test_counts_are_in_the_log(start):
    server = start("--workers", "1", "--log-level", "debug")
    with server.connect() as s:
        for _ in range(5):
            ask(s, b"/kept/100")
        s.shutdown(socket.SHUT_RDWR)
    assert server.stop() == 0
    assert "event=cache worker=0 hits=4 misses=1 evictions=0 entries=1 bytes=" in server.log_text()
