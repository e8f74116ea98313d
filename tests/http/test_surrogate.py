"""Surrogate-Key: by article-ID and `articles` everything is found that a write to the article changes."""

import json

import pytest
from conftest import HERE, end, serve_writable

SHOWS_ARTICLE = ["/v1/articles/3", "/v1/articles/3.txt", "/v1/articles/3/paragraphs", "/v1/articles/3/paragraphs/1",
                 "/v1/articles/3/revisions/1", "/v1/articles/3?as_of=1", "/v1/articles/3/diff?from=1&to=1"]
OF_MANY = ["/v1/articles", "/v1/articles.atom", "/v1/articles/3?include=related", "/v1/articles/3/revisions",
           "/v1/articles/3/related", "/v1/paragraphs", "/v1/paragraphs/9", "/v1/paragraphs/9/duplicates", "/v1/search?q=river",
           "/v1/suggest?q=ri", "/v1/quotes?text=low+water", "/v1/changes", "/v1/tags", "/v1/authors/bo-reed"]


@pytest.fixture(scope="module")
def keyed(tmp_path_factory):
    started = serve_writable(tmp_path_factory.mktemp("keys"), [HERE / "fixtures/first"],
                             settings=["--surrogate-keys", "on", "--public-url", "https://news.example"])
    yield started
    end(started)


@pytest.mark.parametrize("target", SHOWS_ARTICLE)
def test_one_article(keyed, target):
    keys = keyed.ask(target).headers["Surrogate-Key"].split(" ")
    assert keys == ["article-3", "author-bo-reed", "section-world", "section-world-rivers",
                    "section-world-rivers-estuaries", "tag-bridges", "tag-tides", "tag-c-plus-plus"]


@pytest.mark.parametrize("target", OF_MANY)
def test_many(keyed, target):
    assert keyed.ask(target).headers["Surrogate-Key"].split(" ")[0] == "articles"


@pytest.mark.parametrize("target, key", [("/v1/tags/tides", "tag-tides"), ("/v1/tags/tides/articles", "tag-tides"),
                                         ("/v1/sections/world/articles.rss", "section-world"),
                                         ("/v1/authors/bo-reed", "author-bo-reed")])
def test_a_term(keyed, target, key):
    assert keyed.ask(target).headers["Surrogate-Key"] == f"articles {key}"


@pytest.mark.parametrize("target", ["/openapi.json", "/healthz", "/v1/articles/99", "/v1/export.ndjson"])
def test_what_no_write_changes_or_no_cache_keeps(keyed, target):
    assert keyed.ask(target).headers["Surrogate-Key"] is None


def test_what_is_unchanged_says_nothing(keyed):
    answer = keyed.ask("/v1/articles/3")
    again = keyed.ask("/v1/articles/3", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304 and again.headers["Surrogate-Key"] is None


def test_many_terms_are_cut(keyed):
    tags = [f"Étiquette {number} {'x' * 60}" for number in range(20)]
    made = keyed.ask("/v1/articles", "POST", {**keyed.authorization, "Content-Type": "application/json"},
                     json.dumps({"title": "Many", "tags": tags, "paragraphs": ["Text."]}))
    assert made.status == 201, made.body
    keys = keyed.ask(f"/v1/articles/{made.json()['id']}").headers["Surrogate-Key"]
    assert keys.startswith(f"article-{made.json()['id']} tag-%C3%A9tiquette-") and 900 < len(keys) <= 1024


def test_cache_control(tmp_path):
    server = serve_writable(tmp_path, [HERE / "fixtures/first"], settings=[
        "--cache-max-age", "5", "--cache-shared-max-age", "86400", "--cache-stale", "30", "--cache-stale-error", "3600"])
    assert server.ask("/v1/articles/3").headers["Cache-Control"] == \
        "public, max-age=5, s-maxage=86400, stale-while-revalidate=30, stale-if-error=3600"
    assert server.ask("/v1/articles/3/revisions/1").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    end(server)


def test_compression_off(tmp_path):
    server = serve_writable(tmp_path, [HERE / "fixtures/first"], settings=["--compression", "off"])
    answer = server.ask("/v1/articles/3", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] is None and answer.headers["Vary"] is None
    tag = answer.headers["ETag"]
    for sent in (tag, tag[:-1] + '-gzip"', f"W/{tag}"):
        again = server.ask("/v1/articles/3", headers={"If-None-Match": sent, "Accept-Encoding": "gzip"})
        assert again.status == 304 and again.headers["ETag"] == tag
    end(server)
