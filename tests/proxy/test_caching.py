"""Behind caches: hits, purges by key, what is given while Pilcrow is gone, and ETags that come back as a proxy made them."""

import gzip
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time

import pytest

from desync_proxies import NGINX, PATIENCE_S, PROGRAM, ROOT, end, find_program, free_port

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PILCROW")}
NGINX_SITE = NGINX.replace("proxy_request_buffering off; proxy_buffering off;", "{more}")
SETTINGS = ["--surrogate-keys", "on", "--access-log", "off"]


class Pilcrow:
    def __init__(self, folder, *settings):
        self.db, self.port = folder / "p.db", free_port()
        subprocess.run([PROGRAM, "import", "--quiet", "--db", self.db, ROOT / "db/samples"], check=True, env=ENVIRONMENT)
        token = subprocess.run([PROGRAM, "token", "create", "--db", self.db, "--scope", "write", "--name", "t"],
                               check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout.strip()
        self.writer = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "If-Match": "*"}
        self.process = subprocess.Popen([PROGRAM, "serve", "--db", self.db, "--listen", f"127.0.0.1:{self.port}",
                                         *SETTINGS, *settings], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        text=True, env=ENVIRONMENT)
        assert self.process.stdout.readline().startswith("ready ")

    def patch(self, target, **members):
        status, _, body = ask(self.port, target, "PATCH", self.writer, json.dumps(members))
        assert status == 200, body

    def stop(self):
        end(self.process)
        self.process.stdout.close()


def ask(port, target, method="GET", headers=None, body=None):
    """Sends what is given and nothing else: http.client would add Accept-Encoding."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.putrequest(method, target, skip_accept_encoding=True)
    for name, value in {**(headers or {}), **({"Content-Length": str(len(body))} if body else {})}.items():
        connection.putheader(name, value)
    connection.endheaders(body.encode() if body else None)
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


def wait_for(process, port):
    ends = time.monotonic() + PATIENCE_S
    while True:
        assert process.poll() is None and time.monotonic() < ends, "the proxy did not start"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)


def start(folder, name, text, arguments):
    program = find_program(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    folder.mkdir()
    port = free_port()
    conf = folder / "conf"
    conf.write_text(text.replace("{port}", str(port)).replace("{folder}", str(folder)))
    process = subprocess.Popen([program] + [a.format(folder=folder, conf=conf, port=port) for a in arguments],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(process, port)
    return process, port


@pytest.fixture
def pilcrow(tmp_path):
    started = Pilcrow(tmp_path, "--cache-max-age", "2", "--cache-shared-max-age", "600")
    yield started
    started.stop()


def vcl_for(port):
    text = (ROOT / "docs/varnish.vcl").read_text()
    assert '.port = "8080"' in text
    return text.replace('.port = "8080"', f'.port = "{port}"')


@pytest.fixture
def varnish(tmp_path, pilcrow):
    done = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Abbrev}", "varnish-modules"], capture_output=True,
                          text=True, check=False)
    if not done.stdout.startswith("ii"):
        pytest.skip("varnish-modules (xkey) is not installed")
    process, port = start(tmp_path / "varnish", "varnishd", vcl_for(pilcrow.port), [
        "-F", "-j", "none", "-n", "{folder}/work", "-a", "127.0.0.1:{port}", "-f", "{conf}", "-s", "malloc,16m"])
    yield port
    end(process)


def run_purge(pilcrow, port, state):
    subprocess.run([sys.executable, ROOT / "docs/purge_from_changes.py", f"http://127.0.0.1:{pilcrow.port}",
                    f"http://127.0.0.1:{port}", state, "--once"], check=True, timeout=PATIENCE_S)


GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def test_varnish_is_purged_by_what_changed(varnish, pilcrow, tmp_path):
    run_purge(pilcrow, varnish, tmp_path / "seq")
    pages = ["/v1/articles/1", "/v1/articles/1.txt", "/v1/articles?fields=id,title", "/v1/articles/2"]
    for page in pages:
        assert ask(varnish, page, headers=GZIP)[1]["X-Cache"] == "MISS"
        status, headers, _ = ask(varnish, page, headers=GZIP)
        assert status == 200 and headers["X-Cache"] == "HIT" and headers["Surrogate-Key"] is None
    pilcrow.patch("/v1/articles/1", title="Written Anew")
    assert b"Written Anew" not in ask(varnish, "/v1/articles/1")[2], "it is in the cache until somebody purges"
    run_purge(pilcrow, varnish, tmp_path / "seq")
    for page in pages[:3]:
        status, headers, body = ask(varnish, page, headers={"Accept-Encoding": "gzip"})
        body = gzip.decompress(body) if headers["Content-Encoding"] else body
        assert status == 200 and headers["X-Cache"] == "MISS" and b"Written Anew" in body
    assert ask(varnish, pages[3], headers=GZIP)[1]["X-Cache"] == "HIT", "nobody wrote article 2"


def test_varnish_is_purged_when_a_tag_is_renamed(varnish, pilcrow, tmp_path):
    run_purge(pilcrow, varnish, tmp_path / "seq")
    for page in ("/v1/articles/1", "/v1/tags"):
        assert b'"name":"Volunteers"' in ask(varnish, page)[2]
    pilcrow.patch("/v1/tags/volunteers", name="Helpers")
    run_purge(pilcrow, varnish, tmp_path / "seq")
    for page in ("/v1/articles/1", "/v1/tags"):
        body = ask(varnish, page)[2]
        assert b'"name":"Helpers"' in body and b'"name":"Volunteers"' not in body


def test_a_stranger_purges_nothing(varnish):
    text = vcl_for(1)
    assert re.search(r'client\.ip !~ purgers\) \{\s+return \(synth\(403\)\)', text)
    assert ask(varnish, "/", "PURGE", {"Surrogate-Key": "all"})[0] == 200  # from here it may


def test_grace_answers_when_pilcrow_is_gone(tmp_path):
    """By a server whose answers are old after a second; Age says that this one is."""
    folder = tmp_path / "old"
    folder.mkdir()
    pilcrow = Pilcrow(folder, "--cache-max-age", "1", "--cache-stale", "0")
    if find_program("varnishd") is None:
        pilcrow.stop()
        pytest.skip("varnishd is not installed")
    process, port = start(tmp_path / "varnish", "varnishd", vcl_for(pilcrow.port), [
        "-F", "-j", "none", "-n", "{folder}/work", "-a", "127.0.0.1:{port}", "-f", "{conf}", "-s", "malloc,16m"])
    try:
        assert ask(port, "/v1/articles/1")[0] == 200
        pilcrow.process.kill()
        pilcrow.process.wait()
        ends, age = time.monotonic() + PATIENCE_S, 0
        while age < 3:
            assert time.monotonic() < ends
            status, headers, body = ask(port, "/v1/articles/1")
            assert status == 200 and headers["X-Cache"] == "HIT" and json.loads(body)["id"] == 1
            age = int(headers["Age"])
            time.sleep(0.1)
        assert ask(port, "/v1/articles/2")[0] == 503
    finally:
        end(process)
        pilcrow.stop()


def test_a_tag_through_varnish_comes_back(varnish):
    for codings in ({}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br"}, GZIP):
        for _ in range(2):
            status, headers, _ = ask(varnish, "/v1/articles/1", headers=codings)
            again = {**codings, "If-None-Match": headers["ETag"]}
            assert status == 200 and ask(varnish, "/v1/articles/1", headers=again)[0] == 304, headers["ETag"]
            assert ask(varnish, "/v1/articles/1?_=1", headers=again)[0] in (200, 304)


WAYS = {
    "plain": "",
    "codes": "gzip on; gzip_proxied any; gzip_types *; gzip_min_length 1; proxy_set_header Accept-Encoding '';",
    "decodes": "gunzip on; proxy_set_header Accept-Encoding gzip;",
    "http10": "proxy_http_version 1.0;",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_tag_through_nginx_comes_back(pilcrow, tmp_path, way):
    text = NGINX_SITE.replace("proxy_http_version 1.1;", "" if way == "http10" else "proxy_http_version 1.1;")
    text = text.replace("{{", "{").replace("}}", "}").replace("{backend}", str(pilcrow.port)).replace("{more}", WAYS[way])
    process, port = start(tmp_path / "nginx", "nginx", text, ["-p", "{folder}", "-c", "{conf}", "-e", "{folder}/error.log"])
    try:
        for codings in ({}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "zstd, gzip"}):
            status, headers, body = ask(port, "/v1/articles/1", headers=codings)
            tag, coding = headers["ETag"], headers["Content-Encoding"]
            assert status == 200 and (coding or "") in codings.get("Accept-Encoding", ""), (way, codings, coding)
            if coding in (None, "gzip"):
                assert json.loads(gzip.decompress(body) if coding else body)["id"] == 1
            again = ask(port, "/v1/articles/1", headers={**codings, "If-None-Match": tag})
            assert again[0] == 304 and again[2] == b"", (way, codings, tag)
        if way == "codes":
            assert tag.startswith('W/"'), "nginx says that it has changed the bytes"
    finally:
        end(process)
