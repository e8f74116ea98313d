"""The search index of a database: made by whoever opens it to write, proved by check, mended by check --repair."""

import sqlite3

import pytest


@pytest.fixture
def filled(pilcrow):
    for number in range(3):
        pilcrow.write(f"{number}.txt", f"Harbour {number}\n\nThe ferry came back, number {number}.\n\nNobody saw it go.\n")
    assert pilcrow.run("import", ".").counts == (3, 0, 0, 0)
    return pilcrow


def change(pilcrow, sql):
    connection = sqlite3.connect(pilcrow.db)
    connection.executescript(sql)
    connection.close()


def found(pilcrow, word):
    return len(pilcrow.rows("SELECT rowid FROM paragraph_search WHERE paragraph_search MATCH ?", word))


DAMAGE = [
    ("DELETE FROM paragraph_search_docsize WHERE id = (SELECT min(id) FROM paragraph_search_docsize)", "lacks paragraph 6"),
    ("INSERT INTO article_search (rowid, title) VALUES (99, 'stale')", "too much, article 99"),
    ("INSERT INTO article_search (rowid, title) SELECT rowid, 'more' FROM article_search LIMIT 1", "other words"),
    ("UPDATE paragraph SET text = 'Somebody saw it go.' WHERE id = 4", "other words"),
    ("DELETE FROM article_search_data WHERE id > 10", "search index"),
    ("UPDATE store SET search_version = ''", "not whole"),
    ("DELETE FROM article_facts", "other facts of articles 0 to 255"),
    ("UPDATE article_facts SET facts = x'ff'", "other facts of articles 0 to 255"),
    ("UPDATE paragraph_facts SET facts = CAST(facts || x'01' AS BLOB)", "other facts of paragraphs 0 to 1023"),
    ("INSERT INTO paragraph_facts VALUES (9, x'010203')", "facts of paragraphs that were never there"),
    ("INSERT INTO article_facts VALUES (-1, x'010203')", "facts of articles that were never there"),
]


@pytest.mark.parametrize("sql, said", DAMAGE)
def test_damage_is_found_and_mended(filled, sql, said):
    assert filled.run("check").status == 0
    change(filled, sql)
    got = filled.run("check")
    assert got.status == 3 and said in got.out, got.out + got.err
    got = filled.run("check", "--repair")
    assert got.status == 0 and "made the search index anew" in got.out, got.out + got.err
    assert filled.run("check").status == 0
    assert found(filled, "ferry") == 3


def empty(pilcrow):
    """What a database of before the search looks like after its migration."""
    change(pilcrow, "INSERT INTO article_search (article_search) VALUES ('delete-all');"
                    "INSERT INTO paragraph_search (paragraph_search) VALUES ('delete-all');"
                    "UPDATE store SET search_version = ''")
    assert found(pilcrow, "ferry") == 0


def test_a_store_without_articles_lacks_no_index(pilcrow):
    """As a first import leaves it that was killed before its first commit."""
    pilcrow.write("bad.txt", "Only a title\n")
    assert pilcrow.run("import", "bad.txt").counts == (0, 0, 0, 1)
    change(pilcrow, "UPDATE store SET search_version = ''")
    got = pilcrow.run("check")
    assert got.status == 0, got.out + got.err
    pilcrow.write("good.txt", "Lamp\n\nA ferry with a lamp.\n")
    assert pilcrow.run("import", "good.txt").counts == (1, 0, 0, 0)
    assert found(pilcrow, "ferry") == 1 and pilcrow.run("check").status == 0


def test_serve_fills_the_index(filled, serve):
    empty(filled)
    server = serve()
    assert found(filled, "ferry") == 3
    assert filled.run("check").status == 0
    status, err = server.stop()
    assert status == 0 and "event=search_index" in err


def test_import_fills_the_index(filled):
    empty(filled)
    filled.write("4.txt", "Lamp\n\nA ferry with a lamp.\n")
    assert filled.run("import", "4.txt").counts == (1, 0, 0, 0)
    assert found(filled, "ferry") == 4
    assert filled.run("check").status == 0


def test_a_dry_run_leaves_it(filled):
    empty(filled)
    filled.write("4.txt", "Lamp\n\nA ferry with a lamp.\n")
    assert filled.run("import", "--dry-run", "4.txt").counts == (1, 0, 0, 0)
    assert found(filled, "ferry") == 0
    assert filled.rows("SELECT search_version FROM store") == [("",)]


def test_a_copy_is_searched_like_its_original(filled):
    assert filled.run("backup", "copy.db").status == 0
    assert filled.run("check", "--db", "copy.db").status == 0
    filled.write("5.txt", "Later\n\nAnother ferry.\n")
    assert filled.run("import", "5.txt").status == 0
    assert filled.run("restore", "copy.db").status == 0
    assert filled.run("check").status == 0
    assert found(filled, "ferry") == 3


def test_made_anew_in_parts(pilcrow):
    """More than one part, and the second has many articles of one day, older than the last one of the first."""
    for number in range(600):
        day = "02.06.2018" if number < 100 else "01.06.2018"
        pilcrow.write(f"in/{number:03}.txt", f"Title {number}\n\nAnn Lee | {day} | WORLD\n\nTitle {number}\n\nWords.\n")
    assert pilcrow.run("import", "in").status == 0
    with sqlite3.connect(pilcrow.folder / "pilcrow.db") as connection:
        connection.execute("INSERT INTO article_search (article_search) VALUES ('delete-all')")
    connection.close()
    got = pilcrow.run("check", "--repair")
    assert got.status == 0 and got.out.endswith("pilcrow.db: all is well\n"), got.out[-300:]
