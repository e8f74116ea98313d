"""Proxies in front of Pilcrow, each in its own folder on a free port of the loopback, kept as permissive as it can be:
what one of them lets through is what Pilcrow has to understand as it did."""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("PILCROW", str(ROOT / "build" / "release" / "pilcrow"))
PATIENCE_S = 20

NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; ignore_invalid_headers off; underscores_in_headers on; merge_slashes off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  upstream pilcrow {{ server 127.0.0.1:{backend}; keepalive 1; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://pilcrow; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_request_buffering off; proxy_buffering off;
    }}
  }}
}}
"""

HAPROXY = """
global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 20s
  timeout server 20s
  option accept-invalid-http-request
  http-reuse always
frontend clients
  bind 127.0.0.1:{port}
  default_backend pilcrow
backend pilcrow
  server pilcrow 127.0.0.1:{backend}
"""

APACHE = """
ServerRoot {folder}
{user}
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
ServerName localhost
PidFile {folder}/pid
ErrorLog {folder}/error.log
Listen 127.0.0.1:{port}
StartServers 1
ServerLimit 1
MinSpareThreads 4
MaxSpareThreads 8
ThreadsPerChild 8
MaxRequestWorkers 8
HttpProtocolOptions Unsafe LenientMethods Allow0.9
AllowEncodedSlashes NoDecode
ProxyPass / http://127.0.0.1:{backend}/ nocanon
"""

LIGHTTPD = """
server.document-root = "{folder}"
server.bind = "127.0.0.1"
server.port = {port}
server.errorlog = "{folder}/error.log"
server.modules = ("mod_proxy")
server.http-parseopts = ("header-strict" => "disable", "host-strict" => "disable", "url-normalize" => "disable")
server.stream-request-body = 2
server.stream-response-body = 2
proxy.server = ("" => (("host" => "127.0.0.1", "port" => {backend})))
"""

VARNISH = """
vcl 4.1;
backend default {{ .host = "127.0.0.1"; .port = "{backend}"; }}
sub vcl_recv {{ return (pass); }}
"""

KINDS = {
    "nginx": (NGINX, ["nginx", "-p", "{folder}", "-c", "{conf}", "-e", "{folder}/error.log"]),
    "haproxy": (HAPROXY, ["haproxy", "-db", "-f", "{conf}"]),
    "apache2": (APACHE, ["apache2", "-DFOREGROUND", "-f", "{conf}"]),
    "lighttpd": (LIGHTTPD, ["lighttpd", "-D", "-f", "{conf}"]),
    "varnishd": (VARNISH, ["varnishd", "-F", "-j", "none", "-n", "{folder}/work", "-a", "127.0.0.1:{port}", "-f", "{conf}",
                           "-s", "malloc,16m"]),
}


def find_program(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def end(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        return process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


class Backend:
    """Pilcrow itself, and the targets that it says it was asked for."""

    def __init__(self, folder):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PILCROW")}
        environment["PILCROW_SECCOMP"] = "kill"
        subprocess.run([PROGRAM, "import", "--quiet", "--db", str(folder / "p.db"), str(ROOT / "db" / "samples")],
                       check=True, capture_output=True, env=environment)
        self.log = folder / "pilcrow.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([PROGRAM, "serve", "--db", str(folder / "p.db"), "--listen", "127.0.0.1:0"],
                                            stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
        self.port = int(self.process.stdout.readline().strip().rsplit(":", 1)[1])

    def times_asked(self, mark, until):
        """How often the log has `mark`, once it also has `until`."""
        ends = time.monotonic() + PATIENCE_S
        while until not in (text := self.log.read_text(encoding="utf-8", errors="replace")):
            assert time.monotonic() < ends, f"{until} was never logged"
            time.sleep(0.005)
        return text.count(mark)

    def stop(self):
        status = end(self.process)
        self.process.stdout.close()
        return status


class Sloppy:
    """What Pilcrow must not be: by its reading a body has the length that the first Content-Length says, whatever else
    stands there. It answers as Pilcrow does, as far as these tests look."""

    def __init__(self, _folder):
        self.targets = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        try:
            while True:
                s, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(s,), daemon=True).start()
        except OSError:
            pass  # it was closed

    def serve(self, s):
        data = b""
        try:
            with s:
                while piece := s.recv(65536):
                    data = self.answer_all(s, data + piece)
        except OSError:
            pass  # the proxy had enough

    def answer_all(self, s, data):
        while (end := data.find(b"\r\n\r\n")) >= 0:
            length = re.search(rb"\r\nContent-Length: *(\d{1,6})\r", data[:end + 2])
            rest = end + 4 + (int(length.group(1)) if length else 0)
            if len(data) < rest:
                break
            target = (data[:end].split(b" ") + [b"/"])[1].split(b"\r")[0]
            self.targets.append("target=" + target.decode("latin-1"))
            body = b'{"instance":"%s"}' % target
            s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            data = data[rest:]
        return data

    def times_asked(self, mark, _until):
        return sum(mark in target for target in self.targets)

    def stop(self):
        self.listener.close()
        return 0


class Proxy:
    """One of KINDS, or "direct": no proxy."""

    def __init__(self, kind, folder, backend=Backend):
        folder.mkdir(mode=0o755)
        self.backend = backend(folder)
        self.port, self.process = self.backend.port, None
        if kind != "direct":
            self.start(kind, folder)

    def start(self, kind, folder):
        text, command = KINDS[kind]
        self.port = free_port()
        conf = folder / "proxy.conf"
        user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
        conf.write_text(text.format(folder=folder, port=self.port, backend=self.backend.port, user=user))
        words = [word.format(folder=folder, conf=conf, port=self.port) for word in command]
        self.output = open(folder / "proxy.log", "wb")
        self.process = subprocess.Popen([find_program(kind), *words[1:]], stdout=self.output, stderr=self.output,
                                        stdin=subprocess.DEVNULL, cwd=folder)
        ends = time.monotonic() + PATIENCE_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 5).close()
                return
            except OSError:
                assert self.process.poll() is None, (folder / "proxy.log").read_text()
                assert time.monotonic() < ends, f"{kind} does not listen"
                time.sleep(0.02)

    def stop(self):
        if self.process is not None:
            end(self.process)
            self.output.close()
        return self.backend.stop()
