"""The life of a server: its ready line, its signals, its health, its refusals."""

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time

import pytest

from conftest import PROGRAM, clean_environment, wait_until


def test_ready_line(filled, serve):
    server = serve("--listen", "127.0.0.1:0")
    assert re.fullmatch(r"ready url=http://127\.0\.0\.1:[1-9]\d*\n", server.ready)
    assert b"One" in server.get("/v1/articles/1")
    status, err = server.stop()
    assert status == 0
    assert "event=start" in err and "event=stop signal=SIGTERM" in err


def test_several_addresses_on_one_line(filled, serve):
    server = serve("--listen=127.0.0.1:0", "--listen=[::1]:0", "--listen=127.0.0.2:0")
    if not server.urls and not os.path.exists("/proc/net/if_inet6"):
        pytest.skip("no IPv6 here")
    assert re.fullmatch(r"ready url=http://127\.0\.0\.1:\d+ url=http://\[::1\]:\d+ url=http://127\.0\.0\.2:\d+\n",
                        server.ready)
    for server.url in server.urls:
        assert b"One" in server.get("/v1/articles/1")
    assert server.stop(signal.SIGINT)[0] == 0


def test_makes_its_database(pilcrow, serve):
    server = serve()
    assert b'"data":[]' in server.get("/v1/articles")
    assert server.stop()[0] == 0


def test_starts_quickly_on_an_existing_database(filled, serve):
    times = []
    for _ in range(3):
        start = time.monotonic()
        server = serve()
        server.get("/v1/articles/1")
        times.append(time.monotonic() - start)
        server.stop()
    assert min(times) < 2, times  # what it is, `make bench` says


def test_second_signal_stops_at_once(filled, serve):
    server = serve("--listen", "127.0.0.1:0", "--drain-timeout", "60")
    with socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1]))) as connection:
        connection.sendall(b"GET /v1/articles HTTP/1.1\r\nHost: x\r\n")  # never finished
        server.get("/healthz")
        server.process.send_signal(signal.SIGTERM)
        line = b""
        while b"event=stop" not in line:
            line = server.process.stderr.readline()
            assert line, "the server ended before it was told twice"
        start = time.monotonic()
        while server.process.poll() is None and time.monotonic() - start < 5:
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.02)
        assert server.process.poll() in (-signal.SIGTERM, 0)
        assert time.monotonic() - start < 5
    assert filled.run("check").status == 0


def test_lost_standard_output_is_no_reason_to_stop(filled, serve):
    server = serve()
    server.process.stdout.close()
    assert b"One" in server.get("/v1/articles/1")
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=20) == 0


def test_a_closed_standard_stream_is_not_the_next_file(filled):
    """What is logged must not end up in a file that was given the stream's number."""
    lock = filled.folder / "pilcrow.db.lock"
    process = subprocess.Popen(["sh", "-c", 'exec "$0" serve --listen 127.0.0.1:0 2>&-', PROGRAM], cwd=filled.folder,
                               stdout=subprocess.PIPE, env=clean_environment())
    try:
        assert process.stdout.readline().startswith(b"ready ")
        assert re.fullmatch(r"\d+\nhttp://127\.0\.0\.1:\d+\n", lock.read_text())
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_address_in_use(filled, serve):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        got = filled.run("serve", "--listen", address)
    assert (got.status, got.out) == (3, "")
    assert f"cannot listen on {address}: another program listens there" in got.err


@pytest.mark.parametrize("address", ["192.0.2.1:0", "[2001:db8::1]:0"])
def test_address_that_is_not_ours(filled, address):
    got = filled.run("serve", "--listen", address)
    assert (got.status, got.out) == (3, "")
    assert address in got.err


def test_more_connections_than_files(filled):
    got = filled.run("serve", "--listen", "127.0.0.1:0", "--max-connections", "5000",
                     prefix=["sh", "-c", 'ulimit -n 500 && exec "$@"', "sh"])
    assert got.status == 2
    assert "--max-connections: 5000 is more than the limit on open files leaves room for" in got.err


def held_bytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(r"^RssAnon:\s+(\d+) kB$", file.read(), re.MULTILINE)[1]) * 1024


@pytest.mark.skipif(re.search("/(asan|tsan|fuzz)/", PROGRAM) is not None, reason="sanitizers keep what is freed")
def test_memory_of_long_answers_goes_back(pilcrow, serve):
    lines = [json.dumps({"title": f"Number {i}", "paragraphs": [f"{i}.{n} " + "word " * 200 for n in range(10)]})
             for i in range(1000)]
    text = "\n".join(lines).replace("word \"", "word\"").encode()
    assert pilcrow.run("import", "-", stdin=text).status == 0
    server = serve("--listen", "127.0.0.1:0", "--workers", "1")
    for pretty in ["0", "1", "0", "1"]:
        assert len(server.get("/v1/articles?limit=1000&include=paragraphs&pretty=" + pretty)) > 10_000_000
        server.get("/v1/articles?limit=1000")
    assert held_bytes(server.process.pid) < 12 << 20


def test_json_log(filled, serve):
    server = serve("--listen", "127.0.0.1:0", "--log-format", "json")
    server.get("/v1/articles/1")
    _, err = server.stop()
    events = [json.loads(line) for line in err.splitlines()]
    assert {"start", "request", "stop"} <= {event["event"] for event in events}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["ts"]) for event in events)


def test_levels_and_access_log(filled, serve):
    server = serve("--listen", "127.0.0.1:0", "--access-log", "off")
    server.get("/v1/articles/1")
    assert "event=request" not in server.stop()[1]
    server = serve("--listen", "127.0.0.1:0", "--log-level", "error")
    server.get("/v1/articles/1")
    assert server.stop()[1] == ""


def test_misspelt_variable_is_said(filled):
    got = filled.run("serve", "--listen", "192.0.2.1:0", env={"PILCROW_WORKER": "2"})
    assert "event=unknown_variable name=PILCROW_WORKER nearest=PILCROW_WORKERS" in got.err


def test_healthcheck(filled, serve):
    server = serve()
    port = server.url.rsplit(":", 1)[1]
    for arguments in [["--url", server.url], ["--url", server.url + "/"], ["--listen", f"127.0.0.1:{port}"],
                      ["--listen", f"0.0.0.0:{port}"], ["--url", f"http://localhost:{port}"]]:
        got = filled.run("healthcheck", *arguments)
        assert (got.status, got.out, got.err) == (0, "healthy\n", ""), arguments
    assert filled.run("healthcheck", env={"PILCROW_LISTEN": f"127.0.0.1:{port}"}).status == 0
    server.stop()
    got = filled.run("healthcheck", "--url", server.url)
    assert got.status == 3
    assert f"no answer from 127.0.0.1 port {port}: Connection refused" in got.err


@pytest.mark.skipif(not os.path.exists("/proc/net/if_inet6"), reason="no IPv6 here")
def test_healthcheck_over_ipv6(filled, serve):
    port = serve("--listen", "[::1]:0").url.rsplit(":", 1)[1]
    for arguments in [["--url", f"http://[::1]:{port}/x"], ["--listen", f"[::1]:{port}"], ["--listen", f"[::]:{port}"]]:
        assert filled.run("healthcheck", *arguments).status == 0, arguments


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://[::1]x:80", "http://a:b", "http://:80", "http://a:"])
def test_healthcheck_of_no_address(pilcrow, url):
    got = pilcrow.run("healthcheck", "--url", url)
    assert got.status == 2
    assert "is not of the form http://HOST:PORT" in got.err


@pytest.mark.parametrize("answer, message", [
    (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", "answers 503"),
    (b"SSH-2.0-something\r\n", "no answer from"),
    (b"", "no answer from"),
    (None, "Connection timed out"),
])
def test_healthcheck_of_something_else(pilcrow, answer, message):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        done = threading.Event()

        def reply():
            connection, _ = listener.accept()
            with connection:
                if answer is None:
                    done.wait(20)
                    return
                connection.recv(4096)
                connection.sendall(answer)

        thread = threading.Thread(target=reply)
        thread.start()
        got = pilcrow.run("healthcheck", "--timeout", "1", "--url", f"http://127.0.0.1:{listener.getsockname()[1]}")
        done.set()
        thread.join()
    assert got.status == 3
    assert message in got.err
