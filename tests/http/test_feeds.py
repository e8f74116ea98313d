"""Lists as feeds, against the JSON list: every element of every item, page by page, and what must not change."""

import json
import re
import socket
import subprocess

import pytest
from conftest import ENVIRONMENT, HERE, PROGRAM, end, serve
from feeds import READERS, check_page

FORMS = sorted(READERS)
LISTS = ["/v1/articles", "/v1/articles?sort=title&tag=walls", "/v1/tags/apples/articles", "/v1/sections/world/articles",
         "/v1/authors/ada-finch/articles", "/v1/articles?q=the", "/v1/search?q=the&sort=newest", "/v1/articles?ids=3,1,7"]


def as_form(target, form, more=""):
    path, _, query = target.partition("?")
    query = "&".join(part for part in (query, more) if part)
    return f"{path}.{form}" + (f"?{query}" if query else "")


def path_of(url):
    return re.sub(r"^https?://[^/]+", "", url)


def articles_of(server, target):
    """The articles of one page, with their paragraphs."""
    page = server.get(target)
    ids = [item["id"] for item in page["data"]]
    return [server.get(f"/v1/articles/{number}") for number in ids], page


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("target", LISTS)
def test_each_page_says_what_json_says(server, target, form):
    base = f"http://127.0.0.1:{server.port}"
    limit = "" if "ids=" in target else "limit=2"
    feed_target, json_target, seen = as_form(target, form, limit), target, []
    if limit:
        json_target += ("&" if "?" in target else "?") + limit
    while feed_target:
        answer = server.ask(feed_target)
        assert answer.status == 200, answer.body
        feed = READERS[form](answer.body)
        articles, page = articles_of(server, json_target)
        check_page(feed, articles, base, form)
        assert feed["self"] == base + feed_target
        assert bool(feed["next"]) == bool(page["links"]["next"])
        if form != "feed.json":
            assert bool(feed["previous"]) == bool(page["links"]["prev"])
            assert feed["first"] == base + as_form(target, form, limit)
        if form == "atom":
            assert feed["updated"] == max(article["updated_at"] for article in articles)
        seen += [item["id"] for item in feed["items"]]
        feed_target, json_target = feed["next"] and path_of(feed["next"]), page["links"]["next"]
    assert len(seen) == len(set(seen)) > 0


def test_ids_are_the_same_in_every_form_and_at_every_host(server):
    found = []
    for form in FORMS:
        for host in ("a.example", "b.example:81"):
            answer = server.ask(f"/v1/articles.{form}", headers={"Host": host})
            found.append([item["id"] for item in READERS[form](answer.body)["items"]])
    assert len(found[0]) == 8 and all(ids == found[0] for ids in found)
    linked = server.ask("/v1/articles/5.jsonld").json()["identifier"]
    assert linked == found[0][0]


@pytest.mark.parametrize("form", FORMS + ["md", "txt"])
def test_the_same_bytes_again(server, form):
    first = server.ask(f"/v1/articles.{form}?limit=5")
    again = server.ask(f"/v1/articles.{form}?limit=5")
    assert first.body == again.body and first.headers["ETag"] == again.headers["ETag"]
    unchanged = server.ask(f"/v1/articles.{form}?limit=5", headers={"If-None-Match": first.headers["ETag"]})
    assert unchanged.status == 304 and unchanged.body == b""


def test_alternates_are_served_as_they_say(server):
    found = re.findall(r'<([^>]*)>; rel="alternate"; type="([^"]*)"',
                       server.ask("/v1/tags/walls/articles?limit=2&fields=id").headers["Link"])
    assert [target for target, _ in found if "fields" in target] == [
        "/v1/tags/walls/articles.csv?limit=2&fields=id", "/v1/tags/walls/articles.ndjson?limit=2&fields=id"]
    assert len(found) == 8
    for target, kind in found:
        answer = server.ask(target)
        assert answer.status == 200 and answer.headers["Content-Type"].split(";")[0] == kind


def test_a_long_query_is_not_repeated_for_each_form(server):
    link = server.ask("/v1/articles?limit=2&tag_not=" + "x" * 200).headers["Link"]
    assert "alternate" not in link and 'rel="next"' in link


def test_a_host_is_needed(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(b"GET /v1/articles.atom HTTP/1.0\r\n\r\n")
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 400 ") or answer.startswith(b"HTTP/1.0 400 ")
    assert b"no Host to make them of" in answer


HOSTILE = ["<b>bold</b> & \"quoted\" 'single'", "]]> <![CDATA[x]]> &amp; &#60; &lt;", "no-break\u00a0space \ufffd",
           "\U0001f980 \U0010fffd e\u0301 \u202e reversed",
           "<!-- comment --> <?pi?> </p></content></entry></feed>", "# heading [link](x) *b* `c` | d", "# # #"]


def test_what_is_written_is_what_is_read(writable):
    made = writable.ask("/v1/articles", "POST", {"Content-Type": "application/json", **writable.authorization},
                        json.dumps({"title": HOSTILE[0], "authors": [HOSTILE[1], "O'Hara & Sons <x>"],
                                    "tags": [HOSTILE[0], "R&D <3"], "section": ["A & B", "<C>"],
                                    "paragraphs": HOSTILE}).encode())
    assert made.status == 201, made.body
    article = made.json()
    base = f"http://127.0.0.1:{writable.port}"
    for form in FORMS:
        answer = writable.ask(f"/v1/articles.{form}?ids={article['id']}")
        check_page(READERS[form](answer.body), [article], base, form)
    linked = writable.ask(f"/v1/articles/{article['id']}.jsonld").json()
    assert linked["articleBody"] == "\n\n".join(HOSTILE) and linked["headline"] == HOSTILE[0]
    assert linked["@type"] == "NewsArticle" and linked["keywords"] == [tag["name"] for tag in article["tags"]]
    assert linked["articleSection"] == ["A & B", "<C>"] and "datePublished" not in linked
    assert linked["wordCount"] == article["word_count"] and linked["dateModified"] == article["updated_at"]
    assert [author["name"] for author in linked["author"]] == [HOSTILE[1], "O'Hara & Sons <x>"]


def test_an_id_outlives_titles_and_slugs(writable):
    authorized = {"Content-Type": "application/json", **writable.authorization}
    article = writable.ask("/v1/articles", "POST", authorized, b'{"title": "First name", "paragraphs": ["Text."]}').json()

    def identity():
        return READERS["atom"](writable.ask(f"/v1/articles.atom?ids={article['id']}").body)["items"][0]

    before = identity()
    changed = writable.ask(f"/v1/articles/{article['id']}", "PATCH", {**authorized, "If-Match": "*"},
                           b'{"title": "Second name", "slug": "second-name"}')
    assert changed.status == 200
    after = identity()
    assert (before["title"], after["title"]) == ("First name", "Second name")
    assert before["id"] == after["id"] and before["url"] == after["url"] and before["published"] is None


def test_a_public_url_is_what_addresses_are_made_of(tmp_path):
    server = serve(tmp_path, [HERE / "fixtures/first"],
                   settings=["--public-url", "https://news.example/api/", "--title", "The Post & Mail"])
    try:
        for form in FORMS:
            first = server.ask(f"/v1/articles.{form}?limit=2", headers={"Host": "evil.example"})
            again = server.ask(f"/v1/articles.{form}?limit=2", headers={"Host": "other.example"})
            assert first.headers["Cache-Control"].startswith("public, ")
            assert first.headers["ETag"] == again.headers["ETag"] and first.body == again.body
            assert b"evil" not in first.body and b"127.0.0.1" not in first.body
            feed = READERS[form](first.body)
            assert feed["title"] == "The Post & Mail"
            assert feed["self"] == f"https://news.example/api/v1/articles.{form}?limit=2"
            assert feed["next"].startswith(f"https://news.example/api/v1/articles.{form}?limit=2&cursor=")
        linked = server.ask("/v1/articles/1.jsonld")
        assert linked.json()["@id"] == "https://news.example/api/v1/articles/1"
        assert linked.json()["url"] == "https://news.example/api/v1/articles/1.html"
        assert linked.json()["author"][0]["url"].startswith("https://news.example/api/v1/authors/")
        assert linked.json()["author"][0]["url"].endswith("/articles.html")
        assert linked.headers["Cache-Control"].startswith("public, ")
        etag, ids = first.headers["ETag"], [item["id"] for item in feed["items"]]
    finally:
        end(server)
    renamed = serve(tmp_path, settings=["--public-url", "https://news.example", "--title", "The Mail"])
    try:
        answer = renamed.ask(f"/v1/articles.{form}?limit=2", headers={"If-None-Match": etag})
        assert answer.status == 200, "what is set is part of the ETag"
        assert [item["id"] for item in READERS[form](answer.body)["items"]] == ids
    finally:
        end(renamed)


@pytest.mark.parametrize("url", ["news.example", "ftp://news.example", "https://", "https:///x", "https://a b", "https://x/?q",
                                 "https://x/#f", "https://x/<y>"])
def test_a_public_url_must_be_one(tmp_path, url):
    done = subprocess.run([PROGRAM, "serve", "--db", str(tmp_path / "x.db"), "--public-url", url], capture_output=True,
                          text=True, env=ENVIRONMENT, timeout=60)
    assert done.returncode == 2 and "--public-url" in done.stderr


def test_ids_stay_when_changes_are_trimmed(tmp_path):
    """Trimming gives the store another birth, which ETags hold and ids must not."""
    server = serve(tmp_path, [HERE / "fixtures/first"])
    before = server.ask("/v1/articles.atom")
    end(server)
    server = serve(tmp_path, settings=["--changes-keep", "2"])
    after = server.ask("/v1/articles.atom")
    end(server)
    assert before.headers["ETag"].split("-")[0] == after.headers["ETag"].split("-")[0]
    found = [[item["id"] for item in READERS["atom"](answer.body)["items"]] for answer in (before, after)]
    assert found[0] == found[1] and len(found[0]) == 8
