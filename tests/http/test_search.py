"""What search finds against looking at each article, and that its pages, put together, are all of it."""

import json
import random
import re
import unicodedata
from urllib.parse import quote

import made_up
import pytest
from conftest import end, serve
from test_paging import matches, random_query, slugs_of, walk

FIELDS = ("title", "author", "tag", "section")


# ---- a search of its own, that looks at everything ----

def folded(text):
    marked = unicodedata.normalize("NFKD", text.replace("'", "")).casefold()
    return "".join(c for c in marked if not unicodedata.combining(c))


def words_of(text):
    return re.findall(r"\w+", folded(text))


def parts_of(article):
    """field -> texts; no phrase reaches from one text into the next."""
    parts = {
        "title": [article["title"]],
        "author": [author["name"] for author in article["authors"]],
        "tag": [tag["name"] for tag in article["tags"]],
        "section": [step["name"] for step in article["section"]["path"]] if article["section"] else [],
        "body": [paragraph["text"] for paragraph in article["paragraphs"]],
    }
    return {field: [words_of(text) for text in texts] for field, texts in parts.items()}


def stands_in(words, wanted, is_prefix):
    for at in range(len(words) - len(wanted) + 1):
        run = words[at:at + len(wanted)]
        if run == wanted or (is_prefix and run[:-1] == wanted[:-1] and run[-1].startswith(wanted[-1])):
            return True
    return False


def has_item(parts, item):
    field, wanted, is_prefix = item
    fields = [field] if field else parts
    return any(stands_in(words, wanted, is_prefix) for name in fields for words in parts[name])


def finds(parts, query):
    groups, excluded = query
    return all(any(has_item(parts, item) for item in group) for group in groups) and \
        not any(has_item(parts, item) for item in excluded)


def paragraph_finds(article_parts, text, query):
    """Of a paragraph the text is looked at; fields are asked of its article."""
    own = {"text": [words_of(text)]}

    def has(item):
        return has_item(article_parts, item) if item[0] else has_item(own, item)

    groups, excluded = query
    return all(any(has(item) for item in group) for group in groups) and not any(has(item) for item in excluded)


# ---- queries ----

def some_words(chosen, articles):
    """Words that stand somewhere, so that most queries find something."""
    article = chosen.choice(articles)
    words = words_of(chosen.choice(article["paragraphs"])["text"]) or ["harbour"]
    return words


def make_item(chosen, articles, may_have_field):
    kind = chosen.choice(["word", "word", "word", "phrase", "prefix", "field" if may_have_field else "word"])
    words = some_words(chosen, articles)
    if kind == "phrase":
        at = chosen.randrange(max(1, len(words) - 1))
        return ("", words[at:at + 2], False)
    if kind == "prefix":
        word = chosen.choice([word for word in words if len(word) > 3] or ["harbour"])
        return ("", [word[:3]], True)
    if kind == "field":
        field = chosen.choice(FIELDS)
        texts = {"title": made_up.WORDS, "author": ["Ada", "Finch", "zoe", "Ångström", "OHara"],
                 "tag": ["apples", "walls", "cafe", "Tides"], "section": ["world", "asia", "Books"]}[field]
        return (field, words_of(chosen.choice(texts)), False)
    return ("", [chosen.choice(words)], False)


def print_item(item):
    field, words, is_prefix = item
    text = " ".join(words)
    text = f'"{text}"' if len(words) > 1 else text
    return (f"{field}:" if field else "") + text + ("*" if is_prefix else "")


def make_query(chosen, articles, may_mix=True):
    groups, excluded = [], []
    for _ in range(chosen.choice([1, 1, 2, 2, 3])):
        has_two = chosen.random() < 0.25
        group = [make_item(chosen, articles, may_mix or not has_two)]
        if has_two:
            group.append(make_item(chosen, articles, may_mix))
        groups.append(group)
    if chosen.random() < 0.25:
        excluded.append(make_item(chosen, articles, True))
    text = [" OR ".join(map(print_item, group)) for group in groups] + ["-" + print_item(item) for item in excluded]
    return (groups, excluded), " ".join(text)


@pytest.fixture(scope="module")
def world(samples):
    articles = samples.get("/v1/articles?limit=1000&include=paragraphs")["data"]
    assert len(articles) == 300
    return articles, [parts_of(article) for article in articles]


def newest_first(articles):
    return [a["id"] for a in sorted(articles, key=lambda a: (a["published"] or "", a["id"]), reverse=True)]


def slugs_by_name(articles):
    return {name: sorted({slug for article in articles for slug in slugs_of(article, name)})
            for name in ("tag", "section", "author")}


# ---- against brute force ----

def test_articles_against_brute_force(samples, world):
    articles, parts = world
    chosen, hits = random.Random(11), 0
    slugs = slugs_by_name(articles)
    for _ in range(300):
        query, text = make_query(chosen, articles)
        filters = random_query(chosen, slugs) if chosen.random() < 0.4 else []
        more = "".join(f"&{name}={quote(value, safe=',')}" for name, value in filters)
        target = f"/v1/search?limit=1000&fields=id&count=exact&q={quote(text)}{more}"
        wanted = newest_first([article for article, its in zip(articles, parts)
                               if finds(its, query) and matches(article, filters)])
        newest = samples.get(target + "&sort=newest")
        assert [article["id"] for article in newest["data"]] == wanted, target
        assert newest["meta"]["total"] == len(wanted), target
        ranked = samples.get(target)
        assert sorted(article["id"] for article in ranked["data"]) == sorted(wanted), target
        listed = samples.get(target.replace("/v1/search", "/v1/articles"))
        assert [article["id"] for article in listed["data"]] == wanted, target
        hits += len(wanted) > 0
    assert hits > 150, "the queries find too little to prove anything"


def test_paragraphs_against_brute_force(samples, world):
    articles, parts = world
    chosen, hits = random.Random(12), 0
    slugs = slugs_by_name(articles)
    for _ in range(200):
        query, text = make_query(chosen, articles, may_mix=False)
        if all(item[0] for group in query[0] for item in group):
            continue  # nothing to look for in paragraphs
        filters = random_query(chosen, slugs) if chosen.random() < 0.4 else []
        more = "".join(f"&{name}={quote(value, safe=',')}" for name, value in filters)
        target = f"/v1/search?scope=paragraphs&limit=1000&fields=id&count=exact&q={quote(text)}{more}"
        wanted = sorted(paragraph["id"] for article, its in zip(articles, parts) if matches(article, filters)
                        for paragraph in article["paragraphs"] if paragraph_finds(its, paragraph["text"], query))
        for sort in ("newest", "relevance"):
            answer = samples.get(f"{target}&sort={sort}")
            assert sorted(paragraph["id"] for paragraph in answer["data"]) == wanted, target
            assert answer["meta"]["total"] == len(wanted), target
        listed = samples.get(target.replace("/v1/search?scope=paragraphs&", "/v1/paragraphs?"))
        assert sorted(paragraph["id"] for paragraph in listed["data"]) == wanted, target
        hits += len(wanted) > 0
    assert hits > 80, "the queries find too little to prove anything"


@pytest.mark.parametrize("sort", ["title", "-words", "published", "updated,-title"])
def test_a_list_keeps_its_other_orders(samples, world, sort):
    articles, parts = world
    text = "harbour OR ferry -winter"
    query = ([[("", ["harbour"], False), ("", ["ferry"], False)]], [("", ["winter"], False)])
    wanted = {article["id"] for article, its in zip(articles, parts) if finds(its, query)}
    everything = [article["id"] for article in samples.get(f"/v1/articles?limit=1000&fields=id&sort={sort}")["data"]]
    pages = walk(samples, f"/v1/articles?q={quote(text)}&limit=7&fields=id&sort={sort}", "next")
    assert sum(pages, []) == [id for id in everything if id in wanted]


# ---- facets ----

def facet_values(article, facet):
    if facet == "year":
        return {article["published"][:4]} if article["published"] else set()
    return slugs_of(article, facet)


OWN = {"tag": ("tag",), "section": ("section",), "author": ("author",), "year": ("date", "from", "to")}


@pytest.mark.parametrize("address", ["/v1/search", "/v1/articles", "no q"])
def test_facets_against_brute_force(samples, world, address):
    articles, parts = world
    chosen = random.Random(13)
    slugs = slugs_by_name(articles)
    for _ in range(120):
        query, text = make_query(chosen, articles)
        filters = random_query(chosen, slugs) if chosen.random() < 0.7 else []
        more = "".join(f"&{name}={quote(value, safe=',')}" for name, value in filters)
        asked = f"/v1/articles?" if address == "no q" else f"{address}?q={quote(text)}&"
        target = f"{asked}limit=1&facets=section,author,tag,year{more}"
        facets = samples.get(target)["meta"]["facets"]
        for facet, own in OWN.items():
            left = [pair for pair in filters if pair[0] not in own]
            counts = {}
            for article, its in zip(articles, parts):
                if (address == "no q" or finds(its, query)) and matches(article, left):
                    for value in facet_values(article, facet):
                        counts[value] = counts.get(value, 0) + 1
            found = {value["slug"]: value["count"] for value in facets[facet]["values"]}
            assert found == counts and facets[facet]["more"] == 0, (target, facet)
            order = [value["count"] for value in facets[facet]["values"]]
            assert order == sorted(order, reverse=True)


def test_facets_of_paragraphs_count_paragraphs(samples, world):
    articles, parts = world
    query = ([[("", ["ferry"], False)]], [])
    for target, chosen in (("/v1/paragraphs?q=ferry&facets=tag&limit=1", True), ("/v1/paragraphs?facets=tag&limit=1", False),
                           ("/v1/search?scope=paragraphs&q=ferry&facets=tag&limit=1", True)):
        counts = {}
        for article, its in zip(articles, parts):
            count = sum(not chosen or paragraph_finds(its, paragraph["text"], query) for paragraph in article["paragraphs"])
            for slug in slugs_of(article, "tag"):
                counts[slug] = counts.get(slug, 0) + count
        found = {value["slug"]: value["count"] for value in samples.get(target)["meta"]["facets"]["tag"]["values"]}
        assert found == {slug: count for slug, count in counts.items() if count}, target


def test_a_facet_value_leads_to_what_it_counts(samples):
    facets = samples.get("/v1/search?q=ferry&facets=tag,year,section,author&tag=tides&date=2018")["meta"]["facets"]
    for facet in facets.values():
        for value in facet["values"][:4]:
            assert samples.get(value["url"] + "&count=exact")["meta"]["total"] == value["count"], value


# ---- time ----

def test_a_search_that_takes_too_long_says_so(tmp_path):
    made_up.write_articles(tmp_path / "articles", 300)
    server = serve(tmp_path, [tmp_path / "articles"], settings=["--search-deadline", "1"])
    answer = server.ask("/v1/search?q=harbour+OR+lamp+OR+number&limit=1000&facets=tag,year")
    assert answer.status == 503 and answer.json()["type"] == "/problems/query_timeout", answer.body[:200]
    assert answer.headers["Retry-After"]
    assert len(server.get("/v1/articles?limit=1000&include=paragraphs")["data"]) == 300
    end(server)


# ---- pages ----

@pytest.mark.parametrize("address", ["/v1/search?sort=newest&", "/v1/search?", "/v1/articles?", "/v1/articles?sort=relevance&",
                                     "/v1/search?scope=paragraphs&", "/v1/search?scope=paragraphs&sort=newest&",
                                     "/v1/paragraphs?", "/v1/paragraphs?sort=relevance&"])
@pytest.mark.parametrize("limit", [1, 7, 50])
def test_pages_put_together_are_all_matches(samples, address, limit):
    target = f"{address}q=harbour+OR+lamp&fields=id&limit={limit}"
    everything = [match["id"] for match in samples.get(target.replace(f"limit={limit}", "limit=1000"))["data"]]
    assert len(everything) > 100
    forward, last = [], target
    while target:
        answer = samples.get(target)
        forward.append([match["id"] for match in answer["data"]])
        assert answer["meta"].get("changed_since_cursor") is None
        last, target = target, answer["links"]["next"]
    assert sum(forward, []) == everything
    backward = [forward[-1]]
    target = samples.get(last)["links"]["prev"]
    while target:
        answer = samples.get(target)
        backward.insert(0, [match["id"] for match in answer["data"]])
        target = answer["links"]["prev"]
    assert sum(backward, []) == everything
    if limit == 7:
        assert [match["id"] for match in samples.get(
            f"{address}q=harbour+OR+lamp&fields=id&limit=7&page=3")["data"]] == everything[14:21]


def test_each_match_comes_once_while_others_are_added(bulk):
    def add(number):
        return post(bulk, title=f"Inserted {number}", published=f"20{number % 30:02}-01-02",
                    paragraphs=[f"Number {number} speaks of lanterns."])

    before = [add(number) for number in range(40)]
    seen, target = [], "/v1/search?q=lanterns&sort=newest&limit=3&fields=id"
    number = 40
    while target:
        answer = bulk.get(target)
        seen += [match["id"] for match in answer["data"]]
        target = answer["links"]["next"]
        add(number)
        number += 1
    assert len(seen) == len(set(seen))
    assert set(before) <= set(seen)
    first = bulk.get("/v1/search?q=lanterns&limit=5&fields=id")
    assert "changed_since_cursor" not in first["meta"]
    add(number)
    assert bulk.get(first["links"]["next"])["meta"]["changed_since_cursor"] is True


def test_what_is_edited_is_found_anew(bulk):
    def write(method, target, body=None, **headers):
        answer = bulk.ask(target, method, {"Content-Type": "application/json", **bulk.authorization, **headers},
                          json.dumps(body) if body else None)
        assert answer.status in (200, 201, 204), answer.body
        return answer

    made = write("POST", "/v1/articles", {"title": "Zeppelin over town", "paragraphs": ["It hummed."], "tags": ["Airships"]})
    url, etag = made.headers["Location"], made.headers["ETag"]

    def count(text):
        return bulk.get(f"/v1/search?q={quote(text)}")["meta"]["total"]

    assert (count("zeppelin"), count("hummed"), count("tag:airships")) == (1, 1, 1)
    etag = write("PATCH", url, {"title": "Balloon over town"}, **{"If-Match": etag}).headers["ETag"]
    assert (count("zeppelin"), count("balloon"), count("hummed")) == (0, 1, 1)
    write("PATCH", "/v1/tags/airships", {"name": "Floaters"}, **{"If-Match": "*"})
    assert (count("tag:airships"), count("tag:floaters")) == (0, 1)
    write("DELETE", url, **{"If-Match": "*"})
    assert (count("balloon"), count("hummed"), count("floaters")) == (0, 0, 0)


def post(server, **article):
    answer = server.ask("/v1/articles", "POST", {"Content-Type": "application/json", **server.authorization}, json.dumps(article))
    assert answer.status == 201, answer.body
    return answer.json()["id"]


def test_what_is_written_as_asked_comes_first(bulk):
    """The index folds accents; the exact form is first all the same, whichever is newer."""
    folded_id = post(bulk, title="One table", published="2020-01-01", paragraphs=["The Creme waits on the sill."])
    marked_id = post(bulk, title="Two tables", published="2020-01-01", paragraphs=["The Crème waits on the sill."])
    for scope in ("articles", "paragraphs"):
        def first(text):
            found = bulk.get(f"/v1/search?q={quote(text)}&scope={scope}")["data"]
            assert len(found) == 2
            return found[0]["article"]["id"] if scope == "paragraphs" else found[0]["id"]
        assert first("creme") == folded_id
        assert first("crème") == marked_id


def test_a_huge_paragraph_is_found_and_cut(bulk):
    text = "Word after word. " * 55000
    id = post(bulk, title="Long", paragraphs=["Short beginning.", text + "Needle."])
    assert bulk.get("/v1/search?q=needle&fields=id,evidence")["data"] == [{"id": id, "evidence": []}]
    assert bulk.get("/v1/search?q=needle")["meta"]["evidence_is_bounded"] is True
    paragraph = bulk.get("/v1/search?q=after")["data"][0]["evidence"][0]
    assert paragraph["is_cut"] is True and len(paragraph["text"]) == 64 * 1024 and text.startswith(paragraph["text"])
    assert len(paragraph["marks"]) == 64
    assert all(paragraph["text"][mark["start"]:mark["end"]] == "after" for mark in paragraph["marks"])
    assert len(bulk.get("/v1/search?q=needle&scope=paragraphs")["data"][0]["text"]) == len(text) + 7
    assert len(bulk.get("/v1/search?q=after&highlight=html")["data"][0]["evidence"][0]["html"]) < 1000


def test_scripts_without_blanks(bulk):
    id = post(bulk, title="東京都の港", published="2021-01-01", paragraphs=["今日は東京の港へ行った。", "ท่าเรือเก่า"], tags=["港町"])
    for text in ("東京", "港", "東京都", "title:東京", "tag:港町", "東京の港", '"の港"', "ท่าเรือ"):
        assert [a["id"] for a in bulk.get(f"/v1/search?q={quote(text)}&fields=id")["data"]] == [id], text
    assert bulk.get(f"/v1/search?q={quote('京東')}")["data"] == []
    marks = bulk.get(f"/v1/search?q={quote('東京')}")["data"][0]["evidence"][0]["marks"]
    assert marks == [{"start": 3, "end": 5}]
    for text in ("東", "東京", "東京都", "港"):
        assert "title" in [one["type"] for one in bulk.get(f"/v1/suggest?q={quote(text)}")["data"]], text


def test_marks_are_the_words(samples):
    """Offsets count code points of the text that is given, and stand on what was asked for."""
    answer = samples.get("/v1/search?q=harbour+number&limit=100")
    assert answer["data"]
    for article in answer["data"]:
        for mark in article["highlights"]["title"]:
            assert article["title"][mark["start"]:mark["end"]].lower() in ("harbour", "number")
        assert 1 <= len(article["evidence"]) <= 3
        for paragraph in article["evidence"]:
            marked = [paragraph["text"][mark["start"]:mark["end"]].lower() for mark in paragraph["marks"]]
            assert marked and set(marked) <= {"harbour", "number"}
            assert paragraph["text"] == samples.get(paragraph["url"])["text"]
