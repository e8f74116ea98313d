"""A reader who follows the changes ends with what the server has, whatever it asks for."""

import urllib.parse

from edited import SQL, Writer, delete_article, opened


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
                   "section": [step["slug"] for step in article["section"]["path"]]}
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


def test_what_is_no_longer_kept_is_said(tmp_path):
    writer = Writer(tmp_path, 9)
    for _ in range(10):
        writer.add()
    writer.save()
    with opened(writer.db) as store:
        store.execute(SQL["change_oldest_set"], {"keep": 3})
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
