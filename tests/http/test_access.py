"""Who may do what: every route with every kind of sender, under open and under closed reads; limits; proxies."""

import http.client
import re
import subprocess

import pytest

from conftest import ENVIRONMENT, HERE, PROGRAM, import_into

SENDERS = ["nobody", "basic", "read", "write", "admin", "unknown", "wrong", "revoked", "expired"]
SCOPES = ["none", "read", "write", "admin"]
VALUES = {"article": "1", "range": "1", "paragraph": "1", "slug": "none", "code": "busy", "version": "1"}


def run(db, *arguments):
    got = subprocess.run([PROGRAM, *arguments, "--db", str(db)], capture_output=True, text=True, env=ENVIRONMENT,
                         timeout=30, check=False)
    assert got.returncode == 0, got.stderr
    return got.stdout


def routes():
    text = subprocess.run([PROGRAM, "docs", "routes"], capture_output=True, text=True, env=ENVIRONMENT, timeout=30,
                          check=True).stdout
    found = re.findall(r"^\| ([A-Z]+) \| `(\S+)` \| (\w+) \|", text, re.M)
    assert len(found) == len(text.splitlines()) - 2 and len(found) >= 20
    return found


ROUTES = routes()


class Place:
    """A database with a token of each kind, and servers over it that differ in their settings."""

    def __init__(self, folder):
        self.db = folder / "test.db"
        self.folder = folder
        import_into(self.db, HERE / "fixtures/first")
        self.tokens = {scope: run(self.db, "token", "create", "--name", scope, "--scope", scope).strip()
                       for scope in ["read", "write", "admin"]}
        self.tokens["revoked"] = run(self.db, "token", "create", "--name", "r", "--scope", "admin").strip()
        run(self.db, "token", "revoke", "4")
        self.tokens["expired"] = run(self.db, "token", "create", "--name", "e", "--scope", "admin",
                                     "--expires", "1m").strip()
        file = folder / "test.db.tokens"
        lines = file.read_text().splitlines(keepends=True)
        fields = lines[4].split("\t")
        fields[3:5] = ["2001-01-01T00:00:00Z", "2002-01-01T00:00:00Z"]
        file.write_text("".join(lines[:4]) + "\t".join(fields))
        self.tokens["unknown"] = "pcw_99_" + self.tokens["admin"].split("_", 2)[2]
        self.tokens["wrong"] = "pcw_3_" + self.tokens["read"].split("_", 2)[2]

    def headers(self, sender):
        if sender == "nobody":
            return {}
        if sender == "basic":
            return {"Authorization": "Basic " + self.tokens["admin"]}
        return {"Authorization": "Bearer " + self.tokens[sender]}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("access"))


class Asker:
    """Each request on a connection of its own: a refusal may close it."""

    def __init__(self, place, *settings):
        self.log = place.folder / f"log{len(list(place.folder.iterdir()))}.txt"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "--db", str(place.db), "--listen", "127.0.0.1:0", *settings],
                stdout=subprocess.PIPE, stderr=log, text=True, env=ENVIRONMENT)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])

    def ask(self, method, target, headers, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, target, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def stop(self):
        self.process.terminate()
        assert self.process.wait(timeout=30) == 0
        return self.log.read_text()


@pytest.fixture
def start(place):
    started = []

    def begin(*settings):
        started.append(Asker(place, *settings))
        return started[-1]

    yield begin
    for asker in started:
        if asker.process.poll() is None:
            asker.stop()


def expected(scope, sender, access):
    """Whether it is let in, or the status of its refusal. Wrong tokens beyond ten a minute hear 429."""
    if scope == "none":
        return "in"
    if sender in ("nobody", "basic"):
        return "in" if scope == "read" and access == "open" else "challenge"
    if sender not in SCOPES:
        return "invalid"
    if scope == "metrics":
        return "in"
    return "in" if SCOPES.index(sender) >= SCOPES.index(scope) else "insufficient"


def target_of(pattern):
    return re.sub(r"\{(\w+)\}", lambda match: VALUES.get(match[1], "1"), pattern)


def check_refusal(kind, scope, status, headers, body, cell):
    challenge = headers.get("WWW-Authenticate", "")
    assert headers["Cache-Control"] == "no-store", cell
    is_page = cell[1] == "/" or cell[1].endswith(".html")
    assert headers["Content-Type"] == ("text/html; charset=utf-8" if is_page else "application/problem+json"), cell
    if kind == "invalid" and status == 429:
        assert 1 <= int(headers["Retry-After"]) <= 60 and challenge == "", cell
    elif kind == "insufficient":
        assert status == 403, cell
        assert challenge == f'Bearer realm="pilcrow", error="insufficient_scope", scope="{scope}"', cell
    else:
        assert status == 401, (cell, status, body)
        assert challenge == 'Bearer realm="pilcrow"' + (', error="invalid_token"' if kind == "invalid" else ""), cell


@pytest.mark.parametrize("access", ["open", "token"])
def test_every_route_and_every_sender(place, start, access):
    server = start("--read-access", access)
    cells = 0
    for method, pattern, scope in ROUTES:
        for sender in SENDERS:
            kind = expected(scope, sender, access)
            headers = {**place.headers(sender), "Content-Type": "application/octet-stream"}
            body = None if method in ("GET", "DELETE") else b"x"
            status, answer, text = server.ask(method, target_of(pattern), headers, body)
            cell = (method, pattern, scope, sender, access)
            cells += 1
            if kind != "in":
                check_refusal(kind, scope, status, answer, text, cell)
                continue
            assert status not in (401, 403, 429), (cell, status)
            assert "WWW-Authenticate" not in answer, cell
            if status == 200 and scope != "none" and (access == "token" or scope != "read"):
                assert not answer["Cache-Control"].startswith("public"), cell
    assert cells == len(ROUTES) * len(SENDERS)
    assert {scope for _, _, scope in ROUTES} <= {*SCOPES, "metrics"}


@pytest.mark.parametrize("access, wanted", [("open", "public"), ("token", "private, no-cache")])
def test_caching(place, start, access, wanted):
    server = start("--read-access", access)
    reader = place.headers("read")
    status, headers, _ = server.ask("GET", "/v1/articles", reader)
    assert status == 200 and headers["Cache-Control"].startswith(wanted)
    status, again, _ = server.ask("GET", "/v1/articles", {**reader, "If-None-Match": headers["ETag"]})
    assert status == 304 and again["Cache-Control"].startswith(wanted)
    status, _, _ = server.ask("GET", "/v1/articles", {"If-None-Match": headers["ETag"]})
    assert status == (304 if access == "open" else 401), "an ETag opens nothing"
    assert server.ask("HEAD", "/v1/articles", reader)[0] == 200
    assert server.ask("OPTIONS", "/v1/articles", {})[0] == 204, "preflights carry no token"


def test_one_body_for_all_that_is_no_token(place, start):
    server = start("--read-access", "token")
    bodies = set()
    for sender in ["unknown", "wrong", "revoked", "expired"]:
        status, _, body = server.ask("GET", "/v1/articles", place.headers(sender))
        assert status == 401
        bodies.add(re.sub(rb'"request_id":"\w+"', b"", body))
    assert len(bodies) == 1, bodies


@pytest.mark.parametrize("value, status", [
    ("Bearer {}", 200), ("bearer {}", 200), ("BEARER   {}", 200), ("Bearer {} ", 200), ("Bearer", 401),
    ("Bearer ", 401), ("{}", 401), ("Bearer\t{}", 401), ("Bearer {0}, Bearer {0}", 401), ("Bearer {0} {0}", 401),
])
def test_spelling_of_the_field(place, start, value, status):
    server = start("--read-access", "token")
    got, _, body = server.ask("GET", "/v1/tags", {"Authorization": value.format(place.tokens["read"])})
    assert got == status, body


def test_ten_wrong_tokens_a_minute(place, start):
    server = start("--workers", "2")
    statuses = [server.ask("GET", "/v1/tags", {"Authorization": f"Bearer guess{n}"})[0] for n in range(14)]
    assert statuses == [401] * 10 + [429] * 4
    assert server.ask("GET", "/v1/tags", place.headers("read"))[0] == 200, "a good token goes on"
    assert server.ask("GET", "/v1/tags", {})[0] == 200, "so does who sends none"


def test_limit_of_a_token(place, start):
    server = start("--rate-limit", "5", "--workers", "2")
    answers = [server.ask("GET", "/v1/tags?limit=1", place.headers("read")) for _ in range(7)]
    assert [status for status, _, _ in answers] == [200] * 5 + [429] * 2
    assert answers[0][1]["RateLimit-Policy"] == '"token";q=5;w=60'
    assert [re.match(r'"token";r=(\d);t=\d+$', headers["RateLimit"])[1] for _, headers, _ in answers] == list("4321000")
    assert 1 <= int(answers[-1][1]["Retry-After"]) <= 12
    assert server.ask("GET", "/v1/tags", place.headers("write"))[0] == 200, "another token"
    assert server.ask("GET", "/v1/tags", {})[0] == 200, "nobody's requests are not counted"


def test_limit_of_an_address(place, start):
    server = start("--rate-limit-address", "3")
    statuses = [server.ask("GET", "/v1/tags", {"X-Forwarded-For": f"203.0.113.{n}"})[0] for n in range(5)]
    assert statuses == [200] * 3 + [429] * 2, "a forged field is no other address"
    assert server.ask("GET", "/healthz", {})[0] == 200
    assert server.ask("GET", "/v1/tags", place.headers("read"))[0] == 200
    log = server.stop()
    assert "203.0.113" not in log and log.count("address=127.0.0.1") == 7


def test_limit_behind_a_proxy(place, start):
    server = start("--rate-limit-address", "2", "--trusted-proxy", "127.0.0.0/8", "--trusted-proxy", "10.0.0.1")

    def statuses(forwarded, count=3):
        return [server.ask("GET", "/v1/tags", {"X-Forwarded-For": forwarded.format(n=n)})[0] for n in range(count)]

    assert statuses("203.0.113.7") == [200, 200, 429]
    assert statuses("198.51.100.{n}, 203.0.113.7") == [429] * 3, "what a client adds at the left changes nothing"
    assert statuses("198.51.100.{n}, 203.0.113.7, 10.0.0.1") == [429] * 3
    assert statuses("203.0.113.8") == [200, 200, 429], "another client"
    assert statuses("2001:db8::{n}") == [200, 200, 429], "a /64 is one client"
    log = server.stop()
    assert len(re.findall(r"address=203\.0\.113\.7\b", log)) == 9 and "198.51.100" not in log


def test_no_secret_in_the_log(place, start):
    server = start("--read-access", "token", "--log-level", "debug", "--log-format", "json")
    secret = place.tokens["admin"].split("_", 2)[2]
    token = place.tokens["admin"]
    for value in [f"Bearer {token}", f"Basic {token}", f"Token {token}", token, f"Bearer {token}x", f"Bearer x{token}"]:
        for target in ["/v1/tags", f"/v1/tags?access_token={token}", f"/v1/articles/{token}", f"/{token}?{token}"]:
            server.ask("GET", target, {"Authorization": value})
    for name in ["X-Forwarded-For", "If-None-Match", "Host", "X-Api-Key", "Cookie"]:
        server.ask("GET", "/v1/tags", {name: token})
    log = server.stop()
    assert log.count('"target"') == 29
    assert secret not in log
