"""A reader who follows the changes ends with what the server has, whatever it asks for."""

import http.client
import json
import random
import subprocess
import threading
import urllib.parse

from conftest import ENVIRONMENT, PROGRAM, Server, end, serve_writable
from edited import AUTHORS, SECTIONS, SQL, TAGS, Writer, delete_article, opened


def slug(name):
    return urllib.parse.quote(name.lower().replace(" / ", "-").replace(" ", "-"))


FILTERS = ["", f"tag={slug('Apples')}", f"tag={slug('Café')},{slug('Walls')}", f"tag={slug('Tides')}&tag={slug('東京')}",
           "section=world", "section=culture-books&author=ada-finch", f"author={slug('Zoë Ångström')}"]


class Copy:
    """A reader that knows nothing but what the API tells it."""

    def __init__(self, filters, is_collapsed):
        self.filters = filters
        self.articles = {}
        options = [filters] if filters else []
        options += ["collapse=1"] if is_collapsed else []
        self.next = "/v1/changes?" + "&".join([*options, "limit=4"])
        self.heard = 0

    def matches(self, article):
        wanted = urllib.parse.parse_qsl(self.filters)
        carried = {"tag": [tag["slug"] for tag in article["tags"]],
                   "author": [author["slug"] for author in article["authors"]],
                   "section": [step["slug"] for step in (article["section"] or {"path": []})["path"]]}
        return all(set(names.split(",")) & set(carried[kind]) for kind, names in wanted)

    def follow(self, server):
        for _ in range(1000):
            page = server.get(self.next)
            seqs = [change["seq"] for change in page["data"]]
            assert seqs == sorted(set(seqs)) and len(seqs) <= 4
            for change in page["data"]:
                self.heard += 1
                self.apply(server, change)
            self.next = page["links"]["next"]
            if not page["meta"]["has_more"]:
                assert f"since={page['meta']['seq']}" in self.next
                return
        raise AssertionError("the changes do not end")

    def apply(self, server, change):
        if change["type"] != "article":
            return
        answer = server.ask(change["url"])
        if answer.status == 200 and self.matches(answer.json()):
            assert change["op"] != "delete"
            self.articles[change["id"]] = answer.json()
        else:
            self.articles.pop(change["id"], None)


def all_articles(server, filters):
    found, target = {}, f"/v1/articles?include=paragraphs&limit=50&{filters}".rstrip("&")
    while target:
        page = server.get(target)
        found.update({article["id"]: article for article in page["data"]})
        target = page["links"]["next"]
    return found


def test_a_reader_of_changes_ends_with_the_servers_state(tmp_path):
    writer = Writer(tmp_path, 77)
    copies = [Copy(filters, is_collapsed) for filters in FILTERS for is_collapsed in [False, True]]
    compared = 0
    for turn in range(8):
        for _ in range(4):
            writer.add()
        for _ in range(2):
            writer.save()
            for article in filter(None, writer.articles):
                if writer.random.random() < 0.6:
                    writer.edit(article)
        writer.save()
        alive = [index for index, article in enumerate(writer.articles) if article]
        for index in writer.random.sample(alive, 1) if turn else []:
            with opened(writer.db) as store:
                found = store.execute("SELECT id FROM article WHERE title = ?",
                                      [writer.articles[index]["title"]]).fetchone()[0]
            delete_article(writer.db, found)
            writer.articles[index] = None
            (writer.folder / f"{index + 1:03}.txt").unlink()
        with writer.served() as server:
            for copy in copies:
                copy.follow(server)
                wanted = all_articles(server, copy.filters)
                assert copy.articles == wanted, copy.next
                compared += len(wanted)
    assert compared > 200
    for plain, collapsed in zip(copies[::2], copies[1::2]):
        assert collapsed.heard < plain.heard


class Hand(threading.Thread):
    """One of several who write at once over HTTP."""

    def __init__(self, server, number):
        super().__init__()
        self.random = random.Random(number)
        self.number = number
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        self.headers = {**server.authorization, "Content-Type": "application/json"}
        self.ids = []
        self.statuses = []

    def send(self, method, target, body=None, headers=None):
        body = None if body is None else json.dumps(body).encode()
        self.connection.request(method, target, body, {**self.headers, **(headers or {})})
        answer = self.connection.getresponse()
        text = answer.read()
        self.statuses.append(answer.status)
        assert answer.status < 500 or answer.status == 503, text
        return json.loads(text) if text and answer.status < 300 else {}

    def fields(self):
        return {"authors": self.random.sample(AUTHORS, 1), "section": self.random.choice(SECTIONS),
                "tags": self.random.sample(TAGS, self.random.randint(0, 3))}

    def step(self, count):
        what = self.random.randrange(10)
        some = f"/v1/articles/{self.random.choice(self.ids)}" if self.ids else ""
        if what < 3 or not self.ids:
            made = self.send("POST", "/v1/articles", {
                "title": f"Of hand {self.number}, number {count}", **self.fields(),
                "paragraphs": [f"Text {count} of hand {self.number}."]})
            self.ids += [made["id"]] if made else []
        elif what < 6:
            self.send("PATCH", some, self.fields(), {"If-Match": "*"})
        elif what < 8:
            self.send("PATCH", some, {"paragraphs": [f"Anew by hand {self.number}: {count}."]}, {"If-Match": "*"})
        elif what == 8:
            self.send("DELETE", some, headers={"If-Match": "*"})
            self.ids.remove(int(some.rsplit("/", 1)[1]))
        else:
            self.change_tag(count)

    def change_tag(self, count):
        tags = self.send("GET", "/v1/tags")["data"]
        if len(tags) > 3 and self.random.random() < 0.5:
            chosen, other = self.random.sample(tags, 2)
            self.send("POST", f"{chosen['url']}/merge", {"into": other["slug"]})
        elif tags:
            chosen = self.random.choice(tags)
            self.send("PATCH", chosen["url"], {"name": f"{chosen['name']} {count}"})

    def run(self):
        for count in range(70):
            self.step(count)
        self.connection.close()


def test_a_reader_keeps_up_with_several_who_write(tmp_path):
    server = serve_writable(tmp_path)
    hands = [Hand(server, number) for number in range(3)]
    copies = [Copy(filters, is_collapsed) for filters in FILTERS for is_collapsed in [False, True]]
    for hand in hands:
        hand.start()
    while any(hand.is_alive() for hand in hands):
        for copy in copies:
            copy.follow(server)
    for hand in hands:
        hand.join()
    statuses = [status for hand in hands for status in hand.statuses]
    assert {200, 201, 204} <= set(statuses), statuses
    for copy in copies:
        copy.follow(server)
        assert copy.articles == all_articles(server, copy.filters), copy.next
    assert len(all_articles(server, "")) > 10
    # One row for each write, and none left out.
    changes = server.get("/v1/changes?limit=1000")["data"]
    assert {(change["type"], change["op"]) for change in changes} == {
        ("article", "create"), ("article", "update"), ("article", "delete"), ("tag", "update"), ("tag", "delete")}
    seqs = [change["seq"] for change in changes]
    assert seqs == list(range(1, len(seqs) + 1))
    assert server.get(f"/v1/changes?since={seqs[-1]}")["meta"]["seq"] == seqs[-1]
    end(server)


def test_at_the_end_a_poll_costs_a_304(tmp_path):
    writer = Writer(tmp_path, 8)
    writer.add()
    writer.save()
    with writer.served() as server:
        seq = server.get("/v1/changes")["meta"]["seq"]
        first = server.ask(f"/v1/changes?since={seq}")
        assert first.json()["data"] == []
        assert first.json()["links"]["next"] == f"/v1/changes?since={seq}"
        again = server.ask(f"/v1/changes?since={seq}", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status == 304 and again.body == b""


def test_a_server_keeps_as_many_as_it_is_told(tmp_path):
    server = serve_writable(tmp_path, settings=["--changes-keep", "5"])
    post = {"method": "POST", "headers": {**server.authorization, "Content-Type": "application/json"}}
    try:
        for n in range(10):
            body = json.dumps({"title": f"Title {n}", "paragraphs": ["One."]})
            assert server.ask("/v1/articles", body=body, **post).status == 201
        gone = server.ask("/v1/changes?since=0")
        assert gone.status == 410
        oldest = gone.json()["oldest_seq"]
        assert (oldest, gone.json()["seq"]) == (6, 10)
        for since, seqs in [(5, [6, 7, 8, 9, 10]), (oldest, [7, 8, 9, 10])]:
            page = server.get(f"/v1/changes?since={since}")
            assert [change["seq"] for change in page["data"]] == seqs
            assert page["meta"]["oldest_seq"] == oldest
        # What changes nothing forgets nothing, and an import counts as its articles do.
        same = {"method": "PUT", "headers": {**post["headers"], "If-Match": "*"}}
        assert server.ask("/v1/articles/10", body=body, **same).status == 200
        assert server.get("/v1/changes?since=5")["meta"]["seq"] == 10
        lines = "".join(json.dumps({"title": f"More {n}", "paragraphs": ["Two."]}) + "\n" for n in range(3))
        post["headers"]["Content-Type"] = "application/x-ndjson"
        assert server.ask("/v1/import", body=lines, **post).status == 200
        assert server.ask("/v1/changes?since=7").json()["oldest_seq"] == 9
        assert len(server.get("/v1/changes?since=8")["data"]) == 5
    finally:
        end(server)
    check = subprocess.run([PROGRAM, "check", "--db", str(tmp_path / "test.db")], capture_output=True, text=True,
                           env=ENVIRONMENT, timeout=60, check=False)
    assert check.returncode == 0, check.stdout + check.stderr


def test_a_limit_set_later_holds_from_the_start(tmp_path):
    server = serve_writable(tmp_path)
    headers = {**server.authorization, "Content-Type": "application/x-ndjson"}
    lines = "".join(json.dumps({"title": f"Title {n}", "paragraphs": ["One."]}) + "\n" for n in range(2500))
    try:
        assert server.ask("/v1/import", "POST", headers, lines).status == 200
        known = server.ask("/v1/changes?since=7").headers["ETag"]
        article = server.ask("/v1/articles/1").headers["ETag"]
    finally:
        end(server)
    for settings, article_status in [(["--changes-keep", "5"], 200), (["--changes-keep", "9"], 304), ([], 304)]:
        server = Server(tmp_path / "test.db", tmp_path / "again.log", settings)
        try:
            # A tag that was given before does not say that all is as it was.
            gone = server.ask("/v1/changes?since=7", headers={"If-None-Match": known})
            assert gone.status == 410 and gone.json()["oldest_seq"] == 2496 and gone.json()["seq"] == 2500
            assert len(server.get("/v1/changes?since=2495")["data"]) == 5
            again = server.ask("/v1/articles/1", headers={"If-None-Match": article})
            assert again.status == article_status, settings
            article = again.headers["ETag"]
        finally:
            end(server)
    server = Server(tmp_path / "test.db", tmp_path / "again.log", ["--changes-keep", "5"])
    try:
        fields = {**headers, "If-Match": article, "Prefer": "return=minimal", "Content-Type": "application/json"}
        done = server.ask("/v1/articles/1", "PATCH", fields, '{"tags": ["a"]}')
        assert done.status == 204
        assert server.ask("/v1/articles/1", headers={"If-None-Match": done.headers["ETag"]}).status == 304
        assert server.ask("/v1/changes?since=0").json()["oldest_seq"] == 2497
    finally:
        end(server)
    check = subprocess.run([PROGRAM, "check", "--db", str(tmp_path / "test.db")], capture_output=True, text=True,
                           env=ENVIRONMENT, timeout=60, check=False)
    assert check.returncode == 0, check.stdout + check.stderr


def test_what_is_no_longer_kept_is_said(tmp_path):
    writer = Writer(tmp_path, 9)
    for _ in range(10):
        writer.add()
    writer.save()
    with opened(writer.db) as store:
        store.execute(SQL["change_oldest_set"], {"keep": 3, "most": 1000})
        store.execute(SQL["change_purge"])
    with writer.served() as server:
        seq = int(server.ask("/v1/articles").headers["X-Seq"])
        for since in [0, seq - 4]:
            answer = server.ask(f"/v1/changes?since={since}")
            assert answer.status == 410
            assert answer.json()["oldest_seq"] == seq - 2
        page = server.get(f"/v1/changes?since={seq - 3}")
        assert [change["seq"] for change in page["data"]] == [seq - 2, seq - 1, seq]
        assert page["meta"]["oldest_seq"] == seq - 2
        assert server.ask(f"/v1/changes?since={seq + 1}").status == 400
        # The list of versions says so instead of guessing.
        assert server.get("/v1/articles/1/revisions")["data"][0]["changed"] is None
        assert server.get("/v1/articles/10/revisions")["data"][0]["changed"] == []
