"""Replies that are made while they are sent, with and without a length: whole, broken off, aborted, not wanted."""

import re
import socket
import struct
import threading
import time

import pytest

from wire import exchange, is_alive, parse_one, read_all, read_reply


def get(target, version=b"1.1", method=b"GET", fields=b""):
    return method + b" " + target + b" HTTP/" + version + b"\r\nHost: a\r\n" + fields + b"\r\n"


def dechunk(data):
    """The bytes of a chunked body, whether its end was there, and what follows it."""
    body = b""
    while True:
        line, found, rest = data.partition(b"\r\n")
        if not found or not line:
            return body, False, b""
        size = int(line, 16)
        if size == 0:
            assert rest.startswith(b"\r\n")
            return body, True, rest[2:]
        body += rest[:size]
        if len(rest) < size + 2:
            return body, False, b""
        data = rest[size + 2:]


def split(answer):
    head, separator, rest = answer.partition(b"\r\n\r\n")
    assert separator
    return parse_one(head + separator)[0], rest


SIZES = [0, 1, 1000, 16 * 1024, 32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1, 5_000_000]


@pytest.mark.parametrize("size", SIZES)
def test_without_a_length(server, size):
    """Chunked; the connection goes on."""
    with server.connect() as s:
        s.sendall(get(b"/made/%d" % size) + get(b"/after", fields=b"Connection: close\r\n"))
        reply, rest = split(read_all(s))
    assert reply.status == 200 and reply.fields["transfer-encoding"] == "chunked"
    assert "content-length" not in reply.fields
    body, is_whole, rest = dechunk(rest)
    assert is_whole and body == b"z" * size
    assert b"target=/after" in rest


@pytest.mark.parametrize("size", SIZES)
def test_with_a_length(server, size):
    with server.connect() as s:
        for _ in range(2):
            s.sendall(get(b"/file/%d" % size))
            reply = read_reply(s)
            assert reply.status == 200 and "transfer-encoding" not in reply.fields
            assert reply.fields["content-length"] == str(size) and reply.body == b"z" * size


def test_without_a_length_for_an_old_client(server):
    """HTTP/1.0 knows no chunks: the end of the connection is the end of the body."""
    with server.connect() as s:
        s.sendall(get(b"/made/100000", b"1.0", fields=b"Connection: keep-alive\r\n"))
        reply, rest = split(read_all(s))
    assert "transfer-encoding" not in reply.fields and rest == b"z" * 100000


def test_head_with_a_length(server):
    """The fields of a GET, nothing is read, the connection goes on."""
    with server.connect() as s:
        s.sendall(get(b"/file/100000", method=b"HEAD") + get(b"/after", fields=b"Connection: close\r\n"))
        reply, rest = split(read_all(s))
    assert reply.status == 200 and reply.fields["content-length"] == "100000"
    assert rest.startswith(b"HTTP/1.1 200") and b"target=/after" in rest


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
@pytest.mark.parametrize("size", [0, 100000])
def test_head_without_a_length(server, version, size):
    """Not a byte follows the head: the library's last chunk would be taken for the next reply."""
    with server.connect() as s:
        s.sendall(get(b"/made/%d" % size, version, b"HEAD") + get(b"/after"))
        reply, rest = split(read_all(s))
    assert reply.status == 200 and reply.fields["connection"] == "close" and rest == b""
    assert "content-length" not in reply.fields and "transfer-encoding" not in reply.fields


@pytest.mark.parametrize("size", [0, 1, 1000, 100_000, 3_000_000])
def test_broken_off_without_a_length(server, size):
    """The last chunk is missing, and the connection ends."""
    with server.connect() as s:
        s.sendall(get(b"/made_broken/%d" % size) + get(b"/after"))
        answer = read_all(s)
    if answer:
        reply, rest = split(answer)
        body, is_whole, _ = dechunk(rest)
        assert reply.status == 200 and not is_whole and body == b"z" * len(body) and len(body) <= size
    assert b"after" not in answer


@pytest.mark.parametrize("size", [0, 1, 1000, 100_000, 3_000_000])
def test_shorter_than_announced(server, size):
    with server.connect() as s:
        s.sendall(get(b"/file_short/%d" % size) + get(b"/after"))
        answer = read_all(s)
    if answer:
        reply, rest = split(answer)
        assert reply.fields["content-length"] == str(size + 1) and len(rest) <= size
    assert b"after" not in answer


def test_broken_off_is_logged(start):
    server = start("--workers", "1")
    exchange_raw(server, get(b"/made_broken/100000"))
    exchange_raw(server, get(b"/made/100000", fields=b"Connection: close\r\n"))
    assert server.stop() == 0
    broken, whole = [line for line in server.log_text().splitlines() if "target=/made" in line]
    assert "bytes=100000" in broken and "ended=" in broken
    assert "bytes=100000" in whole and "ended=" not in whole


def exchange_raw(server, data):
    with server.connect() as s:
        s.sendall(data)
        return read_all(s)


@pytest.mark.parametrize("status", [204, 304])
def test_status_without_body(server, status):
    with server.connect() as s:
        s.sendall(get(b"/made_status/%d" % status) + get(b"/after", fields=b"Connection: close\r\n"))
        reply, rest = split(read_all(s))
    assert reply.status == status and "transfer-encoding" not in reply.fields
    assert rest.startswith(b"HTTP/1.1 200")


def test_field_that_cannot_leave(server):
    replies = exchange(server, get(b"/made_split"), finish=False)
    assert [r.status for r in replies] == [503] and "x-evil" not in replies[0].fields


@pytest.mark.parametrize("target", [b"/made/50000000", b"/file/50000000", b"/made_broken/50000000"])
@pytest.mark.parametrize("read", [0, 1000])
def test_abort_in_mid_reply(start, target, read):
    """The source is freed whatever happens: the server ends with 0."""
    server = start("--workers", "1")
    for i in range(10):
        s = server.connect(receive_buffer=4096)
        s.sendall(get(target))
        if read:
            s.recv(read)
        if i % 2:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        s.close()
    assert is_alive(server)


@pytest.mark.parametrize("target", [b"/made/50000000", b"/file/50000000"])
def test_stop_in_mid_reply(start, target):
    server = start("--drain-timeout", "0")
    s = server.connect(receive_buffer=4096)
    s.sendall(get(target))
    assert s.recv(1000).startswith(b"HTTP/1.1 200")
    assert server.stop() == 0
    s.close()


@pytest.mark.parametrize("target", [b"/made/300000000", b"/file/300000000"])
def test_nobody_reads(impatient, target):
    """Cut for being slow, as with any long reply."""
    with impatient.connect(receive_buffer=2304) as s:
        s.sendall(get(target))
        s.recv(100)
        log_line = b"target=" + target
        began = time.monotonic()
        while log_line not in impatient.log_text().encode():
            assert time.monotonic() - began < 20
            threading.Event().wait(0.05)
    line = [line for line in impatient.log_text().splitlines() if log_line.decode() in line][0]
    assert "ended=cut" in line


def test_reader_that_drips_after_a_rush(impatient):
    """What was read fast at first is used up after a while."""
    target = b"/made/300000001"
    with impatient.connect(receive_buffer=65536) as s:
        s.sendall(get(target))
        got, began = 0, time.monotonic()
        while got < 20_000_000:
            got += len(s.recv(65536))
        while target not in impatient.log_text().encode():
            s.recv(1)
            assert time.monotonic() - began < 20
            threading.Event().wait(0.05)
        assert time.monotonic() - began > 5


def test_gigabyte_in_bounded_memory(start):
    server = start("--workers", "1")
    with server.connect() as s:
        s.settimeout(60)
        s.sendall(get(b"/made/%d" % (1 << 30), fields=b"Connection: close\r\n"))
        got = len(s.recv(65536))
        before = peak_kb(server)
        while piece := s.recv(1 << 20):
            got += len(piece)
    assert got > 1 << 30
    assert peak_kb(server) - before < 16 * 1024


def peak_kb(server):
    return int(re.search(r"VmHWM:\s*(\d+)", open(f"/proc/{server.process.pid}/status").read())[1])


def test_others_are_served_beside_it(start):
    """A long reply takes its turns: those who ask beside it are answered in between."""
    server = start("--workers", "1")
    with server.connect() as long, server.connect() as other:
        long.sendall(get(b"/made/2000000000"))
        is_over = threading.Event()

        def read_on():
            while not is_over.is_set() and long.recv(1 << 20):
                pass

        reader = threading.Thread(target=read_on)
        reader.start()
        times = []
        for _ in range(100):
            began = time.monotonic()
            other.sendall(get(b"/"))
            assert read_reply(other).status == 200
            times.append(time.monotonic() - began)
        is_over.set()
        reader.join()
    assert sorted(times)[90] < 0.3
