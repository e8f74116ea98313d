"""Quotes where their cases in text do not reach: limits, closed reads, time; and answers that time cut short."""

import json
from urllib.parse import quote

import pytest

import made_up
from conftest import HERE, end, serve, serve_writable

JSON = {"Content-Type": "application/json"}


def post(server, quotes, headers=JSON):
    return server.ask("/v1/quotes", "POST", headers, json.dumps({"quotes": quotes}))


# ---- limits ----

def test_a_text_of_two_thousand_characters_and_one_more(server):
    assert server.ask("/v1/quotes?text=" + "a" * 2000).status == 200
    assert post(server, [{"text": "ä" * 2000}]).status == 200  # characters are counted, not bytes
    for answer, named in ((server.ask("/v1/quotes?text=" + "a" * 2001), {"parameter": "text"}),
                          (post(server, [{"text": "x"}, {"text": "ä" * 2001}]), {"pointer": "/quotes/1/text"})):
        problem = answer.json()
        assert answer.status == (400 if "parameter" in named else 422), problem
        assert "has 2001 characters; a quotation has at most 2000" in json.dumps(problem)
        assert named.items() <= problem["errors"][0].items(), problem


def test_a_hundred_quotes_and_one_more(server):
    answer = post(server, [{"text": "light"}] * 100)
    assert answer.status == 200 and answer.json()["meta"]["total"] == 100
    answer = post(server, [{"text": "light"}] * 101)
    assert answer.status == 422 and "a list of 1 to 100 quotations" in answer.body.decode()


# ---- closed reads ----

def test_closed_reads_are_closed_to_quotes(tmp_path):
    server = serve_writable(tmp_path, [HERE / "fixtures/first"], settings=["--read-access", "token"])
    target, quotes = "/v1/quotes?text=they%20began%20with%20ladders", [{"text": "they began with ladders"}]
    for answer in (server.ask(target), post(server, quotes)):
        assert answer.status == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert b"ladders" not in answer.body
    answer = server.ask(target, "GET", server.authorization)
    assert answer.status == 200 and answer.json()["status"] == "normalized"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert post(server, quotes, {**JSON, **server.authorization}).json()["data"][0]["status"] == "normalized"
    end(server)


# ---- time ----

@pytest.fixture(scope="module")
def hasty(tmp_path_factory):
    """A search may take a millisecond: more than a small question takes, and less than these do."""
    folder = tmp_path_factory.mktemp("hasty")
    made_up.write_articles(folder / "articles", 300)
    server = serve(folder, [folder / "articles"], settings=["--search-deadline", "1"])
    yield server
    end(server)


def long_quote():
    """Of words that stand in every article, in an order in which they stand in none."""
    return " ".join(made_up.WORDS[i * i % len(made_up.WORDS)] for i in range(250))


def test_a_quote_that_takes_too_long_says_so(hasty):
    for answer in (hasty.ask("/v1/quotes?text=" + quote(long_quote())), post(hasty, [{"text": long_quote()}])):
        problem = answer.json()
        assert answer.status == 503 and problem["type"] == "/problems/query_timeout", problem
        assert answer.headers["Retry-After"] and answer.headers["ETag"] is None


def test_suggestions_that_were_cut_are_not_taken_for_all(hasty, samples):
    """Whether they are whole depends on the hour, so nobody may keep them."""
    target = "/v1/search?q=lighthouskeepers&fields=id"
    answers = (hasty.ask(target) for _ in range(100))  # the search itself may take too long as well
    answer = next(answer for answer in answers if answer.status == 200)
    assert answer.headers["ETag"] is None and answer.headers["Last-Modified"] is None
    assert answer.headers["Cache-Control"] == "no-store"
    whole = samples.ask("/v1/search?q=harbuor&fields=id")
    assert whole.headers["ETag"] and whole.json()["meta"]["suggestions"][0]["q"] == "harbour"
    assert "no-store" not in whole.headers["Cache-Control"]
