"""Long replies that nobody reads: how much of them is held, and what the others get meanwhile."""

import pathlib
import socket
import time

import pytest

from wire import PROGRAM, exchange, read_reply

LONG = 900_000
SMALL = 60_000
IS_PLAIN = "release" in PROGRAM or "clang" in PROGRAM  # a sanitizer holds on to what is freed


def slow_reader(server, size, method=b"GET", page=b"/big/%d"):
    """Its small segments and window keep the kernel from taking the reply."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    s.settimeout(10)
    s.connect(server.addresses[0])
    s.sendall(method + b" " + page % size + b" HTTP/1.1\r\nHost: a\r\n\r\n")
    return s


def status_of(s):
    data = b""
    while len(data) < 12:
        data += s.recv(12 - len(data))
    return int(data[9:12])


def get(server, size):
    return exchange(server, b"GET /big/%d HTTP/1.0\r\n\r\n" % size, finish=False)[0]


def memory(server, what="VmHWM"):
    text = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(text.partition(what + ":")[2].split()[0]) * 1024


@pytest.fixture
def full(start):
    """Two long replies wait, which is what the budget holds."""
    server = start("--workers", "2", "--reply-memory", "2")
    held = [slow_reader(server, LONG) for _ in range(2)]
    assert [status_of(s) for s in held] == [200, 200]
    yield server, held
    for s in held:
        s.close()


def test_one_too_many(full):
    server, _ = full
    with server.connect() as s:
        s.sendall(b"GET /big/%d HTTP/1.1\r\nHost: a\r\n\r\n" % LONG)
        reply = read_reply(s)
        assert reply.status == 503 and b"too_many_pending_replies" in reply.body
        s.sendall(b"GET /big/%d HTTP/1.1\r\nHost: a\r\n\r\n" % SMALL)  # the connection goes on
        assert len(read_reply(s).body) == SMALL


def test_crowd(full):
    server, held = full
    before = memory(server)
    for _ in range(40):
        held.append(slow_reader(server, LONG))
        assert status_of(held[-1]) == 503
    for _ in range(10):
        assert len(get(server, SMALL).body) == SMALL
    assert memory(server) - before < 12_000_000 or not IS_PLAIN
    for s in held:
        s.close()
    ends = time.monotonic() + 5
    while get(server, LONG).status != 200:
        assert time.monotonic() < ends
    assert [len(get(server, LONG).body) for _ in range(5)] == [LONG] * 5


def test_change_is_told_in_any_case(full):
    server, held = full
    held.append(slow_reader(server, LONG, b"POST"))
    assert status_of(held[-1]) == 200
    assert get(server, LONG).status == 503


def test_reply_longer_than_the_budget(start):
    """Alone it passes: otherwise it could never be had."""
    server = start("--workers", "1", "--reply-memory", "1")
    assert [len(get(server, 5_000_000).body) for _ in range(3)] == [5_000_000] * 3


def test_no_limit(start):
    server = start("--workers", "1", "--reply-memory", "0")
    held = [slow_reader(server, LONG) for _ in range(10)]
    assert [status_of(s) for s in held] == [200] * 10
    for s in held:
        s.close()


def test_kept_answers_count_too(start):
    """What the cache has forgotten is still held by those who read it."""
    kept = 200_000
    server = start("--workers", "1", "--reply-memory", "1", "--cache-size", "2")
    held = []
    try:
        for i in range(12):
            page = b"/kept/%d?" + b"%d" % i
            warm = exchange(server, b"GET " + page % kept + b" HTTP/1.0\r\n\r\n", finish=False)[0]
            assert warm.status == (200 if i < 5 else 503)
            held.append(slow_reader(server, kept, page=page))
            assert status_of(held[-1]) == (200 if i < 5 else 503)
    finally:
        for s in held:
            s.close()
    ends = time.monotonic() + 5
    while exchange(server, b"GET /kept/%d?0 HTTP/1.0\r\n\r\n" % kept, finish=False)[0].status != 200:
        assert time.monotonic() < ends


def test_what_made_a_kept_answer_does_not_wait_for_its_reader(start):
    server = start("--workers", "1", "--cache-size", "2")
    held = []
    before = memory(server, "VmRSS")
    try:
        for i in range(10):
            held.append(slow_reader(server, 200_000, page=b"/kept/%d?" + b"%d" % i))  # 3.2 MB while it is made
            assert status_of(held[-1]) == 200
        assert memory(server, "VmRSS") - before < 12_000_000 or not IS_PLAIN
    finally:
        for s in held:
            s.close()
