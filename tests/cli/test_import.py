"""What becomes of articles that can be read."""

import json
import os
import sqlite3
import subprocess

import pytest

from conftest import PROGRAM, ROOT, article, clean_environment


def test_created_then_unchanged(pilcrow):
    pilcrow.write("town/a.txt", article("One"))
    pilcrow.write("town/b.txt", article("Two"))
    first = pilcrow.run("import", "town")
    assert (first.status, first.counts, first.err) == (0, (2, 0, 0, 0), "")
    before = pilcrow.rows("SELECT seq FROM store")
    second = pilcrow.run("import", "town")
    assert (second.status, second.counts) == (0, (0, 0, 2, 0))
    assert pilcrow.rows("SELECT seq FROM store") == before


def test_an_edit_keeps_the_ids_of_paragraphs(pilcrow):
    path = pilcrow.write("town/a.txt", article("One", paragraphs=["First text here.", "Second text here.", "Third."]))
    pilcrow.run("import", "town")
    before = dict((text, number) for number, text in pilcrow.paragraphs("One"))
    path.write_text(article("One", paragraphs=["First text here.", "A new one between the others.",
                                               "Second text here, edited.", "Third."]))
    got = pilcrow.run("import", "town")
    assert got.counts == (0, 1, 0, 0)
    after = dict((text, number) for number, text in pilcrow.paragraphs("One"))
    assert after["First text here."] == before["First text here."]
    assert after["Second text here, edited."] == before["Second text here."]
    assert after["Third."] == before["Third."]
    assert after["A new one between the others."] not in before.values()


def test_a_new_title_in_the_same_file_is_the_same_article(pilcrow):
    path = pilcrow.write("town/a.txt", article("One"))
    pilcrow.run("import", "town")
    path.write_text(article("One, corrected"))
    assert pilcrow.run("import", "town").counts == (0, 1, 0, 0)
    assert pilcrow.titles() == ["One, corrected"]


@pytest.mark.parametrize("spelling", ["town", "town/", "./town", "{}/town", "town/a.txt", "./town/a.txt",
                                      "{}/town/a.txt", "town/../town"])
def test_the_source_name_does_not_depend_on_the_spelling(pilcrow, spelling):
    pilcrow.write("town/a.txt", article())
    pilcrow.run("import", spelling.format(pilcrow.folder))
    assert pilcrow.rows("SELECT source FROM article") == [("town/a.txt",)]


def test_the_source_name_from_within_the_folder(pilcrow):
    pilcrow.write("town/a.txt", article())
    for spelling in [".", "a.txt", "./a.txt"]:
        subprocess.run([PROGRAM, "import", "--db", "../pilcrow.db", spelling], cwd=pilcrow.folder / "town", check=True,
                       env=clean_environment(), capture_output=True)
        assert pilcrow.rows("SELECT source FROM article") == [("town/a.txt",)]


def test_a_name_that_is_not_utf8(pilcrow):
    (pilcrow.folder / "town").mkdir()
    with open(os.fsencode(pilcrow.folder) + b"/town/caf\xe9.txt", "w", encoding="utf-8") as file:
        file.write(article("One"))
    assert pilcrow.run("import", "town").counts == (1, 0, 0, 0)
    assert pilcrow.rows("SELECT source FROM article") == [("town/caf\\xe9.txt",)]
    assert pilcrow.run("import", "town").counts == (0, 0, 1, 0)


def test_folders_are_walked_in_order_of_names(pilcrow):
    for name in ["b.txt", "a/2.txt", "a/1.TEXT", "c/d/e.txt"]:
        pilcrow.write("town/" + name, article(name))
    for name in [".hidden.txt", ".git/x.txt", "readme.md", "a/page.html"]:
        pilcrow.write("town/" + name, article("not to be read"))
    got = pilcrow.run("import", "town")
    assert got.counts == (4, 0, 0, 0)
    assert pilcrow.titles() == ["a/1.TEXT", "a/2.txt", "b.txt", "c/d/e.txt"]
    assert "3 other files are skipped; of folders only *.txt and *.text are read" in got.err


def test_links(pilcrow):
    pilcrow.write("town/a.txt", article("One"))
    pilcrow.write("away/b.txt", article("Two"))
    os.symlink("../away", pilcrow.folder / "town" / "linked")
    os.symlink(".", pilcrow.folder / "town" / "loop")
    got = pilcrow.run("import", "town")
    assert got.status == 0
    assert "town/loop: note: a link to a folder around it, not followed" in got.err
    assert pilcrow.titles() == ["One", "Two"]


def test_a_link_to_nothing(pilcrow):
    pilcrow.write("town/a.txt", article("One"))
    os.symlink("gone.txt", pilcrow.folder / "town" / "b.txt")
    got = pilcrow.run("import", "town")
    assert (got.status, got.counts) == (1, (1, 0, 0, 1))
    assert "town/b.txt: a link to nothing" in got.err


def test_explicit_files_need_no_ending(pilcrow):
    path = pilcrow.write("draft", article("One"))
    assert pilcrow.run("import", path).counts == (1, 0, 0, 0)


def test_a_file_named_like_an_option(pilcrow):
    pilcrow.write("--db", article("One"))
    assert pilcrow.run("import", "--", "--db").counts == (1, 0, 0, 0)


def test_standard_input(pilcrow):
    got = pilcrow.run("import", "-", stdin=article("One").encode())
    assert (got.status, got.counts) == (0, (1, 0, 0, 0))
    assert pilcrow.run("import", "-", stdin=article("One").encode()).counts == (0, 0, 1, 0)


def line(**fields):
    return json.dumps({"title": "One", "paragraphs": ["Text."], **fields}) + "\n"


def test_ndjson_on_standard_input(pilcrow):
    text = "\ufeff\n" + line() + "\n  \n" + line(title="Two", authors=["Ann"], published="2018-06-03",
                                                 section=["NEWS", "Town"], tags=[{"name": "ships"}])
    got = pilcrow.run("import", "-", stdin=text.encode())
    assert (got.status, got.counts) == (0, (2, 0, 0, 0))
    assert pilcrow.rows("SELECT title, published FROM article ORDER BY id") == [("One", ""), ("Two", "2018-06-03")]
    assert pilcrow.run("import", "-", stdin=text.encode()).counts == (0, 0, 2, 0)


def test_the_last_line_may_lack_its_end(pilcrow):
    assert pilcrow.run("import", "-", stdin=(line() + line(title="Two").rstrip()).encode()).counts == (2, 0, 0, 0)


@pytest.mark.parametrize("name", ["all.ndjson", "all.jsonl", "ALL.NDJSON"])
def test_ndjson_files(pilcrow, name):
    path = pilcrow.write("out/" + name, line() + line(title="Two"))
    assert pilcrow.run("import", path).counts == (2, 0, 0, 0)
    assert pilcrow.rows("SELECT source FROM article ORDER BY id") == [(f"out/{name}:1",), (f"out/{name}:2",)]


def test_format_says_what_standard_input_holds(pilcrow):
    braces = article("{One}").encode()
    assert pilcrow.run("import", "-", stdin=braces).status == 1
    assert pilcrow.run("import", "--format=text", "-", stdin=braces).counts == (1, 0, 0, 0)
    assert pilcrow.run("import", "--format=ndjson", "-", stdin=b"\n\n" + line(title="Two").encode()).counts == (1, 0, 0, 0)


def test_refused_lines_leave_the_others(pilcrow):
    text = line() + '{"title": "Two", "titel": 1}\n' + "nonsense\n" + line(title="Four") + '{"title": "Five"}\n'
    got = pilcrow.run("import", "-", stdin=text.encode(), env={"PILCROW_FORMAT": "ndjson"})
    assert (got.status, got.counts) == (1, (2, 0, 0, 3))
    assert "-:2:18: there is no field 'titel', did you mean title?" in got.err
    assert "-:3:" in got.err and "this is not JSON" in got.err
    assert "-:5:1: an article has at least one paragraph" in got.err
    assert pilcrow.titles() == ["One", "Four"]


@pytest.mark.parametrize("length", [65534, 65535, 65536, 65537, 131071, 131072])
def test_lines_that_end_where_a_piece_ends(pilcrow, length):
    """Standard input is read in pieces of 65,536 bytes; a line may end at any place in them."""
    first = line(paragraphs=["x" * (length - len(line(paragraphs=[""])))])
    assert len(first) == length
    got = pilcrow.run("import", "-", stdin=(first + line(title="Two") + line(title="Three").rstrip()).encode())
    assert (got.status, got.counts) == (0, (3, 0, 0, 0)), got.err
    assert pilcrow.titles() == ["One", "Two", "Three"]


def test_a_line_that_is_too_long_is_passed_over(pilcrow):
    text = line() + '{"title": "' + "x" * (17 << 20) + '"}\n' + line(title="Three")
    got = pilcrow.run("import", "-", stdin=text.encode())
    assert (got.status, got.counts) == (1, (2, 0, 0, 1))
    assert "-:2: the line is larger than 16 MiB" in got.err


def test_dry_run_changes_nothing(pilcrow):
    path = pilcrow.write("town/a.txt", article("One"))
    pilcrow.run("import", "town")
    before = pilcrow.db.read_bytes()
    path.write_text(article("One", paragraphs=["Other text."]))
    pilcrow.write("town/b.txt", article("Two"))
    got = pilcrow.run("import", "--dry-run", "town")
    assert (got.status, got.counts) == (0, (1, 1, 0, 0))
    assert got.out.rstrip().endswith("dry run, nothing was changed)")
    assert pilcrow.db.read_bytes() == before


def test_dry_run_makes_no_database(pilcrow):
    pilcrow.write("town/a.txt", article("One"))
    got = pilcrow.run("import", "--dry-run", "town", env={"TMPDIR": str(pilcrow.folder)})
    assert (got.status, got.counts) == (0, (1, 0, 0, 0))
    assert sorted(os.listdir(pilcrow.folder)) == ["town"]


def test_dry_run_brings_no_database_up_to_date(pilcrow):
    pilcrow.write("town/a.txt", article("One"))
    migration = ROOT / "db" / "sqlite" / "migrations" / "0001_articles.sql"
    with sqlite3.connect(pilcrow.db) as old:
        old.executescript(migration.read_text() + "PRAGMA user_version = 1; PRAGMA application_id = 0x50696C63;")
    old.close()
    before = pilcrow.db.read_bytes()
    got = pilcrow.run("import", "--dry-run", "town")
    assert got.status == 3
    assert "was written by an older Pilcrow (version 1; this one needs" in got.err
    assert pilcrow.db.read_bytes() == before
    assert pilcrow.run("import", "town").counts == (1, 0, 0, 0)


def test_misspelt_variable_is_said(pilcrow):
    pilcrow.write("a.txt", article("One"))
    got = pilcrow.run("import", "a.txt", env={"PILCROW_DBB": "other.db"})
    assert (got.status, got.err) == (0, "pilcrow: there is no variable PILCROW_DBB; did you mean PILCROW_DB?\n")


def test_notes_and_quiet(pilcrow):
    pilcrow.write("town/a.txt", "Plain title\n\nA text without a byline.\n")
    pilcrow.write("town/b.txt", article("Caf\xe9").encode("windows-1252"))
    pilcrow.write("town/c.md", "x")
    got = pilcrow.run("import", "town")
    assert "town/a.txt: note: no byline, so author, date and section are unknown" in got.err
    assert "town/b.txt: note: not UTF-8, read as Windows-1252" in got.err
    assert pilcrow.titles() == ["Plain title", "Caf\xe9"]
    assert pilcrow.run("import", "--quiet", "town").err == ""


def test_what_the_api_answers_can_be_imported(pilcrow, serve, tmp_path):
    pilcrow.write("town/a.txt", article("One"))
    pilcrow.write("town/b.txt", article("Two, with all", byline="Ann Lee, Bo Ek and Cy | 03.06.2018 | A / B / C"))
    pilcrow.run("import", "town")
    server = serve()
    items = json.loads(server.get("/v1/articles?include=paragraphs"))["data"]
    items[0] = json.loads(server.get(items[0]["url"] + "?include=neighbors,related"))
    assert "neighbors" in items[0] and "related" in items[0]
    server.stop()
    text = "".join(json.dumps(item) + "\n" for item in items).encode()
    assert pilcrow.run("import", "-", stdin=text).counts == (0, 0, 2, 0)
    got = pilcrow.run("import", "--db", tmp_path / "copy.db", "-", stdin=text)
    assert (got.status, got.counts) == (0, (2, 0, 0, 0))
