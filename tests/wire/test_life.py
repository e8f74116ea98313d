"""Start, stop, and peers that vanish."""

import os
import signal
import socket
import struct
import subprocess
import threading
import time

import pytest

from wire import PROGRAM, Server, exchange, is_alive, parse_all, parse_one, read_all, read_reply


def test_port_in_use(start):
    server = start()
    host, port = server.addresses[0]
    second = subprocess.run([PROGRAM, "--listen", f"{host}:{port}"], capture_output=True, timeout=10)
    assert second.returncode == 3 and b"another program listens there" in second.stderr
    assert is_alive(server)


@pytest.mark.parametrize("listen,why", [("192.0.2.1:0", b"does not have the address"),
                                        ("example:80", b"is not an address")])
def test_bad_address(listen, why):
    run = subprocess.run([PROGRAM, "--listen", listen], capture_output=True, timeout=10)
    assert run.returncode == 3 and why in run.stderr


def test_restart_on_the_same_port(start):
    first = Server()
    host, port = first.addresses[0]
    exchange(first, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", finish=False)
    assert first.stop() == 0
    assert is_alive(start(listens=(f"{host}:{port}",)))


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGINT])
def test_stop_with_idle_connections(start, sig):
    server = start("--workers", "2")
    held = [server.connect() for _ in range(20)]
    for s in held[:10]:
        s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert read_reply(s).status == 200
    began = time.monotonic()
    assert server.stop(sig) == 0
    assert time.monotonic() - began < 5
    for s in held:
        assert s.recv(1) == b""
        s.close()


def test_drain_finishes_what_is_open(start):
    """A body that is on its way when the server is told to stop gets its answer, with Connection: close."""
    server = start("--drain-timeout", "5")
    with server.connect() as s:
        s.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 6\r\n\r\n")
        assert read_reply(s).status == 100
        server.process.send_signal(signal.SIGTERM)
        while True:  # no new connections from now on
            try:
                server.connect().close()
            except (ConnectionRefusedError, ConnectionResetError):
                break
        s.sendall(b"abcdef")
        reply, rest = parse_one(read_all(s))
        assert reply.status == 200 and reply.fields["connection"] == "close" and rest == b""
    assert server.stop() == 0


def test_drain_ends(start):
    server = start("--drain-timeout", "1")
    with server.connect() as s:
        s.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 6\r\n\r\n")
        assert read_reply(s).status == 100
        began = time.monotonic()
        assert server.stop() == 0
        assert 0.8 < time.monotonic() - began < 5


def hammer(address, failures, is_over):
    """New connections, one request each; only a refused connect ends it."""
    while not is_over.is_set():
        try:
            s = socket.create_connection(address, timeout=10)
        except ConnectionRefusedError:
            return
        except OSError:
            continue
        with s:
            try:
                s.sendall(b"GET /big/20000 HTTP/1.1\r\nHost: a\r\n\r\n")
                if read_reply(s).status != 200:
                    failures.append("status")
            except (OSError, AssertionError) as e:
                failures.append(repr(e))


@pytest.mark.parametrize("round_", range(5))
def test_stop_under_load(round_):
    """No request that was sent on a fresh connection fails because the server stops."""
    server = Server("--workers", "2")
    failures, is_over = [], threading.Event()
    threads = [threading.Thread(target=hammer, args=(server.addresses[0], failures, is_over))
               for _ in range(4)]
    for t in threads:
        t.start()
    time.sleep(0.2)
    status = server.stop()
    is_over.set()
    for t in threads:
        t.join()
    assert status == 0
    assert failures == []


def test_resets_at_every_byte(start):
    server = start("--workers", "1")
    data = (b"POST /?a=b HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\nX: " + b"y" * 200 + b"\r\n\r\n" + b"z" * 20)
    for at in range(len(data) + 1):
        s = server.connect()
        s.sendall(data[:at])
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        s.close()
    assert is_alive(server)
    ends = time.monotonic() + 5
    while len(os.listdir(f"/proc/{server.process.pid}/fd")) > 15:
        assert time.monotonic() < ends


def test_resets_while_replying(start):
    server = start("--workers", "1")
    for _ in range(50):
        s = server.connect(receive_buffer=4096)
        s.sendall(b"GET /big/5000000 HTTP/1.1\r\nHost: a\r\n\r\n")
        s.recv(1000)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        s.close()
    assert is_alive(server)


def test_ids_are_unique_and_sorted(start):
    server = start("--workers", "1")
    data = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 500
    replies = exchange(server, data, finish=True)
    ids = [r.body.rsplit(b"id=", 1)[1] for r in replies]
    assert len(ids) == 500 and len(set(ids)) == 500 and ids == sorted(ids)


def test_two_hundred_and_fifty_six_at_once(start):
    """More events in one round than the library's own loop can take."""
    server = start("--workers", "1")
    held = [server.connect() for _ in range(256)]
    for _ in range(3):
        for s in held:
            s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        for s in held:
            assert read_reply(s).status == 200
    for s in held:
        s.close()
