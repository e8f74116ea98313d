"""Addresses of articles on their way from one store to another, and names that lead on."""

import json

from bulk import TEXT, article, export_of, imported, is_sound, lines_of
from conftest import end, serve_writable

TITLES = ["Ä Straße", "Жёлтый дом", "東京の朝", "بيت صغير", "हिन्दी लेख", "1984", "!?", "C++ & C#", "ﬁne ﬀ", "İstanbul ıı",
          "e\u0301tude", "ก็ไม่รู้", "한국어 기사", "x" * 300, "wörter" + " wörter" * 60, "Ώς", "a-1", "a 1", "A. 1", "ß" * 150]


def test_slugs_travel(bulk, tmp_path):
    """Those of titles in every script, given by hand, renamed, kept under another title, numbered."""
    items, summary = imported(bulk, lines_of(*(article(t, published=f"2020-02-{1 + i:02}") for i, t in enumerate(TITLES)),
                                             *(article("Morning Briefing", published=f"2021-03-{d:02}") for d in range(1, 9)),
                                             article("By Hand", slug="kept-by-hand"), article("東", slug="東京の朝-東")))
    assert summary["errors"] == 0, items

    def change(number, **members):
        fields = {**bulk.authorization, "If-Match": "*", "Content-Type": "application/json"}
        answer = bulk.ask(f"/v1/articles/{items[number]['id']}", "PATCH", fields, json.dumps(members))
        assert answer.status == 200, answer.body
        return answer.json()["slug"]
    kept = bulk.get(f"/v1/articles/{items[0]['id']}")["slug"]
    assert change(0, title="Quite Another Title") == kept
    assert change(1, slug="renamed") == "renamed"
    assert change(22, slug="жёлтый-дом-2") == "жёлтый-дом-2"
    assert change(23, slug="morning-briefing-3") == "morning-briefing-3", "what another one left behind"
    answer, first = export_of(bulk)
    (tmp_path / "other").mkdir()
    other = serve_writable(tmp_path / "other")
    try:
        # Backwards, so that nothing is right by its order.
        body = b"".join(reversed(answer.body.splitlines(keepends=True)))
        _, summary = imported(other, body)
        assert summary["created"] == len(first) and summary["errors"] == 0
        second, articles = export_of(other)
        assert {a["title"] + str(a["published"]): a["slug"] for a in articles} == \
            {a["title"] + str(a["published"]): a["slug"] for a in first}
        assert len({a["slug"] for a in articles}) == len(first)
        assert imported(other, body)[1]["unchanged"] == len(first)
        assert imported(bulk, second.body)[1]["unchanged"] == len(first)
    finally:
        end(other)


def test_slugs_of_items(bulk):
    def slug_of(item):
        return bulk.get(item["url"])["slug"]
    items, summary = imported(bulk, lines_of(
        article("Slug One", slug="asked-for"), article("Slug Two", slug="asked-for"), article("Slug Three", slug="Not One"),
        article("Slug Four", slug=7), article("Slug Five", slug=None), article("Slug Six")))
    assert [i["status"] for i in items] == ["created", "created", "error", "error", "created", "created"]
    assert [slug_of(i) for i in items if "url" in i] == ["asked-for", "asked-for-2", "slug-five", "slug-six"]
    assert [i["problem"]["pointer"] for i in items if "problem" in i] == ["/slug", "/slug"]
    assert "'not-one' would be one" in items[2]["problem"]["detail"] and items[2]["problem"]["column"] > 1
    again, summary = imported(bulk, lines_of(article("Slug Two", slug="asked-for")))
    assert summary["unchanged"] == 1, "it keeps its own, as that is another article's"

    again, summary = imported(bulk, lines_of(article("Slug Six", slug="moved"), article("Slug Six", slug="other")), "?dry_run=1")
    assert [i["status"] for i in again] == ["updated", "unchanged"] and slug_of(items[5]) == "slug-six"
    again, summary = imported(bulk, lines_of(article("Slug Six", slug="moved")))
    assert (summary["updated"], again[0]["version"], slug_of(items[5])) == (1, 2, "moved")
    old = bulk.ask("/v1/articles/slug-six")
    assert old.status == 308 and old.headers["Location"] == "/v1/articles/moved"
    changes = bulk.get("/v1/changes?limit=1000")["data"]
    assert changes[-1]["changed"] == ["slug"]
    assert imported(bulk, lines_of(article("Slug Six", "Only one.", "And more.")))[1]["updated"] == 1
    assert slug_of(items[5]) == "moved", "what is not said stays"
    is_sound(bulk.db)


def test_old_names_in_an_import(bulk):
    """What was written before a tag was merged, or renamed, is the same article still."""
    lines = lines_of(article("Old Names", tags=["Mobile", "Wires"]), article("New Names", tags=["Phones"]))
    assert imported(bulk, lines)[1]["created"] == 2
    fields = {**bulk.authorization, "Content-Type": "application/json"}
    assert bulk.ask("/v1/tags/mobile/merge", "POST", fields, '{"into": "phones"}').status == 200
    assert bulk.ask("/v1/tags/wires", "PATCH", fields, '{"name": "Cables"}').status == 200
    assert imported(bulk, lines)[1]["unchanged"] == 2
    text = "Third\n\nThird\n\nA paragraph.\n\nTags: MOBILE; Phones; wires\n"
    items, _ = imported(bulk, text.encode(), headers=TEXT)
    assert [tag["name"] for tag in bulk.get(items[0]["url"])["tags"]] == ["Phones", "Cables"]
    assert {tag["slug"] for tag in bulk.get("/v1/tags?limit=100")["data"]} & {"mobile", "mobile-2", "wires", "wires-2"} == set()
    is_sound(bulk.db)
