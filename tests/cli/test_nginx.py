"""docs/nginx.conf in front of a server: what is kept, what is not, and who asked."""

import json
import shutil
import socket
import subprocess
import urllib.request

import pytest

from conftest import ROOT, article, wait_until

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")

pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx here")

MAIN = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/pilcrow.conf;
}}
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def is_open(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


class Front:
    """nginx before a server."""

    def __init__(self, folder, server):
        folder.mkdir()
        self.port = free_port()
        text = (ROOT / "docs/nginx.conf").read_text(encoding="utf-8")
        for old, new in (("server pilcrow:8080;", f"server {server.url.removeprefix('http://')};"),
                         ("listen 8080;", f"listen 127.0.0.1:{self.port};"), ("/var/cache/nginx/pilcrow", f"{folder}/cache")):
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (folder / "pilcrow.conf").write_text(text, encoding="utf-8")
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder), encoding="utf-8")
        self.process = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.PIPE)
        wait_until(lambda: is_open(self.port) or self.process.poll() is not None)
        assert self.process.poll() is None, self.process.communicate()[1]

    def get(self, path, data=None, **headers):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data,
                                         headers={name.replace("_", "-"): value for name, value in headers.items()})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()


@pytest.fixture
def front(pilcrow, serve, tmp_path, request):
    pilcrow.write("town/a.txt", article("One"))
    assert pilcrow.run("import", "town").status == 0
    server = serve("--listen", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1", *getattr(request, "param", ()))
    made = Front(tmp_path / "nginx", server)
    made.server = server
    made.token = pilcrow.run("token", "create", "--name", "me", "--scope", "write").out.strip()
    yield made
    made.process.terminate()
    made.process.communicate(timeout=20)


def test_an_answer_is_asked_for_once(front):
    answers = [front.get("/v1/articles/1") for _ in range(3)]
    assert [headers["X-Cache"] for _, headers, _ in answers] == ["MISS", "HIT", "HIT"]
    assert len({body for _, _, body in answers}) == 1
    log = front.server.stop()[1]
    assert log.count("target=/v1/articles/1 ") == 1


def test_what_needs_a_token_is_not_kept(front):
    for _ in range(2):
        assert front.get("/v1/articles/1", Authorization=f"Bearer {front.token}")[1]["X-Cache"] == "BYPASS"
    assert front.get("/v1/articles/1")[1]["X-Cache"] == "MISS"


def test_each_coding_is_kept_for_itself(front):
    plain = front.get("/v1/articles/1")
    coded = front.get("/v1/articles/1", Accept_Encoding="gzip")
    again = front.get("/v1/articles/1")
    assert plain[1]["Content-Encoding"] is None and again[1]["Content-Encoding"] is None
    assert again[2] == plain[2]
    if coded[1]["Content-Encoding"] is not None:
        assert coded[2] != plain[2]


def test_the_client_is_who_asked_nginx(front):
    front.get("/v1/articles/1?utm_x=1", X_Forwarded_For="192.0.2.7")
    log = front.server.stop()[1]
    assert "address=192.0.2.7" in next(line for line in log.splitlines() if "utm_x=1" in line)


def test_a_long_import_passes(front):
    lines = "".join(json.dumps({"title": f"Number {i}", "paragraphs": ["word " * 400 + "end"]}) + "\n" for i in range(1500))
    status, _, body = front.get("/v1/import", lines.encode(), Authorization=f"Bearer {front.token}",
                                Content_Type="application/x-ndjson")
    assert status == 200
    assert b'"created":1500' in body
    assert front.get("/v1/export.ndjson")[2].count(b"\n") == 1501


@pytest.mark.parametrize("front", [["--cache-max-age", "1"]], indirect=True)
def test_answers_go_on_while_the_server_is_away(front):
    assert front.get("/v1/articles/1")[1]["X-Cache"] == "MISS"
    assert front.server.stop()[0] == 0
    said = []
    wait_until(lambda: said.append(front.get("/v1/articles/1")[1]["X-Cache"]) or said[-1] != "HIT")
    assert said[-1] in ("STALE", "UPDATING")
