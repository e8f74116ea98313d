"""Every list has every form: tables, pages to read, feeds. They are the same bytes each time, they are read to the end
by their own links, and a form that is none is answered by the names of those that there are."""

import re
import xml.etree.ElementTree as xml

from feeds import ATOM
from lists import address, lists, next_of, with_suffix

TABLES, PAGES, FEEDS = {"csv", "ndjson"}, {"md", "txt"}, {"atom", "rss", "feed.json"}


def test_every_list_has_its_forms(server):
    found = dict((path, forms) for path, _, forms in lists(server))
    assert len(found) == 15
    for path, forms in found.items():
        assert forms == TABLES | PAGES | FEEDS, path


def test_each_form_is_the_same_twice(server):
    for path, _, forms in lists(server):
        for form in forms:
            target = with_suffix(address(server, path), "." + form)
            first = server.ask(target)
            second = server.ask(target + ("&" if "?" in target else "?") + "_=1")  # not the kept answer
            assert first.status == second.status == 200
            if form not in FEEDS:
                assert first.body == second.body, target
            else:  # where it is itself stands in it
                other = re.sub(rb"(\?|&amp;|&)_=1", b"", second.body)
                assert first.body == other, target


def test_a_form_that_is_none_names_those_there_are(server):
    for path, _, forms in lists(server):
        for form in sorted((TABLES | PAGES | FEEDS | {"xml", "pdf"}) - forms):
            answer = server.ask(with_suffix(address(server, path), "." + form))
            assert answer.status == 404
            detail = answer.json()["detail"]
            assert f"'.{form}'" in detail and all(f".{name}" in detail for name in forms), detail


def items_of(answer, form):
    if form == "feed.json":
        return len(answer.json()["items"])
    if form in ("atom", "rss"):
        root = xml.fromstring(answer.body)
        return len(root.findall(ATOM + "entry")) or len(root.findall("channel/item"))
    body = answer.body.decode("utf-8")
    counts = {"csv": body.count("\r\n") - 1, "ndjson": body.count("\n"), "md": body.count("\n## "),
              "txt": len(re.findall(r"^/v1/\S+$", body, re.M))}
    return counts[form]


def test_each_form_is_read_to_its_end_by_its_own_links(server):
    for path, _, forms in lists(server):
        parameters = {parameter["$ref"].rsplit("/", 1)[1] for parameter in
                      server.contract.document["paths"][path]["get"]["parameters"]}
        if not any(re.match("(?i)cursor|since", name) for name in parameters):
            continue
        target = address(server, path)
        total = len(server.get(target)["data"])
        assert total > 0
        for form in forms:
            page, count = with_suffix(target, "." + form), 0
            page += ("&" if "?" in page else "?") + "limit=2"
            while page:
                answer = server.ask(re.sub(r"^http://[^/]+", "", page))
                assert answer.status == 200
                found = items_of(answer, form)
                count += found
                page = next_of(answer, form) if found else None  # changes go on for ever
            assert count == total, (path, form)
