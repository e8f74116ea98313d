"""Peers that take their time, in each phase. The settings are shortened; one test waits for one deadline."""

import socket
import time

import pytest

from wire import exchange, is_alive, parse_all, read_all, read_reply, wait_closed

SLACK_S = 3  # the sweep's step, the settling time, a busy machine: it is asked that it ends, not how exactly


def drip(s, data, step_s, at_most_s):
    """Sends one byte a step until the peer closes; seconds until then."""
    began = time.monotonic()
    s.settimeout(step_s)
    for byte in data:
        if time.monotonic() - began > at_most_s:
            break
        try:
            s.sendall(bytes([byte]))
            if not s.recv(4096):
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - began


def test_idle_from_the_start(impatient):
    with impatient.connect() as s:
        assert 2 - 0.1 <= wait_closed(s, 8) <= 2 + SLACK_S


def test_idle_after_a_reply(impatient):
    with impatient.connect() as s:
        s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert read_reply(s).status == 200
        assert 2 - 0.1 <= wait_closed(s, 8) <= 2 + SLACK_S


def test_requests_reset_the_idle_time(impatient):
    with impatient.connect() as s:
        for _ in range(3):
            time.sleep(1.2)
            s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert read_reply(s).status == 200


@pytest.mark.parametrize("quiet_s", [0, 0.1, 0.6])
@pytest.mark.parametrize("requests", [0, 1])
@pytest.mark.parametrize("start", [b"", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n"])
def test_head_that_drips(impatient, requests, quiet_s, start):
    """However many bytes come, the head must end in time, counted from its first byte."""
    with impatient.connect() as s:
        for _ in range(requests):
            s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert read_reply(s).status == 200
        time.sleep(quiet_s)
        s.sendall(start + b"G" if not start else start)
        took = drip(s, b"X" * 200, 0.1, 6)
        assert 0.5 <= took <= 1 + SLACK_S


def test_body_that_drips(impatient):
    with impatient.connect() as s:
        s.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
        assert 0.9 <= drip(s, b"X" * 200, 0.05, 6) <= 1 + SLACK_S


def test_chunk_extension_that_drips(impatient):
    """Bytes that are not body do not count as body."""
    with impatient.connect() as s:
        s.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;")
        assert 0.9 <= drip(s, b"x" * 500, 0.01, 6) <= 1 + SLACK_S


def test_body_that_is_fast_enough(impatient):
    with impatient.connect() as s:
        s.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\nConnection: close\r\n\r\n")
        for _ in range(20):
            s.sendall(b"x" * 100)
            time.sleep(0.1)
        assert parse_all(read_all(s))[0].status == 200


def slow_reader(server, size):
    s = server.connect(receive_buffer=2304)
    s.sendall(b"GET /big/%d HTTP/1.1\r\nHost: a\r\n\r\n" % size)
    return s


def test_reply_that_nobody_reads(impatient):
    """The peer's window closes after what its buffer holds; then nothing moves."""
    with slow_reader(impatient, 20_000_000) as s:
        s.settimeout(30)
        began = time.monotonic()
        while impatient.log_text().count("bytes=20000000") == 0:
            assert time.monotonic() - began < 20
            time.sleep(0.05)
        assert b"ended=cut" in impatient.log_text().encode()


def test_reply_read_at_a_fair_pace(impatient):
    with slow_reader(impatient, 60_000) as s:
        got = 0
        while got < 60_000:
            got += len(s.recv(2000))
            time.sleep(0.03)


def test_peer_that_goes_away_frees_its_place(start):
    server = start("--max-connections", "10")
    for data in (b"", b"GET", b"GET / HTTP/1.1\r\nHost:", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"):
        for _ in range(4):
            with server.connect() as s:
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)
                assert wait_closed(s, 5) < 4
    assert is_alive(server)


def test_honest_peer_beside_slow_ones(impatient):
    slow = []
    for _ in range(100):
        s = impatient.connect()
        s.sendall(b"GET / HT")
        slow.append(s)
    for _ in range(50):
        assert [r.status for r in exchange(impatient, b"GET / HTTP/1.0\r\n\r\n", finish=False)] == [200]
    for s in slow:
        s.close()
