"""Under a supervisor that speaks systemd's protocol, played by these tests: sockets that it opened, readiness, signs
of life."""

import ctypes
import fcntl
import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import sys
import time

import pytest

from conftest import PROGRAM, Server, article, clean_environment, wait_until

SANITIZED = re.search("/(asan|tsan|fuzz)/", PROGRAM) is not None


@pytest.fixture
def town(pilcrow):
    pilcrow.write("town/a.txt", article("One"))
    assert pilcrow.run("import", "town").status == 0
    return pilcrow


BECOME = """
import os, sys
for place, number in enumerate(filter(None, sys.argv[1].split(","))):
    os.dup2(int(number), 3 + place)
os.environ.setdefault("LISTEN_PID", str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""


class Supervised(Server):
    """A server that finds `sockets` as its descriptors from 3 on, and `variables` in its environment."""

    def __init__(self, folder, sockets=(), variables=None, arguments=("--listen", "127.0.0.1:0"), pid=None):
        high = [fcntl.fcntl(one.fileno(), fcntl.F_DUPFD, 50) for one in sockets]
        environment = clean_environment(LISTEN_FDS=str(len(high)), **({"LISTEN_PID": pid} if pid else {}))
        environment.update(variables or {})
        self.process = subprocess.Popen([sys.executable, "-c", BECOME, ",".join(map(str, high)), PROGRAM, "serve",
                                         *arguments], cwd=folder, env=environment, pass_fds=high,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for number in high:
            os.close(number)
        self.ready = self.line() if not variables or "NOTIFY_SOCKET" not in variables else None
        self.take_urls()

    def take_urls(self):
        self.urls = re.findall(r"url=(\S+)", self.ready or "")
        self.url = self.urls[0] if self.urls else None


@pytest.fixture
def supervise(town):
    started = []

    def start(*arguments, **more):
        started.append(Supervised(town.folder, *arguments, **more))
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.process.kill()
        server.process.communicate()


def listening(family=socket.AF_INET, address="127.0.0.1", only_v6=None):
    listener = socket.socket(family)
    if only_v6 is not None:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only_v6)
    listener.bind((address, 0))
    listener.listen(64)
    return listener


def ask(listener, path="/v1/articles/1"):
    connection = socket.create_connection(("127.0.0.1", listener.getsockname()[1]), timeout=20)
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    return connection


def read_all(connection):
    with connection:
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def test_a_passed_socket_takes_the_place_of_listen(supervise):
    with listening() as passed, listening() as taken:
        server = supervise([passed], arguments=("--listen", f"127.0.0.1:{taken.getsockname()[1]}", "--workers", "3"))
        assert server.ready == f"ready url=http://127.0.0.1:{passed.getsockname()[1]}\n"
        for _ in range(20):
            assert b"One" in read_all(ask(passed))
        assert server.stop()[0] == 0


@pytest.mark.skipif(not os.path.exists("/proc/net/if_inet6"), reason="no IPv6 here")
def test_a_socket_for_both_families_knows_ipv4(supervise):
    with listening() as first, listening(socket.AF_INET6, "::", False) as both:
        server = supervise([first, both])
        assert server.urls == [f"http://127.0.0.1:{first.getsockname()[1]}", f"http://[::]:{both.getsockname()[1]}"]
        assert b"One" in read_all(ask(both, "/v1/articles/1?utm_x=both"))
        status, log = server.stop()
    assert status == 0
    line = next(line for line in log.splitlines() if "utm_x=both" in line)
    assert "127.0.0.1" in line and "ffff" not in line


def test_variables_of_another_process_mean_nothing(supervise):
    with listening() as passed:
        server = supervise([passed], pid="1")
        assert server.ready.startswith("ready url=http://127.0.0.1:")
        assert str(passed.getsockname()[1]) not in server.ready
        assert server.stop()[0] == 0


def udp():
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    return made


@pytest.mark.parametrize("make", [udp, socket.socket, lambda: open("/dev/null", "rb"), lambda: socket.socketpair()[0]],
                         ids=["datagrams", "not listening", "a file", "unix"])
def test_what_is_no_listening_socket_is_refused(supervise, make):
    with make() as passed:
        server = supervise([passed])
        _, err = server.process.communicate(timeout=20)
    assert (server.ready, server.process.returncode) == ("", 3)
    assert b"descriptor 3 was passed, and is no TCP socket that listens" in err


@pytest.mark.parametrize("number, message", [
    ("x", "LISTEN_FDS: 'x' is not a whole number"), ("-1", "LISTEN_FDS: '-1' is not"),
    ("99999999999999999999", "is not a whole number"), ("17", "17 sockets were passed: more than 16"),
    ("1", "descriptor 3 was passed, and is no TCP socket")])
def test_wrong_numbers_of_sockets(supervise, number, message):
    server = supervise(variables={"LISTEN_FDS": number})
    _, err = server.process.communicate(timeout=20)
    assert server.process.returncode == 3
    assert message in err.decode()


def test_who_waits_in_a_passed_socket_is_answered_by_the_next_server(supervise):
    with listening() as passed:
        first = supervise([passed], arguments=("--workers", "2", "--drain-timeout", "60"))
        slow = socket.create_connection(("127.0.0.1", passed.getsockname()[1]), timeout=20)
        slow.sendall(b"GET /v1/articles/1 HTTP/1.1\r\n")  # not yet finished: it keeps the drain open
        assert b"One" in read_all(ask(passed))
        first.process.send_signal(signal.SIGTERM)
        while b"event=stop" not in first.process.stderr.readline():
            pass
        time.sleep(0.3)  # the workers hear of it
        during = ask(passed)
        before = busy_seconds(first.process.pid)
        assert select.select([during], [], [], 0.5)[0] == []
        assert busy_seconds(first.process.pid) - before < 0.25  # it looks away from the socket
        slow.sendall(b"Host: x\r\n\r\n")
        assert b"One" in read_all(slow)
        assert first.process.wait(timeout=20) == 0
        between = ask(passed)
        second = supervise([passed])
        assert b"One" in read_all(during)
        assert b"One" in read_all(between)
        assert second.stop()[0] == 0


class Ear:
    """The supervisor's end of NOTIFY_SOCKET."""

    def __init__(self, folder, is_abstract):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.settimeout(20)
        name = f"pilcrow-test-{os.getpid()}-{time.monotonic_ns()}"
        self.name = "@" + name if is_abstract else str(folder / "notify")
        self.socket.bind("\0" + name if is_abstract else self.name)

    def hear(self):
        return self.socket.recv(4096).decode().split("\n")

    def hears_within(self, seconds):
        return select.select([self.socket], [], [], seconds)[0] != []


@pytest.fixture(params=[False, True], ids=["path", "abstract"])
def ear(tmp_path, request):
    made = Ear(tmp_path, request.param)
    yield made
    made.socket.close()


def test_readiness_and_end_are_told(supervise, ear):
    server = supervise(variables={"NOTIFY_SOCKET": ear.name})
    said = ear.hear()
    server.ready = server.line(0)  # it was written before
    server.take_urls()
    assert said == ["READY=1", f"STATUS=Answering at {server.url}"]
    assert b"One" in server.get("/v1/articles/1")
    assert not ear.hears_within(0.3)
    server.process.send_signal(signal.SIGTERM)
    assert ear.hear() == ["STOPPING=1", "STATUS=Letting open requests end"]
    assert server.process.wait(timeout=20) == 0


def test_reloading_is_told(supervise, ear):
    server = supervise(variables={"NOTIFY_SOCKET": ear.name})
    assert ear.hear()[0] == "READY=1"
    before = time.monotonic_ns() // 1000
    server.process.send_signal(signal.SIGHUP)
    said = ear.hear()
    assert said[0] == "RELOADING=1"
    assert before <= int(said[1].removeprefix("MONOTONIC_USEC=")) <= time.monotonic_ns() // 1000
    assert ear.hear() == ["READY=1"]
    assert server.stop()[0] == 0


def test_nothing_is_ready_when_it_cannot_start(supervise, ear):
    with listening() as taken:
        server = supervise(variables={"NOTIFY_SOCKET": ear.name},
                           arguments=("--listen", f"127.0.0.1:{taken.getsockname()[1]}"))
        assert server.process.wait(timeout=20) == 3
    assert not ear.hears_within(0)


@pytest.mark.parametrize("name", ["/nowhere/notify", "@", "vsock:2:1", "x" * 200])
def test_a_supervisor_that_cannot_be_told_is_no_reason_not_to_serve(supervise, name):
    server = supervise(variables={"NOTIFY_SOCKET": name})
    server.ready = server.line()
    server.take_urls()
    assert b"One" in server.get("/v1/articles/1")
    status, err = server.stop()
    assert status == 0
    assert "event=notify_socket" in err


def test_signs_of_life(supervise, ear):
    server = supervise(variables={"NOTIFY_SOCKET": ear.name, "WATCHDOG_USEC": "400000"}, arguments=(
        "--listen", "127.0.0.1:0", "--workers", "3"))
    assert ear.hear()[0] == "READY=1"
    began = time.monotonic()
    assert [ear.hear() for _ in range(5)] == [["WATCHDOG=1"]] * 5
    assert 0.75 < time.monotonic() - began < 5  # at once, then each half of the 0.4 s
    server.process.send_signal(signal.SIGINT)
    while (said := ear.hear()) == ["WATCHDOG=1"]:
        pass
    assert said[0] == "STOPPING=1"
    assert server.process.wait(timeout=20) == 0


@pytest.mark.parametrize("variables", [{"WATCHDOG_PID": "1"}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "often"}])
def test_no_signs_of_life_where_none_are_wanted(supervise, tmp_path, variables):
    ear = Ear(tmp_path, False)
    server = supervise(variables={"NOTIFY_SOCKET": ear.name, "WATCHDOG_USEC": "20000", **variables})
    assert ear.hear()[0] == "READY=1"
    assert not ear.hears_within(0.3)
    server.process.send_signal(signal.SIGTERM)
    assert ear.hear()[0] == "STOPPING=1"
    ear.socket.close()


ATTACH, DETACH = 16, 17  # of ptrace(2), which can stop one thread of another process


def ptrace(request, thread):
    return ctypes.CDLL(None, use_errno=True).ptrace(ctypes.c_long(request), ctypes.c_long(thread), None, None)


@pytest.mark.skipif(SANITIZED, reason="a sanitizer's own threads are stopped as well")
def test_no_sign_of_life_from_a_server_whose_worker_hangs(supervise, tmp_path):
    ear = Ear(tmp_path, False)
    server = supervise(variables={"NOTIFY_SOCKET": ear.name, "WATCHDOG_USEC": "400000"},
                       arguments=("--listen", "127.0.0.1:0", "--workers", "2"))
    assert ear.hear()[0] == "READY=1"
    pid = server.process.pid
    worker = max(int(name) for name in os.listdir(f"/proc/{pid}/task"))
    assert worker != pid
    if ptrace(ATTACH, worker) != 0:
        server.stop()
        pytest.skip("this machine lets nobody stop a thread")
    os.waitpid(worker, 0x40000000)  # __WALL
    while b"event=worker_stuck" not in (line := server.process.stderr.readline()):
        assert line
    while ear.hears_within(0):
        assert ear.hear() == ["WATCHDOG=1"]
    assert not ear.hears_within(1)
    assert ptrace(DETACH, worker) == 0
    assert ear.hear() == ["WATCHDOG=1"]
    assert server.stop()[0] == 0
    ear.socket.close()


def test_draining_is_not_busy(supervise):
    """What woke the workers to stop must not keep them awake."""
    server = supervise(arguments=("--listen", "127.0.0.1:0", "--drain-timeout", "60"))
    port = int(server.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as slow:
        slow.sendall(b"GET /v1/articles/1 HTTP/1.1\r\n")
        server.get("/healthz")
        server.process.send_signal(signal.SIGTERM)
        while b"event=stop" not in server.process.stderr.readline():
            pass
        wait_until(lambda: refuses(port))
        before = busy_seconds(server.process.pid)
        time.sleep(0.5)
        assert busy_seconds(server.process.pid) - before < 0.25
        slow.sendall(b"Host: x\r\n\r\n")
        assert b"One" in read_all(slow)
    assert server.process.wait(timeout=20) == 0


def refuses(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
    except OSError:
        return True
    return False


def busy_seconds(pid):
    """Of all threads, run or kept waiting for a core: a busy machine makes a busy loop no cheaper."""
    nanoseconds = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        run, wait = (task / "schedstat").read_text(encoding="ascii").split()[:2]
        nanoseconds += int(run) + int(wait)
    return nanoseconds / 1e9
