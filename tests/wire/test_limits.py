"""Each limit at one below, at it, and one above; and what happens when there are too many connections."""

import os
import resource
import socket
import time

import pytest

from wire import GOOD, PATIENCE_S, exchange, is_alive, parse_all, read_all, read_reply

TARGET_BYTES = 8 * 1024
HEAD_BYTES = 16 * 1024
FIELDS = 100
BODY_BYTES = 1024 * 1024


def head_of(size, count=3):
    """A whole head of `size` bytes with `count` fields."""
    start = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    names = [b"X%03d: " % i for i in range(count - 2)]
    room = size - len(start) - 2 - sum(len(n) + 2 for n in names)
    each = [room // len(names)] * len(names)
    each[0] += room - sum(each)
    data = start + b"".join(n + b"x" * e + b"\r\n" for n, e in zip(names, each)) + b"\r\n"
    assert len(data) == size
    return data


def statuses(server, data):
    return [r.status for r in exchange(server, data, finish=False)]


@pytest.mark.parametrize("more,status", [(-1, 200), (0, 200), (1, 414), (250, 414), (8000, 414)])
def test_target(server, more, status):
    size = TARGET_BYTES + more
    for target in (b"/" + b"x" * (size - 1), b"/?" + b"&" * (size - 2)):
        data = b"GET " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        assert statuses(server, data) == [status]


@pytest.mark.parametrize("count", [3, 50, 99])
@pytest.mark.parametrize("more,status", [(-1, 200), (0, 200), (1, 431), (250, 431), (1000, 431)])
def test_head(server, more, status, count):
    assert statuses(server, head_of(HEAD_BYTES + more, count)) == [status]


@pytest.mark.parametrize("count,status", [(99, 200), (100, 200), (101, 431), (150, 431)])
@pytest.mark.parametrize("size", [2500, 12000])
def test_fields(server, count, status, size):
    assert statuses(server, head_of(size, count)) == [status]


@pytest.mark.parametrize("size", range(16500, 80000, 3250))
def test_no_size_is_answered_with_silence(server, size):
    """Beyond our own limits the library answers; it may not just close."""
    answer = exchange(server, head_of(size), finish=False)
    assert answer and answer[0].status in (431, 414)


@pytest.mark.parametrize("size,is_sent", [(2047, True), (2048, True), (2049, False), (40000, False)])
def test_reply_field(server, size, is_sent):
    """The largest head and the largest field of a reply have room beside each other."""
    data = head_of(HEAD_BYTES - len(b"field/%d" % size), FIELDS - 1)
    replies = exchange(server, data.replace(b"GET / ", b"GET /field/%d " % size, 1), finish=False)
    assert [r.status for r in replies] == [200]
    assert ("x-long" in replies[0].fields) == is_sent


@pytest.mark.parametrize("more,status", [(-1, 200), (0, 200), (1, 413)])
def test_body(server, more, status):
    size = BODY_BYTES + more
    data = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % size
    assert statuses(server, data + (b"x" * size if status == 200 else b"")) == [status]


@pytest.mark.parametrize("more,status", [(-1, 200), (0, 200), (1, 413), (BODY_BYTES // 2, 413)])
def test_chunked_body(server, more, status):
    size = BODY_BYTES + more
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    rest = size % 0x10000
    body = piece * (size // 0x10000) + (b"%x\r\n" % rest + b"x" * rest + b"\r\n" if rest else b"")
    data = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert statuses(server, data + body + b"0\r\n\r\n") == [status]


def test_endless_chunked_body(server):
    """Its sender is told and cut, however much more there is."""
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    sent = 0
    with server.connect() as s:
        s.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        with pytest.raises(OSError):
            while sent < 64 * BODY_BYTES:
                s.sendall(piece)
                sent += len(piece)
        assert parse_all(read_all(s))[0].status == 413 or sent < 16 * BODY_BYTES


def fill(server, count, which=0):
    """Connections that the server knows of: each has had an answer."""
    held = []
    for _ in range(count):
        s = server.connect(which)
        s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert read_reply(s).status == 200
        held.append(s)
    return held


def fills_last(server, held):
    """Whether one more came in; the place of a connection that just ended may not be free yet."""
    s = server.connect()
    s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    if read_reply(s).status == 200:
        held.append(s)
        return True
    s.close()
    return False


def refused(server, which=0):
    replies = exchange(server, b"", which, finish=False)
    return len(replies) == 1 and replies[0].status == 503 and replies[0].fields["retry-after"] == "1" \
        and b"too_many_connections" in replies[0].body


def wait_until(condition):
    ends = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < ends
    return True


def accepts(server, which=0):
    try:
        return is_alive(server, which)
    except (AssertionError, OSError):
        return False


@pytest.mark.parametrize("workers", ["1", "2"])
def test_connections(start, workers):
    server = start("--max-connections", "20", "--workers", workers)
    held = fill(server, 19)
    assert is_alive(server)
    wait_until(lambda: fills_last(server, held))
    for _ in range(30):
        assert refused(server)
    for s in held:  # who is in is not disturbed
        s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert read_reply(s).status == 200
    began = time.monotonic()
    held.pop().close()
    wait_until(lambda: accepts(server))
    assert time.monotonic() - began < 1
    for s in held:
        s.close()


def test_connections_per_address(start):
    server = start("--max-connections-per-address", "5", "--workers", "2",
                   listens=("127.0.0.1:0", "[::1]:0"))
    held = fill(server, 5)
    assert refused(server)
    with socket.socket() as other:  # another address of this machine is another peer
        other.bind(("127.0.0.2", 0))
        other.settimeout(PATIENCE_S)
        other.connect(server.addresses[0])
        other.sendall(GOOD)
        assert parse_all(read_all(other))[0].status == 200
    held += fill(server, 5, which=1)
    assert refused(server, which=1)
    held.pop(0).close()
    wait_until(lambda: accepts(server))
    for s in held:
        s.close()


def test_many_addresses_come_and_go(start):
    """The table of addresses neither fills nor forgets."""
    server = start("--max-connections-per-address", "1", "--max-connections", "100")
    for round_ in range(4):
        held = []
        for i in range(80):
            s = socket.socket()
            s.settimeout(PATIENCE_S)
            s.bind((f"127.0.{round_}.{i + 1}", 0))
            s.connect(server.addresses[0])
            s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert read_reply(s).status == 200
            held.append(s)
        for s in held[::2] + held[1::2]:
            s.close()
    wait_until(lambda: accepts(server))


def test_descriptors_run_out(start):
    """The server neither spins nor floods its log, and recovers by itself."""
    server = start("--workers", "1")
    pid = server.process.pid
    used = len(os.listdir(f"/proc/{pid}/fd"))
    limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    held = fill(server, 3)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + 3, limits[1]))
    waiting = [server.connect() for _ in range(5)]
    for s in waiting:
        s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    before, began = server.cpu_s(), time.monotonic()
    waiting[0].settimeout(2.5)
    with pytest.raises(TimeoutError):
        waiting[0].recv(1)
    assert (server.cpu_s() - before) / (time.monotonic() - began) < 0.05
    assert 1 <= server.log_text().count("accept_paused") <= 4
    held[0].sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert read_reply(held[0]).status == 200
    resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
    for s in waiting:
        s.settimeout(PATIENCE_S)
        assert read_reply(s).status == 200
    for s in held + waiting:
        s.close()


def test_library_cannot_flood_the_log(start):
    server = start()
    for _ in range(300):
        exchange(server, b"GET /\r\n\r\n", finish=False)
    assert server.stop() == 0
    assert server.log_text().count("event=library") <= 20
