"""What must hold of every list: its pages, put together, are the list, whichever way one walks; and every
combination of filters gives what looking at each article gives."""

import random
import unicodedata
from urllib.parse import quote

import pytest

ARTICLE_SORTS = ["published", "-published", "title", "-title", "updated", "-updated", "words", "-words",
                 "-published,title", "words,-published", "-title,words,published", "updated,-words"]


def sort_key_title(title):
    folded = unicodedata.normalize("NFD", title.casefold())
    return "".join(c for c in folded if not unicodedata.combining(c))


KEYS = {
    "published": lambda article: article["published"] or "",
    "title": lambda article: sort_key_title(article["title"]),
    "updated": lambda article: article["updated_at"],
    "words": lambda article: article["word_count"],
}


def in_order(articles, sort):
    """Stable sorts from the last key to the first; the id goes the way of the first key."""
    keys = sort.split(",")
    ordered = sorted(articles, key=lambda article: article["id"], reverse=keys[0].startswith("-"))
    for key in reversed(keys):
        ordered.sort(key=KEYS[key.lstrip("-")], reverse=key.startswith("-"))
    return [article["id"] for article in ordered]


def walk(server, target, link):
    """All pages from `target` on: lists of ids."""
    pages = []
    while target:
        answer = server.get(target)
        pages.append([item.get("id", item.get("slug")) for item in answer["data"]])
        target = answer["links"][link]
        assert len(pages) < 2000, "the pages do not end"
    return pages


def walk_both_ways(server, target):
    pages, last = [], target
    while target:
        last = target
        answer = server.get(target)
        pages.append([item.get("id", item.get("slug")) for item in answer["data"]])
        target = answer["links"]["next"]
        assert len(pages) < 2000, "the pages do not end"
    back = walk(server, last, "prev")
    assert list(reversed(back)) == pages, "backward gives other pages than forward"
    return [item for page in pages for item in page]


@pytest.fixture(scope="module")
def articles(samples):
    everything = samples.get("/v1/articles?limit=1000")
    assert everything["meta"]["total"] == len(everything["data"]) == 300
    return everything["data"]


@pytest.mark.parametrize("sort", ARTICLE_SORTS)
@pytest.mark.parametrize("query", ["", "&tag=walls", "&tag=rare", "&tag_not=apples&section=world", "&date=2018"])
def test_pages_by_cursor(samples, articles, sort, query):
    wanted = [a["id"] for a in samples.get(f"/v1/articles?limit=1000{query}&fields=id")["data"]]
    wanted = in_order([a for a in articles if a["id"] in set(wanted)], sort)
    assert len(wanted) > 3
    for limit in (7, 50):
        found = walk_both_ways(samples, f"/v1/articles?sort={sort}&limit={limit}&fields=id&count=none{query}")
        assert found == wanted


@pytest.mark.parametrize("sort", ["-published", "title,words"])
def test_pages_by_number(samples, articles, sort):
    pages = walk(samples, f"/v1/articles?sort={sort}&limit=23&page=1&fields=id", "next")
    assert [item for page in pages for item in page] == in_order(articles, sort)


@pytest.mark.parametrize("query", ["", "&tag=walls", "&min_words=9", "&section=culture&tag_not=walls", "&tag=rare"])
def test_paragraph_pages(samples, query):
    everything = samples.get(f"/v1/paragraphs?limit=1000&count=exact{query}")
    assert everything["links"]["next"] is None or everything["meta"]["count"] == 1000
    found = walk_both_ways(samples, f"/v1/paragraphs?limit=37&fields=id{query}")
    assert found[:1000] == [paragraph["id"] for paragraph in everything["data"]]
    assert len(found) == len(set(found)) == everything["meta"]["total"]
    places = [(p["article"]["published"] or "", p["article"]["id"], -p["n"]) for p in everything["data"]]
    assert places == sorted(places, reverse=True)


@pytest.mark.parametrize("query", ["", "&tag=walls", "&min_words=9"])
def test_paragraph_pages_by_number(samples, query):
    everything = samples.get(f"/v1/paragraphs?limit=1000&fields=id{query}")["data"]
    pages = walk(samples, f"/v1/paragraphs?limit=7&page=1&fields=id{query}", "next")
    assert [item for page in pages for item in page][:1000] == [paragraph["id"] for paragraph in everything]
    last = samples.get(f"/v1/paragraphs?limit=7&page=5000&fields=id{query}")["links"]["prev"]
    assert walk(samples, last, "prev") == list(reversed(pages))


@pytest.mark.parametrize("collection", ["tags", "sections", "authors"])
@pytest.mark.parametrize("sort", ["name", "-name", "count", "-count"])
def test_term_pages(samples, articles, collection, sort):
    everything = samples.get(f"/v1/{collection}?limit=1000&sort={sort}")
    assert walk_both_ways(samples, f"/v1/{collection}?limit=2&sort={sort}") == \
        [term["slug"] for term in everything["data"]]
    counts = {}
    for article in articles:
        terms = article["section"]["path"] if collection == "sections" and article["section"] else \
            article[collection] if collection != "sections" else []
        for term in terms:
            counts[term["slug"]] = counts.get(term["slug"], 0) + 1
    assert {term["slug"]: term["count"] for term in everything["data"]} == counts
    assert everything["meta"]["total"] == len(counts)


# ---- every combination of filters against looking at each article ----

def slugs_of(article, parameter):
    if parameter == "section":
        return {step["slug"] for step in article["section"]["path"]} if article["section"] else set()
    return {term["slug"] for term in article[parameter + "s"]}


def matches(article, query):
    for name, value in query:
        parameter = name.removesuffix("_not")
        published = article["published"]
        if parameter in ("tag", "section", "author"):
            if (not slugs_of(article, parameter).isdisjoint(value.split(","))) == name.endswith("_not"):
                return False
        elif name == "changed_since":
            if article["seq"] <= int(value):
                return False
        elif published is None:
            return False
        elif name == "date" and not published.startswith(value):
            return False
        elif name == "from" and published < value[:10]:
            return False
        elif name == "to" and published[:len(value)] > value:
            return False
    return True


def random_query(chosen, slugs):
    query = []
    for name in ("tag", "tag", "tag_not", "section", "section_not", "author", "author", "author_not"):
        if chosen.random() < 0.25:
            some = chosen.sample(slugs[name.removesuffix("_not")], chosen.choice([1, 1, 1, 2, 3]))
            query.append((name, ",".join(some)))
    period = chosen.choice(["2017", "2018", "2018-05", "2017-06", "2018-06-03"])
    if chosen.random() < 0.3:
        query.append((chosen.choice(["date", "from", "to"]), period))
    if chosen.random() < 0.2:
        query.append(("changed_since", str(chosen.randint(0, 310))))
    return query


def test_filters_against_brute_force(samples, articles):
    chosen = random.Random(7)
    slugs = {name: sorted({slug for article in articles for slug in slugs_of(article, name)}) + ["unknown"]
             for name in ("tag", "section", "author")}
    hits = 0
    for _ in range(400):
        query = random_query(chosen, slugs)
        sort = chosen.choice(ARTICLE_SORTS)
        text = "".join(f"&{name}={quote(value, safe=',')}" for name, value in query)
        target = f"/v1/articles?limit=1000&sort={sort}&fields=id{text}"
        answer = samples.get(target)
        wanted = in_order([article for article in articles if matches(article, query)], sort)
        assert [article["id"] for article in answer["data"]] == wanted, target
        assert answer["meta"]["total"] == len(wanted), target
        hits += len(wanted) > 0
        bounded = samples.get(target + "&count=bounded")["meta"]
        assert bounded["total"] == len(wanted) and "total_is_lower_bound" not in bounded
        if hits % 10 == 0:
            paragraphs = samples.get(f"/v1/paragraphs?limit=1&count=exact{text}")["meta"]["total"]
            assert paragraphs == sum(a["paragraph_count"] for a in articles if matches(a, query)), target
    assert hits > 150, "the queries find too little to prove anything"


def test_one_term_lists_are_its_filter(samples):
    for tag in samples.get("/v1/tags")["data"]:
        one = samples.get(tag["articles"] + "?limit=1000&fields=id")
        other = samples.get(f"/v1/articles?tag={quote(tag['slug'])}&limit=1000&fields=id")
        assert one["data"] == other["data"] and len(one["data"]) == tag["count"] == one["meta"]["total"]
