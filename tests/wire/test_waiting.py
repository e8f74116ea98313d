"""Requests whose route is not ready to answer: they wait, and cost neither others nor the processor anything."""

import signal
import struct
import socket
import time

import pytest

from wire import is_alive, read_reply


def put(target, body=b"x", version=b"1.1"):
    return b"PUT " + target + b" HTTP/" + version + b"\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def get(target=b"/"):
    return b"GET " + target + b" HTTP/1.1\r\nHost: a\r\n\r\n"


def test_answer_comes_when_it_is_ready(server):
    """And the connection goes on, with what was sent behind the request."""
    with server.connect() as s:
        began = time.monotonic()
        s.sendall(put(b"/later/300", b"abc") + put(b"/later/0", b"ab") + get(b"/after"))
        data = b""
        for sent in (b"bytes=3", b"bytes=2", b"target=/after"):
            while sent not in data:
                piece = s.recv(65536)
                assert piece
                data += piece
            assert time.monotonic() - began >= 0.29, "the server's clock is a whole millisecond's"
        assert data.index(b"bytes=3") < data.index(b"bytes=2") < data.index(b"target=/after")


def test_others_are_served_beside_it(start):
    server = start("--workers", "1")
    with server.connect() as waiting, server.connect() as other:
        waiting.sendall(put(b"/later/1000"))
        times, began = [], time.monotonic()
        while time.monotonic() - began < 0.8:
            asked = time.monotonic()
            other.sendall(get())
            assert read_reply(other).status == 200
            times.append(time.monotonic() - asked)
        assert read_reply(waiting).status == 200
    assert sorted(times)[len(times) * 9 // 10] < 0.3


def seconds_of(s, size):
    began, got = time.monotonic(), 0
    s.sendall(get(b"/made/%d" % size))
    while got < size:
        got += len(s.recv(1 << 20))
    return time.monotonic() - began


def test_a_long_reply_is_not_held_up(start):
    """A block in each of its rounds, and no moment of rest between them."""
    server = start("--workers", "1")
    size = 200_000_000
    with server.connect() as waiting, server.connect() as one, server.connect() as other:
        alone = seconds_of(one, size)
        waiting.sendall(put(b"/later/60000"))
        assert is_alive(server)
        assert seconds_of(other, size) < 3 * alone + 1, "32 KiB in each millisecond would be 6 s"
        waiting.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_nothing_spins(start):
    server = start("--workers", "1")
    waiting = [server.connect() for _ in range(20)]
    for s in waiting:
        s.sendall(put(b"/later/2000"))
    before = server.cpu_s()
    for s in waiting:
        assert read_reply(s).status == 200
        s.close()
    assert server.cpu_s() - before < 0.5


def test_nobody_is_late_but_we(impatient):
    """Longer than any deadline of the peer's."""
    with impatient.connect() as s:
        s.sendall(put(b"/later/4000", b"x" * 200_000))
        assert read_reply(s).status == 200
        s.sendall(put(b"/later/0"))
        assert read_reply(s).status == 200


def body_in_parts(s):
    """Of one reply in chunks, as many as there were parts."""
    data = b""
    while not data.endswith(b"\r\n0\r\n\r\n"):
        piece = s.recv(65536)
        assert piece, data
        data += piece
    parts = data.split(b"\r\n\r\n", 1)[1].split(b"\r\n")[:-3]
    return [int(size, 16) for size in parts[::2]], b"".join(parts[1::2])


def test_a_reply_that_is_made_bit_by_bit(impatient):
    """Each part comes when it is there, though nothing moves for longer than the peer's deadlines; then the connection goes on."""
    with impatient.connect() as s:
        for pause_ms in (50, 3000, 0):
            s.settimeout(20)
            s.sendall(get(b"/made_late/%d" % pause_ms))
            assert body_in_parts(s) == ([100] * 5, b"z" * 500)
        s.sendall(get(b"/after"))
        assert b"target=/after" in read_reply(s).body


def test_a_part_does_not_wait_for_the_next(server):
    with server.connect() as s:
        s.sendall(get(b"/made_late/60000"))
        s.settimeout(1)
        head = s.recv(1000)
        assert head.startswith(b"HTTP/1.1 200") and b"zzz" not in head
        with pytest.raises(TimeoutError):
            s.recv(1000)
        assert is_alive(server)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_parts_that_are_not_there_cost_nothing(start):
    server = start("--workers", "1")
    waiting = [server.connect() for _ in range(20)]
    for s in waiting:
        s.sendall(get(b"/made_late/400"))
    before = server.cpu_s()
    for s in waiting:
        assert body_in_parts(s)[1] == b"z" * 500
        s.close()
    assert server.cpu_s() - before < 0.5


def test_a_peer_that_sends_no_more_is_answered(server):
    with server.connect() as s:
        s.sendall(put(b"/later/400"))
        s.shutdown(socket.SHUT_WR)
        assert read_reply(s).status == 200


@pytest.mark.parametrize("reset", [False, True])
def test_a_peer_that_goes_away(start, reset):
    """Its stream is freed, once."""
    server = start("--workers", "1")
    for _ in range(10):
        s = server.connect()
        s.sendall(put(b"/later/200"))
        if reset:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        s.close()
    assert is_alive(server)


def test_a_drain_waits_for_it(start):
    server = start("--workers", "1")
    with server.connect() as s:
        s.sendall(put(b"/later/700"))
        assert is_alive(server)
        server.process.send_signal(signal.SIGTERM)
        reply = read_reply(s)
        assert reply.status == 200 and reply.fields["connection"] == "close"
    assert server.stop() == 0


def test_the_end_of_a_drain_does_not(start):
    server = start("--workers", "1", "--drain-timeout", "1")
    with server.connect() as s:
        s.sendall(put(b"/later/60000"))
        assert is_alive(server)
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 5
