"""The pages for people as a whole: every link leads somewhere, each page shows what the command under it fetches and
nothing else, and what is needed to read one is small. That pages are well-formed is asked of every answer (page.py)."""

import json
import re
import shlex
from urllib.parse import urljoin, urlsplit

import pytest
from conftest import HERE, end, serve, serve_writable
from page import Page

KIB = 1024


def text_of(answer):
    return answer.body.decode("utf-8")


def command_of(text):
    """The target that the command under a page asks for."""
    shown = "".join(Page(re.search(r"<pre[^>]*><code>(curl .*?)</code>", text, re.S)[1]).text)
    program, address = shlex.split(shown)
    assert program == "curl"
    return "?".join(part for part in urlsplit(address)[2:4] if part)


def links_of(text, target, where="a"):
    return {urljoin(target, attributes["href"]).split("#")[0] for attributes in Page(text).all(where)
            if "href" in attributes and not attributes["href"].startswith("#")}


def main_of(text):
    return re.search(r"<main.*</main>", text, re.S)[0]


@pytest.fixture(scope="module")
def pages(server):
    """Every page that can be reached from the front page, but for the further choices of a choice."""
    seen, waiting = {}, {"/"}
    while waiting:
        target = waiting.pop()
        answer = server.ask(target)
        seen[target] = answer
        if urlsplit(target).path == "/docs.html" or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for link in links_of(text_of(answer), target):
            if link not in seen and link.count("=") <= 1 and not re.search(r"cursor=|[.](csv|ndjson|md|txt)\b", link):
                waiting.add(link)
    return seen


def test_every_link_leads_somewhere(pages):
    wrong = {target: answer.status for target, answer in pages.items() if answer.status != 200}
    assert not {target for target in wrong if not re.fullmatch(r"/v1/articles/\d+/diff.html.*", target)}, wrong
    for kind in ("articles/1.html", "articles/1/revisions.html", "articles/1/revisions/1.html", "tags.html",
                 "sections.html", "authors/", "articles.html?sort=title", "articles/1/diff.html?from=1", "quotes.html"):
        assert any(target.startswith("/v1/" + kind) for target in pages) or "diff" in kind, kind
    assert len(pages) > 100, len(pages)


def test_a_page_shows_what_its_command_fetches(server, pages):
    checked = 0
    for target, answer in pages.items():
        text = text_of(answer)
        if 'class="curl"' not in text:
            continue
        fetched = server.get(command_of(text))
        known = json.dumps(fetched, ensure_ascii=False)
        articles = set(re.findall(r'href="(/v1/articles/\d+)\.html', main_of(text)))
        assert articles <= set(re.findall(r'"(/v1/articles/\d+)', known)), target
        paragraphs = re.findall(r'data-pid="(\d+)" data-n', text)
        assert paragraphs == [str(paragraph["id"]) for paragraph in fetched.get("paragraphs", [])], target
        for name in re.findall(r"<bdi>([^<&]*)</bdi></a> <span class=\"count\">", text):
            assert json.dumps(name, ensure_ascii=False)[1:-1] in known, (target, name)
        checked += 1
    assert checked > 50


def test_the_words_are_the_words(server):
    for article in server.get("/v1/articles?include=paragraphs&limit=100")["data"]:
        page = Page(text_of(server.ask(article["url"] + ".html")))
        shown = "".join(page.text)
        assert article["title"] in shown and (article["section"] is None or article["section"]["name"] in shown)
        for paragraph in article["paragraphs"]:
            assert paragraph["text"] + " ¶" in shown
            assert page.all("p", id=f"p-{paragraph['id']}", data_pid=None) == [] or \
                page.all("p", id=f"p-{paragraph['id']}")[0]["data-n"] == str(paragraph["n"])


def test_pages_follow_each_other(server):
    """A cursor of a page is one of the list that it shows."""
    seen, target = [], "/v1/articles.html?limit=3&sort=title"
    while target:
        text = text_of(server.ask(target))
        here = re.findall(r'<h2 dir="auto"><a href="/v1/articles/(\d+)\.html"', text)
        assert here == [str(article["id"]) for article in server.get(command_of(text))["data"]]
        seen += here
        following = re.search(r'<a rel="next" href="([^"]*)"', text)
        target = following and following[1].replace("&amp;", "&")
    assert seen == [str(article["id"]) for article in server.get("/v1/articles?limit=100&sort=title")["data"]]


def test_what_a_page_needs_is_small_and_stays(server):
    answer = server.ask("/v1/articles/3.html")
    bytes_needed = len(answer.body)
    page = Page(text_of(answer))
    waiting = {attributes.get("href") or attributes["src"] for attributes in page.all("link", rel="stylesheet") +
               page.all("link", rel="icon") + page.all("script")}
    assert len(waiting) == 4
    done = set()
    while waiting - done:
        target = (waiting - done).pop()
        done.add(target)
        asset = server.ask(target)
        assert asset.status == 200 and asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        bytes_needed += len(asset.body)
        if target.endswith(".js"):
            waiting |= {urljoin(target, name) for name in re.findall(r"""(?:from|import)\s*\(?["'](\./[^"']+)""",
                                                                     text_of(asset))}
    assert bytes_needed < 60 * KIB


@pytest.fixture
def served(tmp_path):
    started = []

    def begin(*settings):
        started.append(serve(tmp_path, [HERE / "fixtures/first"], settings=settings))
        return started[-1]

    yield begin
    for server in started:
        end(server)


def test_with_an_address_and_a_title_of_its_own(served):
    server = served("--public-url", "https://news.example/a", "--title", "The <b>Point</b>'s")
    text = text_of(server.ask("/v1/articles/1.html"))
    assert '<link rel="canonical" href="https://news.example/a/v1/articles/1.html">' in text
    assert '<meta property="og:url" content="https://news.example/a/v1/articles/1.html">' in text
    assert "curl '<span class=\"origin\">https://news.example/a</span>/v1/articles/1" in text
    targets = [given[name] for _, given in Page(text).elements for name in ("href", "src", "action")
               if name in given and not given[name].startswith(("#", "https:"))]
    assert len(targets) > 30 and all(re.match("/a/(v1/|assets/|docs.html|$)", target) for target in targets)
    assert "– The &lt;b&gt;Point&lt;/b&gt;&#39;s</title>" in text


def test_a_path_that_a_proxy_adds_is_in_what_leads_on(tmp_path):
    server = serve_writable(tmp_path, [HERE / "fixtures/first"], settings=["--public-url", "https://news.example/a"])
    try:
        slug, name = (server.get("/v1/tags?limit=1")["data"][0][member] for member in ("slug", "name"))
        renamed = server.ask(f"/v1/tags/{slug}", "PATCH", {**server.authorization, "Content-Type": "application/json"},
                             json.dumps({"name": name + " anew"}))
        assert renamed.status == 200
        new = renamed.json()["url"]
        for target, status, place in (
                (f"/v1/tags/{slug}.html", 308, f"/a{new}.html"),
                (f"/v1/tags/{slug}/articles.html?limit=1", 308, f"/a{new}/articles.html?limit=1"),
                (f"/v1/tags/{slug}", 308, new),
                ("/v1/paragraphs/1.html", 303, "/a/v1/articles/1.html#p-1")):
            answer = server.ask(target)
            assert (answer.status, answer.headers["Location"]) == (status, place)
        assert server.get("/openapi.json")["servers"][0]["url"] == "https://news.example/a"
        catalog = server.get("/.well-known/api-catalog")["linkset"][0]
        named = [catalog["anchor"], *(link["href"] for kind in catalog.values() if kind is not catalog["anchor"]
                                      for link in kind)]
        found = [urljoin("https://news.example/a/.well-known/api-catalog", reference) for reference in named]
        assert len(found) == 5 and all(url.startswith("https://news.example/a/") for url in found)
        assert {server.ask(url.removeprefix("https://news.example/a")).status for url in found} == {200}
        documentation = text_of(server.ask("/docs.html"))
        assert "curl 'https://news.example/a/v1/articles?q=" in documentation.replace("&#39;", "'")
        assert "127.0.0.1" not in documentation and 'href="/' not in documentation
    finally:
        end(server)


def test_of_an_empty_store(tmp_path):
    server = serve(tmp_path)
    try:
        assert "There are no articles yet" in main_of(text_of(server.ask("/")))
        for target in ("/v1/articles.html", "/v1/search.html?q=cat"):
            assert "facets" not in main_of(text_of(server.ask(target))), target
        filtered = main_of(text_of(server.ask("/v1/articles.html?date=2018")))
        assert "Without</span> date" in filtered  # what was chosen can be undone
    finally:
        end(server)


def test_a_page_beyond_the_last_says_so(server):
    for target in ("/v1/articles.html?page=99", "/v1/tags.html?page=99", "/v1/paragraphs.html?page=999"):
        text = main_of(text_of(server.ask(target)))
        assert "The list has fewer pages" in text and 'rel="prev"' in text, target
    assert "fewer pages" not in text_of(server.ask("/v1/articles.html?page=2&limit=5"))


def test_where_reads_are_closed(served):
    server = served("--read-access", "token")
    for target in ("/", "/v1/articles/1.html"):
        answer = server.ask(target)
        assert answer.status == 401 and answer.headers["WWW-Authenticate"] == 'Bearer realm="pilcrow"'
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert server.ask("/assets/any/reader.css").status == 200
