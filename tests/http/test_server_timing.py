"""Server-Timing: only when the operator wants it, and never that of another answer."""

import re

import pytest

from conftest import HERE, end, serve

MEASURED = re.compile(r"store;dur=(\d+\.\d{3}), render;dur=(\d+\.\d{3}), total;dur=(\d+\.\d{3}), cache;desc=miss")
TARGETS = ["/v1/articles", "/v1/articles/1", "/v1/search?q=apples", "/v1/articles.atom", "/v1/articles.csv", "/"]


@pytest.fixture(scope="module")
def timed(tmp_path_factory):
    started = serve(tmp_path_factory.mktemp("timed"), [HERE / "fixtures/first"],
                    settings=["--server-timing", "on", "--workers", "1", "--public-url", "http://news.example"])
    yield started
    end(started)


def test_off(server):
    for target in TARGETS + ["/nowhere"]:
        for _ in range(2):
            answer = server.ask(target)
            assert "Server-Timing" not in answer.headers and "Timing-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("target", TARGETS)
def test_made_and_kept(timed, target):
    """A kept answer says that it is one; what was measured of the first is not told again."""
    bodies = set()
    for expected in ("miss", "hit", "hit"):
        answer = timed.ask(target)
        assert answer.headers["Timing-Allow-Origin"] == "*"
        bodies.add(answer.body)
        if expected == "hit":
            assert answer.headers["Server-Timing"] == "cache;desc=hit"
            continue
        store, render, total = map(float, MEASURED.fullmatch(answer.headers["Server-Timing"]).groups())
        assert 0 <= store + render <= total + 0.001 and total < 20000
        assert render > 0 and (store > 0 or target == "/")
    assert len(bodies) == 1


def test_every_answer_is_measured(timed):
    etag = timed.ask("/v1/tags").headers["ETag"]
    for method, target, headers, status in [
            ("GET", "/v1/tags?limit=0", {}, 400), ("GET", "/nowhere", {}, 404), ("GET", "/healthz", {}, 200),
            ("OPTIONS", "/v1/tags", {}, 204), ("GET", "/v1/tags?_=2", {"If-None-Match": etag}, 304),
            ("QUERY", "/v1/tags", {"Content-Type": "application/x-www-form-urlencoded"}, 200)]:
        answer = timed.ask(target, method, headers)
        assert answer.status == status
        assert MEASURED.fullmatch(answer.headers["Server-Timing"]), (method, target)
    kept = timed.ask("/v1/tags?_=2", headers={"If-None-Match": etag})
    assert kept.status == 304 and kept.headers["Server-Timing"] == "cache;desc=hit"
