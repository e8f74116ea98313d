"""Raw sockets against a server of our own: start it, send bytes, read what comes back until it ends."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("WIRE_SERVER_PROGRAM", str(ROOT / "build/release/wire_server"))
PATIENCE_S = 10  # nothing here takes so long unless it hangs


class Server:
    """One process. `addresses` are (host, port) of its ready lines, in order."""

    def __init__(self, *flags, listens=("127.0.0.1:0",), environment=None, preexec=None):
        arguments = [PROGRAM]
        for listen in listens:
            arguments += ["--listen", listen]
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(arguments + list(flags), stdout=subprocess.PIPE,
                                        stderr=self.log, preexec_fn=preexec,
                                        env={**os.environ, **(environment or {})})
        self.addresses = []
        for _ in listens:
            line = self.process.stdout.readline().decode()
            assert re.match("ready url=https?://", line), (line, self.log_text())
            host, port = line.strip().partition("://")[2].rsplit(":", 1)
            self.addresses.append((host.strip("[]"), int(port)))

    def log_text(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def connect(self, which=0, receive_buffer=None):
        host, _ = self.addresses[which]
        s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        if receive_buffer:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        s.settimeout(PATIENCE_S)
        s.connect(self.addresses[which])
        return s

    def cpu_s(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self, sig=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(sig)
        status = self.process.wait(PATIENCE_S + 10)
        self.process.stdout.close()
        return status


def read_all(s):
    """Everything until the peer closes (or resets)."""
    data = b""
    try:
        while piece := s.recv(65536):
            data += piece
    except ConnectionResetError:
        pass
    return data


class Reply:
    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body

    def __repr__(self):
        return f"Reply({self.status}, {self.fields}, {self.body[:200]})"


def parse_one(data, is_head=False):
    """The first reply in `data` and the rest."""
    head, separator, rest = data.partition(b"\r\n\r\n")
    assert separator, data[:300]
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split(" ")[1])
    fields = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        assert name.lower() not in fields, line
        fields[name.lower()] = value.strip()
    size = int(fields.get("content-length", 0))
    if is_head or status in (204, 304) or status < 200:
        size = 0
    return Reply(status, fields, rest[:size]), rest[size:]


def parse_all(data, is_head=False):
    replies = []
    while data:
        reply, data = parse_one(data, is_head)
        replies.append(reply)
    return replies


def read_reply(s, is_head=False):
    """One reply from a connection that stays open."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = s.recv(65536)
        assert piece, ("closed", data)
        data += piece
    reply, rest = parse_one(data, is_head)
    size = int(reply.fields.get("content-length", 0))
    if not is_head and reply.status >= 200 and reply.status not in (204, 304):
        while len(reply.body) < size:
            piece = s.recv(65536)
            assert piece, ("closed", len(reply.body), size)
            reply.body += piece
    else:
        assert rest == b"", rest
    return reply


def exchange(server, data, which=0, finish=True, is_head=False):
    """Sends `data`, optionally says that no more will come, and returns all replies until the server closes."""
    with server.connect(which) as s:
        try:
            s.sendall(data)
            if finish:
                s.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the server was faster
        return parse_all(read_all(s), is_head)


GOOD = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def is_alive(server, which=0):
    replies = exchange(server, GOOD, which, finish=False)
    return [r.status for r in replies] == [200]


def wait_closed(s, at_most_s):
    """Seconds until the peer closed."""
    began = time.monotonic()
    s.settimeout(at_most_s)
    read_all(s)
    return time.monotonic() - began
