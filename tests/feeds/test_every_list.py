"""Every list as a feed, each page of it, in the hands of others: grammars, validators from npm, a feed reader."""

import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/http"))

from conftest import end, serve_writable  # noqa: E402
from feeds import READERS  # noqa: E402
from lists import address, each_page, lists, with_suffix  # noqa: E402

TOOLS = ROOT / "build/feeds"
FORMS = sorted(READERS)


def needs(command):
    return pytest.mark.skipif(shutil.which(command) is None, reason=f"{command} is not installed")


def write(server, method, path, value=None):
    fields = {"Content-Type": "application/json", "If-Match": "*", **server.authorization}
    answer = server.ask(path, method, fields, json.dumps(value).encode() if value else b"")
    assert answer.status in (200, 201, 204), answer.body
    return answer


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Articles of which one was edited, one deleted, one says what another says; a tag that was renamed."""
    started = serve_writable(tmp_path_factory.mktemp("every"), [ROOT / "tests/http/fixtures/first"])
    first = started.get("/v1/articles/1?include=paragraphs")
    said = [paragraph["text"] for paragraph in first["paragraphs"]]
    write(started, "PATCH", "/v1/articles/1", {"title": "A <new> title & more", "paragraphs": said + ["One more: ]]> &amp;"]})
    write(started, "PATCH", "/v1/articles/1", {"tags": ["Walls", "R&D <3"]})
    write(started, "POST", "/v1/articles", {"title": "It says the same", "paragraphs": said})
    write(started, "PATCH", "/v1/tags/walls", {"name": "Walls & <fences>"})
    write(started, "DELETE", "/v1/articles/2")
    yield started
    end(started)


def targets(server):
    """Each list in pages of two, where it has pages."""
    for path, _, _ in lists(server):
        target = address(server, path)
        taken = {parameter["$ref"].rsplit("/", 1)[1] for parameter in
                 server.contract.document["paths"][path]["get"]["parameters"]}
        has_pages = any(re.match("(?i)cursor|since", name) for name in taken)
        yield target + (("&" if "?" in target else "?") + "limit=2" if has_pages else "")
    yield "/v1/search?q=apples&scope=paragraphs&limit=2"
    yield "/v1/articles/2/revisions"  # of the one that was deleted
    yield "/v1/changes?type=tag"
    yield "/v1/articles?date=1700"  # nothing


def save_pages(server, folder, forms):
    files = []
    for target in targets(server):
        for form in forms:
            for _, body in each_page(server, target, form):
                files.append(folder / f"{len(files):03}.{form}")
                files[-1].write_bytes(body)
    assert len(files) > 30 * len(forms), "lists have more pages than one"
    return files


@pytest.mark.parametrize("form", FORMS)
def test_each_page_has_items_and_they_are_all(server, form):
    for target in targets(server):
        pages = [READERS[form](body) for _, body in each_page(server, target, form)]
        ids = [item["id"] for page in pages for item in page["items"]]
        assert len(ids) == len(set(ids)), target
        assert "duplicates" in target or "1700" in target or ids, target
        titles = {page["title"] for page in pages}
        assert len(titles) == 1, "one feed on all pages"


def test_ids_of_one_kind_are_never_those_of_another(server):
    seen = {}
    kinds = ("articles", "paragraphs", "articles/1/revisions", "tags", "changes")
    for kind in kinds:
        for _, body in each_page(server, f"/v1/{kind}?limit=100", "feed.json"):
            for item in READERS["feed.json"](body)["items"]:
                assert seen.setdefault(item["id"], kind) == kind
    assert set(seen.values()) == set(kinds)


@pytest.mark.parametrize("form", FORMS)
def test_each_link_leads_somewhere(server, form):
    base = f"http://127.0.0.1:{server.port}"
    for target in targets(server):
        for _, body in each_page(server, target, form):
            feed = READERS[form](body)
            for url in [feed["self"]] + [item["url"][0] for item in feed["items"]]:
                answer = server.ask(url.removeprefix(base))
                assert answer.status in (200, 303), url


def test_what_was_deleted_is_said(server):
    feed = READERS["feed.json"](server.ask("/v1/changes.feed.json?limit=100").body)
    deleted = [item for item in feed["items"] if item["title"].startswith("delete: ")]
    assert len(deleted) == 1 and deleted[0]["url"][0].endswith("/v1/articles/2/revisions.html")
    renamed = [item for item in feed["items"] if item["title"] == "update: Walls & <fences>"]
    assert renamed[0]["url"][0].endswith("/v1/tags/walls-fences.html")


def test_a_paragraph_is_as_old_as_its_last_change(server):
    paragraphs = server.get("/v1/articles/1/paragraphs")["data"]
    feed = READERS["atom"](server.ask("/v1/articles/1/paragraphs.atom").body)
    versions = {item["version"]: item["updated_at"] for item in server.get("/v1/articles/1/revisions")["data"]}
    assert [item["updated"] for item in feed["items"]] == [versions[paragraph["last_version"]] for paragraph in paragraphs]


@needs("xmllint")
@pytest.mark.parametrize("form", ["atom", "rss"])
def test_the_grammar_allows_each_page(server, tmp_path, form):
    done = subprocess.run(["xmllint", "--noout", "--nonet", "--relaxng", HERE / f"{form}.rng",
                           *save_pages(server, tmp_path, [form])], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def validate():
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    done = subprocess.run([ROOT / "tests/npm.sh", HERE, TOOLS], capture_output=True, text=True, timeout=600)
    if done.returncode == 3:
        pytest.skip("the registry of npm cannot be reached")
    assert done.returncode == 0, done.stderr

    def run(files):
        return subprocess.run(["node", HERE / "validate.js", *files], capture_output=True, text=True, timeout=120,
                              env={**os.environ, "NODE_TOOLS": str(TOOLS / "package.json")})
    return run


def test_validators_accept_each_page(server, tmp_path, validate):
    done = validate(save_pages(server, tmp_path, FORMS))
    assert done.returncode == 0, [line for line in done.stdout.splitlines() if not line.endswith(": ok")] or done.stderr


@pytest.mark.parametrize("form, right, wrong", [
    ("atom", b"</feed>", b""),
    ("atom", b"<updated>2", b"<updated>in 2"),
    ("atom", b"&amp;limit", b"&limit"),
    ("atom", b"<id>", b"<id>x"),
    ("rss", b"</item>", b""),
    ("rss", b"<title>", b"<title>\x01"),
    ("rss", b"<channel>", b"<chanel>"),
    ("rss", b"+0000", b"GMT+0"),
    ("feed.json", b'"title":"', b'"title":1,"x":"'),
    ("feed.json", b'"url":"http', b'"url":"not an address '),
    ("feed.json", b'"id":', b'"no id":'),
])
def test_validators_refuse_what_is_broken(server, tmp_path, validate, form, right, wrong):
    body = server.ask(f"/v1/paragraphs.{form}?tag=walls-fences&limit=2").body
    assert right in body
    (tmp_path / f"broken.{form}").write_bytes(body.replace(right, wrong))
    done = validate([tmp_path / f"broken.{form}"])
    assert done.returncode == 1 and not done.stdout.endswith(": ok\n"), done.stdout + done.stderr


KINDS = ["paragraphs?limit=5", "articles/1/paragraphs", "articles/1/revisions", "tags", "sections", "authors", "changes",
         "suggest?q=app", "articles/1/related", "search?q=apples&scope=paragraphs"]


@needs("newsboat")
@pytest.mark.parametrize("form", ["atom", "rss"])
def test_newsboat_shows_each_kind(server, tmp_path, form):
    feeds = [f"http://127.0.0.1:{server.port}" + with_suffix(f"/v1/{kind}", f".{form}") for kind in KINDS]
    for name, content in (("urls", "\n".join(feeds) + "\n"), ("config", "")):
        (tmp_path / name).write_text(content)
    done = subprocess.run(["newsboat", "-u", "urls", "-C", "config", "-c", "cache.db", "-x", "reload", "print-unread"],
                          cwd=tmp_path, capture_output=True, text=True, timeout=120,
                          env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "dumb"})
    assert done.returncode == 0, done.stdout + done.stderr
    kept = sqlite3.connect(tmp_path / "cache.db")
    shown = {row[0]: row[1:] for row in kept.execute("SELECT guid, title, url, content FROM rss_item")}
    assert {row[0] for row in kept.execute("SELECT rssurl FROM rss_feed")} == set(feeds)
    for kind in KINDS:
        feed = json.loads(server.ask(with_suffix(f"/v1/{kind}", ".feed.json")).body)
        assert len(feed["items"]) > 0, kind
        for item in feed["items"]:
            assert shown[item["id"]] == (item["title"], item["url"], item["content_html"]), kind
