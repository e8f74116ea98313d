"""Histories made by importing edited texts: each version reads as it was written, and differences turn one
version into another."""

import random
import re
from datetime import datetime, timezone

import pytest
from edited import Writer, delete_article, opened, print_article


def normal(text):
    return re.sub(r"\s+", " ", text)


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """Six articles of some twenty versions each, and the text of every version."""
    writer = Writer(tmp_path_factory.mktemp("edited"), 20180603)
    written = {}
    for _ in range(6):
        writer.add()
    for _ in range(24):
        writer.save()
        with opened(writer.db) as store:
            for article_id, version, title in store.execute("SELECT id, version, title FROM article").fetchall():
                written[article_id, version] = print_article(writer.articles[int(title.split()[1]) - 1])
        for article in writer.articles:
            writer.edit(article)
    # Times apart from each other: version 3 of an article at second 3000, and so on.
    with opened(writer.db) as store:
        for table, key in [("revision", "article_id"), ("article", "id")]:
            store.execute(f"UPDATE {table} SET updated_at = 1000000 + version * 1000, created_at = 1001000")
    with writer.served() as server:
        yield server, written


def test_every_version_reads_as_it_was_written(edited):
    server, written = edited
    assert len(written) > 90
    for (article_id, version), text in written.items():
        answer = server.ask(f"/v1/articles/{article_id}/revisions/{version}.txt")
        assert answer.status == 200
        assert normal(answer.body.decode("utf-8")) == normal(text)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        whole = server.get(f"/v1/articles/{article_id}/revisions/{version}")
        assert (whole["id"], whole["version"]) == (article_id, version)
        assert whole["paragraph_count"] == len(whole["paragraphs"])


def test_the_list_names_every_version_once(edited):
    server, written = edited
    for article_id in {key[0] for key in written}:
        versions = sorted((v for a, v in written if a == article_id), reverse=True)
        seen, target = [], f"/v1/articles/{article_id}/revisions?limit=7"
        while target:
            page = server.get(target)
            assert page["meta"]["total"] == len(versions)
            seen += [item["version"] for item in page["data"]]
            target = page["links"]["next"]
        assert seen == versions
        newest = server.get(f"/v1/articles/{article_id}?include=revisions&fields=revisions.version")
        assert [item["version"] for item in newest["revisions"]] == versions[:20]
        by_page = server.get(f"/v1/articles/{article_id}/revisions?limit=5&page=2")["data"]
        assert [item["version"] for item in by_page] == versions[5:10]
        for item in server.get(f"/v1/articles/{article_id}/revisions?limit=100")["data"]:
            assert bool(item["changed"]) == (item["version"] > 1)


def apply_spans(text, spans):
    made, at_from, at_to = "", 0, 0
    for span in spans:
        assert span["from"]["start"] == at_from and span["to"]["start"] == at_to
        at_from, at_to = span["from"]["end"], span["to"]["end"]
        if span["op"] != "insert":
            assert text[span["from"]["start"]:at_from] == span["text"]
        if span["op"] != "delete":
            made += span["text"]
            assert len(made) == at_to
    assert at_from == len(text)
    return made


def apply_diff(paragraphs, diff):
    """What a difference makes of the paragraphs of its `from`."""
    made, gone = {}, set()
    for entry in diff["paragraphs"]:
        if entry["from"] is not None:
            assert paragraphs[entry["from"] - 1]["id"] == entry["id"]
            assert entry["from"] not in gone
            gone.add(entry["from"])
        text = entry.get("text")
        if entry["status"] in ("same", "moved", "edited"):
            text = paragraphs[entry["from"] - 1]["text"]
        if entry["status"] == "edited":
            text = apply_spans(text, entry["spans"])
        if entry["status"] in ("removed", "merged"):
            assert entry["to"] is None and text == paragraphs[entry["from"] - 1]["text"]
        else:
            assert entry["to"] not in made
            made[entry["to"]] = (entry["id"], text)
    assert gone == set(range(1, len(paragraphs) + 1))
    return [made[place] for place in range(1, len(made) + 1)]


def test_a_difference_makes_one_version_of_the_other(edited):
    server, written = edited
    seen = dict.fromkeys(["same", "edited", "moved", "added", "removed", "split", "merged"], 0)
    chosen = random.Random(5)
    for (article_id, version) in written:
        for other in {version - 1, chosen.randint(1, version + 2)}:
            if (article_id, other) not in written:
                continue
            old = server.get(f"/v1/articles/{article_id}/revisions/{other}")
            new = server.get(f"/v1/articles/{article_id}/revisions/{version}")
            diff = server.get(f"/v1/articles/{article_id}/diff?from={other}&to={version}")
            assert apply_diff(old["paragraphs"], diff) == [(p["id"], p["text"]) for p in new["paragraphs"]]
            assert (diff["change_ratio"] == 0) == all(entry["status"] in ("same", "moved")
                                                      for entry in diff["paragraphs"])
            for field in ["tags", "section", "title"]:
                assert (field in diff["fields"]) == (old[field] != new[field])
            for status, count in diff["counts"].items():
                seen[status] += count
                assert count == sum(entry["status"] == status for entry in diff["paragraphs"])
    assert all(seen.values()), seen


def test_as_of(edited):
    server, written = edited
    def instant(second):
        return datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    for article_id in {key[0] for key in written}:
        last = max(v for a, v in written if a == article_id)
        for version in range(1, last + 1):
            at = 1000000 + version * 1000
            for asked, wanted in [(instant(at), version), (instant(at + 999), version),
                                  (instant(at - 1), version - 1), (str(version), version)]:
                answer = server.ask(f"/v1/articles/{article_id}?as_of={asked}")
                assert answer.status == (404 if wanted == 0 else 200)
                if wanted:
                    assert answer.json()["version"] == wanted
                    assert answer.headers["ETag"].startswith(f'"v{wanted}-')
                    assert answer.headers["Content-Location"] == f"/v1/articles/{article_id}/revisions/{wanted}"
                    again = server.ask(f"/v1/articles/{article_id}?as_of={asked}",
                                       headers={"If-None-Match": answer.headers["ETag"]})
                    assert again.status == 304
        assert server.get(f"/v1/articles/{article_id}?as_of=2999-01-01")["version"] == last
        # All of it was written on one day.
        assert server.get(f"/v1/articles/{article_id}?as_of=1970-01-12")["version"] == last
        assert server.ask(f"/v1/articles/{article_id}?as_of=1970-01-11").status == 404
        text = server.ask(f"/v1/articles/{article_id}.txt?as_of=1").body
        assert text == server.ask(f"/v1/articles/{article_id}/revisions/1.txt").body


def test_a_revision_never_changes_its_bytes(tmp_path):
    writer = Writer(tmp_path, 3)
    writer.add()
    seen = {}
    for _ in range(6):
        writer.save()
        with writer.served() as server:
            version = server.get("/v1/articles/1")["version"]
            for target in [f"/v1/articles/1/revisions/{v}{form}" for v in range(1, version + 1)
                           for form in ["", ".txt", ".md"]]:
                answer = server.ask(target)
                etag_and_body = answer.headers["ETag"], answer.body
                assert seen.setdefault(target, etag_and_body) == etag_and_body
        writer.edit(writer.articles[0])
    assert len(seen) > 9


def test_a_paragraph_knows_its_texts(tmp_path):
    writer = Writer(tmp_path, 4)
    writer.add()
    texts = []
    for number in range(3):
        writer.articles[0]["paragraphs"][0] = f"The same lamp is lit at {number} every evening by the keeper."
        texts.insert(0, writer.articles[0]["paragraphs"][0])
        writer.save()
    with writer.served() as server:
        answer = server.get("/v1/paragraphs/1?include=revisions")
        assert [item["text"] for item in answer["revisions"]] == texts
        assert [item["version"] for item in answer["revisions"]] == [3, 2, 1]
        assert "revisions" not in server.get("/v1/paragraphs/1")


def test_a_deleted_article_keeps_its_versions(tmp_path):
    writer = Writer(tmp_path, 6)
    writer.add()
    writer.save()
    writer.articles[0]["paragraphs"].append("One more.")
    writer.save()
    with writer.served() as server:
        before = server.ask("/v1/articles/1/revisions/2").body
    delete_article(writer.db, 1)
    with writer.served() as server:
        for name in ["1", "article-1"]:
            assert server.get(f"/v1/articles/{name}/revisions")["meta"]["total"] == 2
            assert server.ask(f"/v1/articles/{name}/revisions/2").body == before
            assert server.get(f"/v1/articles/{name}/diff")["counts"]["added"] == 1
            assert server.get(f"/v1/articles/{name}?as_of=1")["version"] == 1
            assert server.ask(f"/v1/articles/{name}?as_of=2999-01-01").status == 410
        assert server.ask("/v1/articles/1/revisions/3").status == 404
        assert server.get("/v1/changes")["data"][-1]["op"] == "delete"
