"""Feeds in the hands of others: grammars, a feed reader, and the whole corpus there and back."""

import datetime
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/http"))

from conftest import end, serve  # noqa: E402
from feeds import READERS, check_page, paragraphs_of  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus"


def needs(command):
    return pytest.mark.skipif(shutil.which(command) is None, reason=f"{command} is not installed")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    started = serve(tmp_path_factory.mktemp("samples"), [ROOT / "db/samples"])
    yield started
    end(started)


@needs("xmllint")
@pytest.mark.parametrize("form", ["atom", "rss"])
@pytest.mark.parametrize("query", ["limit=5", "limit=2&page=2", "date=1800", "q=ferry"])
def test_the_grammar_allows_it(server, tmp_path, form, query):
    body = server.ask(f"/v1/articles.{form}?{query}").body
    for wanted, feed in ((0, body), (3, body.replace(b"title>", b"titel>"))):
        (tmp_path / "feed.xml").write_bytes(feed)
        done = subprocess.run(["xmllint", "--noout", "--nonet", "--relaxng", HERE / f"{form}.rng", tmp_path / "feed.xml"],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == wanted, done.stderr


@needs("newsboat")
@pytest.mark.parametrize("form", ["atom", "rss"])
def test_newsboat_shows_it(server, tmp_path, form):
    feeds = [f"http://127.0.0.1:{server.port}/v1/{path}" for path in
             (f"articles.{form}", f"tags/harbour/articles.{form}", f"search.{form}?q=ferry")]
    for name, content in (("urls", "\n".join(feeds) + "\n"), ("config", "")):
        (tmp_path / name).write_text(content)
    done = subprocess.run(["newsboat", "-u", "urls", "-C", "config", "-c", "cache.db", "-x", "reload", "print-unread"],
                          cwd=tmp_path, capture_output=True, text=True, timeout=120,
                          env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "dumb"})
    assert done.returncode == 0 and done.stdout.strip() == "12 unread articles", done.stdout + done.stderr
    kept = sqlite3.connect(tmp_path / "cache.db")
    assert [row[0] for row in kept.execute("SELECT title FROM rss_feed ORDER BY rowid")] == [
        "Pilcrow", "Pilcrow: Harbour", "Pilcrow: search (q: ferry)"]
    articles = {article["url"]: article for article in server.get("/v1/articles?include=paragraphs")["data"]}
    rows = kept.execute("SELECT DISTINCT url, title, author, pubDate, content, guid FROM rss_item").fetchall()
    assert {re.sub(r".*(/v1/.*)\.html$", r"\1", row[0]) for row in rows} == set(articles)
    assert len({row[5] for row in rows}) == len(articles) == 12
    for url, title, author, published, content, _ in rows:
        article = articles[re.sub(r".*(/v1/.*)\.html$", r"\1", url)]
        assert title == article["title"]
        names = [name["name"] for name in article["authors"]]  # of several in RSS it keeps the last
        assert author in (names[-1], ", ".join(names))
        assert paragraphs_of(content) == [(paragraph["id"], paragraph["text"]) for paragraph in article["paragraphs"]]
        if article["published"] > "1970":
            assert datetime.datetime.fromtimestamp(published, datetime.timezone.utc).date().isoformat() == article["published"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    for archive in sorted(CORPUS.glob("*.tar.xz")):
        with tarfile.open(archive) as tar:
            tar.extractall(folder / "texts")
    if not (folder / "texts").exists():
        pytest.skip("../shared/corpus is not there")
    started = serve(folder, [folder / "texts"])
    yield started
    end(started)


@pytest.mark.parametrize("form", sorted(READERS))
def test_the_corpus_survives(corpus, form):
    """Every title and paragraph of it, in as few pages as there can be."""
    base, target, listed = f"http://127.0.0.1:{corpus.port}", f"/v1/articles.{form}?limit=200", 0
    json_target = "/v1/articles?limit=200&include=paragraphs"
    total = corpus.get("/v1/articles?limit=1")["meta"]["total"]
    while target:
        feed, page = READERS[form](corpus.ask(target).body), corpus.get(json_target)
        check_page(feed, page["data"], base, form)
        listed += len(feed["items"])
        target, json_target = feed["next"] and feed["next"].removeprefix(base), page["links"]["next"]
    assert listed == total > 0
