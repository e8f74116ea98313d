"""The sockets over TLS: what passes through it, who never finishes a handshake, and what a reload changes."""

import re
import signal
import socket
import ssl
import subprocess
import time

import pytest

import certificate
from wire import PATIENCE_S, Server, parse_all, read_all, read_reply

GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
LAST = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


class TlsServer(Server):
    def __init__(self, folder, *flags, **more):
        self.certificate, self.key = certificate.make(folder)
        super().__init__("--tls-certificate", str(self.certificate), "--tls-key", str(self.key), *flags, **more)

    def trust(self):
        return ssl.create_default_context(cafile=self.certificate)

    def secure(self, context=None, **more):
        return (context or self.trust()).wrap_socket(self.connect(**more), server_hostname="localhost")

    def ask(self, data):
        with self.secure() as s:
            s.sendall(data)
            return parse_all(read_all(s))

    def serial(self):
        with self.secure() as s:
            return s.getpeercert()["serialNumber"]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    one = TlsServer(tmp_path_factory.mktemp("tls"), "--workers", "2")
    yield one
    assert one.stop() == 0, one.log_text()


@pytest.fixture
def start(tmp_path):
    started = []

    def starter(*flags, **more):
        started.append(TlsServer(tmp_path, *flags, **more))
        return started[-1]

    yield starter
    for one in started:
        assert one.stop() == 0, one.log_text()


@pytest.fixture
def impatient(start):
    return start("--workers", "1", "--head-timeout", "1", "--idle-timeout", "2", "--min-rate", "2000",
                 environment={"WIRE_GRACE_S": "1"})


def body_of(count):
    return b"POST /whole HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % count + b"x" * count


# ---- what passes ----


@pytest.mark.parametrize("flags, version", [((), "TLSv1.3"), (("--tls-max", "1.2"), "TLSv1.2")])
def test_curl_with_certificate_verified(server, flags, version):
    port = server.addresses[0][1]
    got = subprocess.run(["curl", "-sSv", "--http1.1", *flags, "--cacert", server.certificate,
                          f"https://localhost:{port}/echo", f"https://localhost:{port}/big/100000"],
                         capture_output=True, check=True, timeout=60)
    said = got.stderr.decode()
    assert b"target=/echo" in got.stdout and got.stdout.count(b"x") >= 100000
    assert version in said and "server accepted http/1.1" in said
    assert "Re-using existing connection" in said


def test_who_trusts_nobody_is_not_served(server):
    got = subprocess.run(["curl", "-sS", f"https://localhost:{server.addresses[0][1]}/"], capture_output=True,
                         check=False, timeout=60)
    assert got.returncode == 60


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_versions_are_refused(server, version):
    context = server.trust()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with pytest.raises((ssl.SSLError, ConnectionError)):
        server.secure(context)


def test_kept_alive(server):
    with server.secure() as s:
        for _ in range(20):
            s.sendall(GET)
            assert read_reply(s).status == 200


@pytest.mark.parametrize("count", [2, 50, 400])
def test_pipelined_in_one_record_and_more(server, count):
    """400 requests are 14,000 bytes: more than the library reads at once, and it must not wait for more."""
    replies = server.ask(GET * (count - 1) + LAST)
    assert [r.status for r in replies] == [200] * count


def test_request_in_single_bytes(server):
    with server.secure() as s:
        for byte in LAST:
            s.sendall(bytes([byte]))
        assert [r.status for r in parse_all(read_all(s))] == [200]


@pytest.mark.parametrize("count", [1, 16000, 16384, 16385, 900000])
def test_body_in(server, count):
    reply, = server.ask(body_of(count))
    assert reply.body.startswith(b"bytes=%d even=1 " % count)


def test_streamed_body_in_is_whole(server):
    body = bytes(range(256)) * 40000
    head = b"POST /stream/0 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    reply, = server.ask(head + body)
    assert b"bytes=%d sum=%d " % (len(body), sum(body)) in reply.body


@pytest.mark.parametrize("path", [b"/big/5000000", b"/file/5000000"])
def test_long_reply_is_whole(server, path):
    reply, = server.ask(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert len(reply.body) == 5000000


def test_made_while_it_is_sent(server):
    with server.secure() as s:
        s.sendall(b"GET /made/300000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert read_all(s).count(b"z") == 300000


def test_head_and_304_have_no_body(server):
    with server.secure() as s:
        s.sendall(b"HEAD /big/100 HTTP/1.1\r\nHost: a\r\n\r\n")
        assert read_reply(s, is_head=True).fields["content-length"] == "100"
        s.sendall(b"GET /status/304 HTTP/1.1\r\nHost: a\r\n\r\n")
        assert read_reply(s).status == 304
        s.sendall(LAST)
        assert [r.status for r in parse_all(read_all(s))] == [200]


def test_framing_is_audited(server):
    reply, = server.ask(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert reply.status == 400


def test_body_without_end_is_answered_and_cut(server):
    with server.secure() as s:
        s.sendall(b"POST /whole HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        with pytest.raises((ssl.SSLError, OSError)):
            for _ in range(400):
                s.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
    wait_for(lambda: "status=413" in server.log_text())


# ---- who stops, and who speaks something else ----


def test_plain_http_hears_nothing_and_is_closed(server):
    with server.connect() as s:
        s.sendall(LAST)
        assert not read_all(s).startswith(b"HTTP")
    assert [r.status for r in server.ask(LAST)] == [200]


def test_plain_http_does_not_fill_the_log(start):
    one = start("--workers", "1")
    for _ in range(300):
        with one.connect() as s:
            s.sendall(LAST)
            read_all(s)
    assert one.log_text().count("event=library") < 30


def hello():
    """What a client says first."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


@pytest.mark.parametrize("said", [lambda: b"", lambda: hello()[:3], lambda: hello()[:100], hello])
def test_unfinished_handshake_is_ended_and_takes_no_core(impatient, said):
    before = impatient.cpu_s()
    began = time.monotonic()
    with impatient.connect() as s:
        s.sendall(said())
        read_all(s)
    took = time.monotonic() - began
    assert took < PATIENCE_S
    assert impatient.cpu_s() - before < 0.5 * took


def test_others_are_answered_beside_many_unfinished_handshakes(impatient):
    first = hello()[:100]
    stuck = [impatient.connect() for _ in range(200)]
    for s in stuck:
        s.sendall(first)
    assert [r.status for r in impatient.ask(LAST)] == [200]
    for s in stuck:
        assert read_all(s) == b""
        s.close()


def test_silence_after_the_handshake_is_ended(impatient):
    with impatient.secure() as s:
        assert read_all(s) == b""


def test_slow_reader_is_cut(impatient):
    with impatient.secure(receive_buffer=4096) as s:
        s.sendall(b"GET /big/30000000 HTTP/1.1\r\nHost: a\r\n\r\n")
        deadline = time.monotonic() + 3 * PATIENCE_S
        while "event=request" not in impatient.log_text():
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert "/big/30000000" in impatient.log_text()


def test_long_record_that_comes_slowly_is_no_slow_body(start):
    """One record of 16 KiB, sent raw at more than the floor: nothing of it can be read before its end."""
    one = start("--workers", "1", "--min-rate", "2000", environment={"WIRE_GRACE_S": "1"})
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = one.trust().wrap_bio(incoming, outgoing, server_hostname="localhost")
    with one.connect() as s:
        while True:
            try:
                client.do_handshake()
                break
            except ssl.SSLWantReadError:
                s.sendall(outgoing.read())
                incoming.write(s.recv(65536))
        s.sendall(outgoing.read())
        client.write(body_of(16000)[:-16000])
        s.sendall(outgoing.read())
        client.write(b"x" * 16000)
        record = outgoing.read()
        for start_of_piece in range(0, len(record), 1600):
            s.sendall(record[start_of_piece:start_of_piece + 1600])
            time.sleep(0.25)
        incoming.write(read_all(s))
        assert client.read(12) == b"HTTP/1.1 200"


def test_connection_too_many_is_closed_without_a_word(start):
    one = start("--workers", "1", "--max-connections", "2")
    first, second = one.secure(), one.secure()
    with one.connect() as third:
        assert read_all(third) == b""
    for s in (first, second):
        s.sendall(LAST)
        assert [r.status for r in parse_all(read_all(s))] == [200]
        s.close()


# ---- another certificate ----


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def count_of(server, event):
    return len(re.findall(event, server.log_text()))


def test_reload_shows_new_connections_the_new_one(start, tmp_path):
    one = start("--workers", "2")
    before = one.serial()
    with one.secure() as old:
        certificate.make(tmp_path)
        one.process.send_signal(signal.SIGHUP)
        wait_for(lambda: count_of(one, "event=tls certificate") == 2)
        assert one.serial() != before
        old.sendall(LAST)
        assert [r.status for r in parse_all(read_all(old))] == [200]


@pytest.mark.parametrize("spoil, says", [
    (lambda c, k: k.unlink(), "No such file"),
    (lambda c, k: c.write_text("nothing"), "no certificate in PEM"),
    (lambda c, k: certificate.make(c.parent, "other")[1].rename(k), "is not that of the first certificate"),
])
def test_bad_reload_changes_nothing(start, tmp_path, spoil, says):
    one = start("--workers", "1")
    before, trusted = one.serial(), one.trust()
    spoil(one.certificate, one.key)
    one.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "event=tls error" in one.log_text())
    assert says in one.log_text() and str(tmp_path) in one.log_text()
    with one.secure(trusted) as s:
        assert s.getpeercert()["serialNumber"] == before


def test_reload_under_load(start, tmp_path):
    """Handshakes on all threads while the pair changes: each shows one whole pair."""
    one = start("--workers", "2")
    lax = ssl.create_default_context()
    lax.check_hostname, lax.verify_mode = False, ssl.CERT_NONE
    for _ in range(10):
        certificate.make(tmp_path)
        one.process.send_signal(signal.SIGHUP)
        for _ in range(10):
            with one.secure(lax) as s:
                s.sendall(LAST)
                assert [r.status for r in parse_all(read_all(s))] == [200]
    wait_for(lambda: count_of(one, "event=tls certificate") >= 2)
    assert "event=tls error" not in one.log_text()


def test_drain_answers_what_is_open(start):
    one = start("--workers", "1", "--drain-timeout", "20")
    with one.secure() as s, one.secure() as idle:
        for each in (s, idle):
            each.sendall(GET)
            assert read_reply(each).status == 200
        s.sendall(b"GET /made_late/50 HTTP/1.1\r\nHost: a\r\n\r\n")
        assert s.recv(65536)
        one.process.send_signal(signal.SIGTERM)
        assert read_all(s).count(b"z") > 0
        assert read_all(idle) == b""
    assert one.process.wait(PATIENCE_S) == 0


def test_reset_in_the_middle(server):
    for said in (b"", hello()[:50], hello()):
        s = server.connect()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        s.sendall(said)
        s.close()
    assert [r.status for r in server.ask(LAST)] == [200]
