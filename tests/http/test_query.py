"""QUERY (RFC 10008), and POST in its place: at every address that says so, the answer is the one that GET gives."""

import pytest

from lists import address

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FORM_LIMIT_BYTES = 64 * 1024


def queryable(server):
    """Path of the document, address, query, and the methods that may ask."""
    for path, item in server.contract.document["paths"].items():
        methods = item.get("get", {}).get("x-query", {}).get("methods", [])
        if methods:
            yield path, *(address(server, path) + "?").split("?")[:2], methods


def test_lists_search_and_quotes_are_queryable(server):
    methods = {path: methods for path, _, _, methods in queryable(server)}
    for path in ("/v1/search", "/v1/search.atom", "/v1/quotes", "/v1/tags", "/v1/authors/{slug}/articles.csv",
                 "/v1/changes", "/v1/paragraphs.md", "/v1/suggest"):
        assert methods[path] == ["QUERY", "POST"]
    for path in ("/v1/articles", "/v1/articles.rss", "/v1/articles/{article}/paragraphs"):
        assert methods[path] == ["QUERY"]


def test_the_answer_is_that_of_get(server):
    for _, path, query, methods in queryable(server):
        expected = server.ask(f"{path}?{query}")
        assert expected.status == 200
        assert expected.headers["Accept-Query"].startswith('"application/x-www-form-urlencoded"')
        answer = server.ask(path, "QUERY", FORM, query.encode())
        assert answer.status == 200, path
        assert answer.body == expected.body
        for name in ("ETag", "Content-Type", "Link", "Cache-Control", "Accept-Query"):
            assert answer.headers.get(name) == expected.headers.get(name), (path, name)
        again = server.ask(answer.headers["Location"])
        assert again.body == expected.body and again.headers["ETag"] == expected.headers["ETag"]
        unchanged = server.ask(path, "QUERY", {**FORM, "If-None-Match": expected.headers["ETag"]}, query.encode())
        assert unchanged.status == 304 and not unchanged.body
        if "POST" in methods:
            posted = server.ask(path, "POST", FORM, query.encode())
            assert posted.status == 200 and posted.body == expected.body
            assert "ETag" not in posted.headers and posted.headers["Cache-Control"] == "no-store"


def test_what_is_asked_again_is_answered_again(server):
    """From the answers that are kept, too; and never with those of another query."""
    bodies = {}
    for _ in range(3):
        for limit in (1, 2, 3):
            answer = server.ask("/v1/articles", "QUERY", FORM, b"fields=id&limit=%d" % limit)
            assert len(answer.json()["data"]) == limit
            assert answer.headers["Location"] == f"/v1/articles?fields=id&limit={limit}"
            assert bodies.setdefault(limit, answer.body) == answer.body
            got = server.ask(f"/v1/articles?fields=id&limit={limit}")
            assert got.body == answer.body and "Location" not in got.headers
        wrong = server.ask("/v1/articles", "QUERY", {"Content-Type": "text/plain"}, b"fields=id&limit=1")
        assert wrong.status == 415


def test_what_no_target_could_hold(server):
    ids = ",".join(str(10 ** 17 + i) for i in range(990)) + ",8,6,1"
    assert server.ask("/v1/articles?ids=" + ids).status == 414
    answer = server.ask("/v1/articles", "QUERY", FORM, f"fields=id&ids={ids}".encode())
    assert [article["id"] for article in answer.json()["data"]] == [8, 6, 1]
    assert "Location" not in answer.headers  # GET would not take it
    assert answer.headers["ETag"]


@pytest.mark.parametrize("method", ["QUERY", "POST"])
def test_too_much(server, method):
    fits = b"q=apples&utm_x="
    fits += b"x" * (FORM_LIMIT_BYTES - len(fits))
    assert server.ask("/v1/search", method, FORM, fits).status == 200
    answer = server.ask("/v1/search", method, FORM, fits + b"x")
    assert answer.status == 413 and str(FORM_LIMIT_BYTES) in answer.json()["detail"]


def test_a_moved_address_is_asked_again_with_its_body(writable):
    made = writable.ask("/v1/articles", "POST", {"Content-Type": "application/json", **writable.authorization},
                        b'{"title": "Asked by another name", "tags": [{"name": "Asked before"}], "paragraphs": ["One."]}')
    assert made.status == 201, made.body
    renamed = writable.ask("/v1/tags/asked-before", "PATCH",
                           {"Content-Type": "application/merge-patch+json", **writable.authorization},
                           b'{"name": "Asked after"}')
    assert renamed.status == 200, renamed.body
    answer = writable.ask("/v1/tags/asked-before/articles", "QUERY", FORM, b"limit=1")
    assert answer.status == 308 and answer.headers["Location"] == "/v1/tags/asked-after/articles"
