"""The three servers that are measured side by side, and the load: each server on core 0, wrk on core 1."""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

CONNECTIONS = 256
SERVER_CORE, LOAD_CORE = "0", "1"
# Sent by the library itself, or different for every answer.
OWN_FIELDS = {"date", "content-length", "connection"}


def is_memory(folder):
    """Whether a sync costs nothing there."""
    got = subprocess.run(["stat", "-f", "-c", "%T", folder], capture_output=True, text=True, check=False)
    return got.stdout.strip() in ("tmpfs", "ramfs")


def stop(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def pilcrow(program, database, workers=1, access_log=False, is_pinned=True, settings=()):
    """Yields (process, port). Its log goes to a file, as an operator would have it."""
    with tempfile.TemporaryFile() as log:
        command = [program, "serve", "--db", database, "--listen", "127.0.0.1:0", "--workers", str(workers),
                   *settings]
        environment = dict(os.environ, PILCROW_ACCESS_LOG="on" if access_log else "off")
        if workers == 1 and is_pinned:
            command = ["taskset", "-c", SERVER_CORE, *command]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
        try:
            line = process.stdout.readline()
            match = re.match(r"ready url=http://127\.0\.0\.1:(\d+)", line)
            if match is None:
                log.seek(0)
                raise RuntimeError(f"not ready: {line!r} {log.read()[-500:]!r}")
            yield process, int(match.group(1))
        finally:
            stop(process)


@contextlib.contextmanager
def bare(program, answer, folder):
    """libmicrohttpd alone with the same status, fields and body."""
    fields, body = pathlib.Path(folder, "fields"), pathlib.Path(folder, "body")
    fields.write_text("".join(f"{name}: {value}\n" for name, value in answer.fields), encoding="latin-1")
    body.write_bytes(answer.body)
    process = subprocess.Popen(["taskset", "-c", SERVER_CORE, program, str(answer.status), fields, body],
                               stdout=subprocess.PIPE, text=True)
    try:
        yield process, int(process.stdout.readline())
    finally:
        stop(process)


NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 2048; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; keepalive_timeout 60s;
    open_file_cache max=16 inactive=1h; open_file_cache_valid 1h; server_tokens off; default_type "";
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    server {{ listen 127.0.0.1:{port}; root {folder}/root; {fields} }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def nginx(answer, folder):
    """nginx with the same body as a file and the same fields (its own ETag, so that it can answer 304)."""
    folder = pathlib.Path(folder)
    (folder / "root").mkdir(exist_ok=True)
    is_gzip = answer.field("Content-Encoding") == "gzip"  # by gzip_static; for the others nginx has no such module
    (folder / "root" / ("answer.gz" if is_gzip else "answer")).write_bytes(answer.file_body)
    if is_gzip:
        (folder / "root" / "answer").write_bytes(b"not coded")
    os.chmod(folder, 0o755)
    port = free_port()
    quoted = [(name, value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "")) for name, value in answer.fields

              if name.lower() not in ("etag", "last-modified") + (("content-encoding", ) if is_gzip else ())]
    fields = ("gzip_static on; " if is_gzip else "") + " ".join(f'add_header {name} "{value}";' for name, value in quoted)
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port, fields=fields), encoding="utf-8")
    process = subprocess.Popen(["taskset", "-c", SERVER_CORE, "/usr/sbin/nginx", "-p", folder, "-c", config],
                               stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if process.poll() is not None:
                raise RuntimeError(f"nginx: {process.stderr.read()}")
            time.sleep(0.01)
        yield process, port
    finally:
        stop(process)


class Answer:
    """What Pilcrow said to one request; file_body is the body of the 200 behind a 304."""

    def __init__(self, status, fields, body):
        self.status, self.body, self.file_body = status, body, body
        self.fields = [(name, value) for name, value in fields if name.lower() not in OWN_FIELDS]

    def field(self, wanted):
        return next((value for name, value in self.fields if name.lower() == wanted.lower()), None)


def fetch(port, path, headers=()):
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        connection.sendall((head + "".join(f"{h}\r\n" for h in headers) + "\r\n").encode())
        data = b""
        while chunk := connection.recv(65536):
            data += chunk
    head, body = data.split(b"\r\n\r\n", 1)
    lines = head.decode("latin-1").split("\r\n")
    return Answer(int(lines[0].split()[1]), [tuple(line.split(": ", 1)) for line in lines[1:]], body)


def cpu_ns(process):
    """Processor time of all threads of a process."""
    tasks = pathlib.Path(f"/proc/{process.pid}/task").glob("*/schedstat")
    return sum(int(task.read_text(encoding="ascii").split()[0]) for task in tasks)


class Round:
    """One round of load on one server."""

    def __init__(self, rate, p99_ms, cpu_us):
        self.rate, self.p99_ms, self.cpu_us = rate, p99_ms, cpu_us


def load(server, path, headers, seconds):
    process, port = server
    command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    for header in headers:
        command += ["-H", header]
    began = cpu_ns(process)
    got = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True)
    spent = cpu_ns(process) - began
    requests = int(re.search(r"(\d+) requests in", got.stdout).group(1))
    if "Non-2xx or 3xx responses" in got.stdout or requests == 0:
        raise RuntimeError(f"{path}: wrk says:\n{got.stdout}")
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", got.stdout).groups()
    return Round(float(re.search(r"Requests/sec:\s+([\d.]+)", got.stdout).group(1)),
                 float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit], spent / 1000 / requests)


def tools_missing():
    return [tool for tool in ("wrk", "taskset", "/usr/sbin/nginx") if shutil.which(tool) is None]
