"""Pages whose items are written one by one have the bytes of pages that are made whole, and a page that would be too
large is refused with what would be right."""

import json
import subprocess

import pytest
from conftest import ENVIRONMENT, PROGRAM, end, serve


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    folder = tmp_path_factory.mktemp("long")
    words = "The harbour lay still under the ropes of the ferry. " * 4 + "So."
    lines = [json.dumps({"title": f"Tide {i} “é” \\ \"q\"", "paragraphs": [f"{i}.{n} {words}" for n in range(20)]})
             for i in range(1000)]
    subprocess.run([PROGRAM, "import", "--quiet", "--db", folder / "test.db", "-"], input="\n".join(lines).encode(),
                   check=True, env=ENVIRONMENT, timeout=120)
    server = serve(folder)
    yield server
    end(server)


@pytest.mark.parametrize("query", ["limit=1", "limit=3", "limit=3&fields=id,tags.slug", "limit=2&include=paragraphs",
                                   "date=1700", "limit=2&page=2&count=none"])
def test_bytes(long, query):
    compact = long.ask("/v1/articles?" + query).body.decode()
    pretty = long.ask("/v1/articles?pretty=1&" + query).body.decode()
    read = json.loads(compact)
    assert list(read) == ["data", "links", "meta"]
    assert compact == json.dumps(read, ensure_ascii=False, separators=(",", ":"))
    read = json.loads(pretty)
    assert pretty == json.dumps(read, ensure_ascii=False, indent=2) + "\n"
    assert read["data"] == json.loads(compact)["data"]


def test_lines(long):
    items = long.get("/v1/articles?limit=7&include=paragraphs")["data"]
    lines = long.ask("/v1/articles.ndjson?limit=7&include=paragraphs").body.decode().splitlines()
    assert [json.loads(line) for line in lines] == items


def test_a_page_of_the_longest(long):
    answer = long.ask_unchecked("/v1/articles?limit=1000&include=paragraphs")
    assert answer.status == 200 and len(answer.body) > 4_000_000
    assert len(json.loads(answer.body)["data"]) == 1000


@pytest.mark.parametrize("form", ["atom", "rss", "feed.json"])
def test_too_large(long, form):
    answer = long.ask(f"/v1/articles.{form}?limit=1000")
    assert answer.status == 400
    problem = answer.json()
    assert problem["type"] == "/problems/answer_too_large"
    assert "these 1000 items are more than one answer can hold: ask for fewer with limit" in problem["detail"]
    assert long.ask(f"/v1/articles.{form}?limit=100").status == 200
