"""What an ETag promises: the same tag at the same address is the same bytes, whatever else was written."""

import shutil

import pytest
from conftest import HERE, end, serve

ADDRESSES = ["/v1/articles/3", "/v1/articles/3.txt", "/v1/articles/3.md", "/v1/articles/3?include=related,neighbors",
             "/v1/articles/3/paragraphs", "/v1/articles/3/paragraphs/1", "/v1/articles/3/paragraphs/1-1",
             "/v1/articles/1", "/v1/articles/1/paragraphs", "/v1/paragraphs/1?context=3", "/v1/paragraphs",
             "/v1/articles?fields=id", "/v1/articles?ids=1,3", "/v1/tags", "/v1/tags/apples?include=related",
             "/v1/sections", "/v1/authors", "/v1", "/", "/v1/articles/3.html", "/v1/articles/3/revisions/1.html"]


def answers_of(folder, *imports):
    server = serve(folder, *imports)
    answers = {address: server.ask(address) for address in ADDRESSES}
    end(server)
    assert all(answer.status == 200 for answer in answers.values())
    return answers


def same_tags(before, after):
    """The addresses whose tags are the same; their bytes must be, too."""
    same = [address for address in ADDRESSES if before[address].headers["ETag"] == after[address].headers["ETag"]]
    for address in same:
        assert before[address].body == after[address].body, f"{address}: other bytes under one ETag"
    return same


@pytest.fixture
def copies(tmp_path):
    for name in ("one", "two"):
        shutil.copytree(HERE / "fixtures/first", tmp_path / name / "articles")
    return tmp_path / "one", tmp_path / "two"


def test_other_articles_change(copies):
    first = answers_of(copies[0], [copies[0] / "articles"])
    second = answers_of(copies[0], [HERE / "fixtures/second"])
    same = same_tags(first, second)
    assert {"/v1/articles/3", "/v1/articles/3/paragraphs", "/v1", "/v1/articles/3/revisions/1.html"} <= set(same)
    assert not {"/v1/articles/1", "/v1/articles", "/v1/articles/3?include=related,neighbors"} & set(same)


def test_a_store_made_anew(copies):
    """The file is thrown away and filled again from corrected texts: every version and seq is as before."""
    first = answers_of(copies[0], [copies[0] / "articles"])
    for path in (copies[1] / "articles").iterdir():
        path.write_text(path.read_text("utf-8").replace("e", "é", 1), "utf-8")
    second = answers_of(copies[1], [copies[1] / "articles"])
    assert same_tags(first, second) == ["/v1"]
