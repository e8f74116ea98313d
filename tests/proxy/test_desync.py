"""No proxy and Pilcrow ever disagree where a request ends: after each request of desync_requests.py, whoever comes next,
on the same connection or on a fresh one, gets exactly their own answer, and no request reached Pilcrow of which the
proxy knew nothing."""

import concurrent.futures
import re
import socket
import time

import pytest

from desync_proxies import KINDS, Backend, Proxy, Sloppy, find_program
from desync_requests import requests

QUIET_S = 0.1
MARKS = re.compile(rb"(?:canary|hidden)-\d+-")
STATUS = re.compile(rb"HTTP/1\.[01] (\d\d\d) ")
TRIES = 3


def connect(port):
    s = socket.create_connection(("127.0.0.1", port), 10)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def read(s, until, quiet_s):
    """What comes until `until` is in it, nothing has come for `quiet_s`, or the peer closed; and whether it did not."""
    data = b""
    s.settimeout(quiet_s)
    try:
        while until is None or until not in data:
            piece = s.recv(65536)
            if not piece:
                return data, False
            data += piece
        s.settimeout(0.01)
        data += s.recv(65536)
    except TimeoutError:
        return data, True
    except OSError:
        return data, False
    return data, True


def canary(mark):
    return f"GET /v1/articles?q={mark}&fields=id&limit=1 HTTP/1.1\r\nHost: h\r\n\r\n".encode()


class Run:
    """All requests through one proxy."""

    def __init__(self, proxy):
        self.proxy, self.number, self.findings = proxy, 0, []
        self.counts = {"requests": 0, "answered on the same connection": 0, "tried again": 0}

    def mark(self, kind):
        self.number += 1
        return f"{kind}-{self.number}-"

    def fresh(self, what):
        """One answer, its own. A proxy may say that its connection to Pilcrow was closed just then."""
        for _ in range(TRIES):
            mark = self.mark("canary")
            with connect(self.proxy.port) as s:
                s.sendall(canary(mark))
                data, _ = read(s, mark.encode(), 5)
            if STATUS.findall(data) not in ([b"502"], [b"503"], [b"504"]):
                break
            self.counts["tried again"] += 1
        if STATUS.findall(data) != [b"200"] or set(MARKS.findall(data)) != {mark.encode()}:
            self.findings.append(f"{what}: somebody else got {data[-300:]!r}")
        return mark

    def same(self, s, hidden, what):
        mark = self.mark("canary")
        try:
            s.sendall(canary(mark))
        except OSError:
            return b""
        data, _ = read(s, mark.encode(), 4 * QUIET_S)
        marks = MARKS.findall(data)
        if mark.encode() in marks:
            self.counts["answered on the same connection"] += 1
            if marks[-1] != mark.encode():
                self.findings.append(f"{what}: an answer too many {data[-300:]!r}")
        if not set(marks) <= {mark.encode(), hidden.encode()}:
            self.findings.append(f"{what}: somebody else's answer {data[-300:]!r}")
        return data

    def send(self, what, text):
        hidden = self.mark("hidden")
        self.counts["requests"] += 1
        with connect(self.proxy.port) as s:
            try:
                s.sendall(text.replace("MARK", hidden).encode("latin-1"))
            except OSError:
                pass  # it was refused before its end
            data, is_open = read(s, None, QUIET_S)
            if not set(MARKS.findall(data)) <= {hidden.encode()}:
                self.findings.append(f"{what}: somebody else's answer {data[-300:]!r}")
            if is_open:
                data += self.same(s, hidden, what)
        self.fresh(what)
        last = self.fresh(what)
        asked = self.proxy.backend.times_asked(f"target=/v1/articles/{hidden}", last)
        if asked > len(re.findall(rb'"instance":"/v1/articles/' + hidden.encode(), data)):
            self.findings.append(f"{what}: Pilcrow saw a request of which the proxy knew nothing: {data[:300]!r}")


def run_through(kind, folder, backend=Backend, enough=1000):
    proxy = Proxy(kind, folder, backend)
    try:
        run = Run(proxy)
        run.fresh("before all")
        for what, text in requests():
            if len(run.findings) < enough:
                run.send(what, text)
    finally:
        status = proxy.stop()
    assert status == 0
    return run


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """All proxies at once: they wait more than they work."""
    folder = tmp_path_factory.mktemp("desync")
    kinds = ["direct", *(kind for kind in KINDS if find_program(kind))]
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(len(kinds)) as pool:
        futures = {kind: pool.submit(run_through, kind, folder / kind) for kind in kinds}
        yield futures
    print(f"{time.monotonic() - began:.1f} s")


@pytest.mark.parametrize("kind", ["direct", *KINDS])
def test_no_desync(runs, kind):
    if kind not in runs:
        pytest.skip(f"{kind} is not installed: make proxy-test installs it")
    run = runs[kind].result()
    print(kind, run.counts)
    assert run.findings == []
    assert run.counts["answered on the same connection"] > 20, "hardly any connection was left open: nothing was tested"


def test_a_sloppy_server_is_found_out(tmp_path):
    kind = next((kind for kind in ("haproxy", "varnishd") if find_program(kind)), None)
    if kind is None:
        pytest.skip("no proxy is installed that would be fooled: make proxy-test installs some")
    findings = run_through(kind, tmp_path / kind, Sloppy, enough=5).findings
    assert any("of which the proxy knew nothing" in finding for finding in findings)
