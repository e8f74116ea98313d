"""Every list there is, by /openapi.json, and how it is read from page to page."""

import re
import xml.etree.ElementTree

from feeds import ATOM


def address(server, path):
    """The path with something that is there in place of its parameters, and what it cannot do without."""
    collection = re.match(r"/v1/(tags|sections|authors)/\{slug\}", path)
    slug = server.get(f"/v1/{collection[1]}?limit=1")["data"][0]["slug"] if collection else ""
    values = {"article": 1, "paragraph": 1, "version": 1, "range": 1, "code": "gone", "slug": slug, "set": "any",
              "asset": {"js": "reader", "css": "reader", "svg": "icon"}.get(path.rsplit(".", 1)[-1], "reader")}
    query = {"search": "?q=apples", "suggest": "?q=app", "quotes": "?text=apples"}.get(re.split("[/.]", path)[2], "")
    return re.sub(r"\{(\w+)\}", lambda name: str(values[name[1]]), path) + query


def lists(server):
    """Path and forms of each GET that answers with a list, but for the pages of the reader."""
    paths = server.contract.document["paths"]
    for path, item in paths.items():
        operation = item.get("get", {})
        content = operation.get("responses", {}).get("200", {}).get("content", {}).get("application/json")
        schema = content and content["schema"]["$ref"].rsplit("/", 1)[1]
        if schema and schema.endswith("List"):
            yield path, schema, {other[len(path) + 1:] for other in paths if other.startswith(path + ".")} - {"html"}


def with_suffix(target, suffix):
    path, _, query = target.partition("?")
    return path + suffix + ("?" + query if query else "")


def next_of(answer, form):
    if form == "feed.json":
        return answer.json().get("next_url")
    if form in ("atom", "rss"):
        links = xml.etree.ElementTree.fromstring(answer.body).iter(ATOM + "link")
        return next((link.get("href") for link in links if link.get("rel") == "next"), None)
    match = re.search(r'<([^>]*)>; rel="next"', answer.headers.get("Link", ""))
    return match and match[1]


def each_page(server, target, form):
    """The pages of a list as a feed, from the first to the last: target and bytes."""
    target = with_suffix(target, "." + form)
    while target:
        answer = server.ask(target)
        assert answer.status == 200, (target, answer.body)
        yield target, answer.body
        target = next_of(answer, form)
        target = target and re.sub(r"^http://[^/]+", "", target)
