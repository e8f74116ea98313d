"""Everything that can be wrong with what is given: each says what, and loses nothing of what is there."""

import os
import shutil
import sqlite3
import subprocess

import pytest

from conftest import article

NOBODY = 65534


@pytest.fixture
def kept(pilcrow):
    """A database with one article, and a check that it still holds exactly that."""
    pilcrow.write("kept/a.txt", article("Kept"))
    assert pilcrow.run("import", "kept").status == 0
    before = pilcrow.rows("SELECT * FROM article"), pilcrow.rows("SELECT * FROM paragraph")

    def check(*more):
        assert pilcrow.rows("SELECT * FROM article WHERE title = 'Kept'") == before[0]
        assert pilcrow.rows("SELECT * FROM paragraph WHERE article_id = 1") == before[1]
        assert pilcrow.titles() == ["Kept", *more]
        assert pilcrow.run("check").status == 0

    return check


BYLINE = "Ann Lee | 03.06.2018 | NEWS"
TEXT = "\n\nFirst text.\n\nTags: a\n"

REFUSED = [
    ("no date", f"Title\nAnn Lee | NEWS / Town\n\nTitle{TEXT}", "2:11: the byline has no date"),
    ("an impossible date", f"Title\nAnn Lee | 31.02.2018 | NEWS\n\nTitle{TEXT}", "2:11: 31.02.2018 does not exist"),
    ("no title", f"{BYLINE}{TEXT}", "1:1: there is no title"),
    ("only a title", "Title\n", "2:1: there is a title but no paragraph"),
    ("only a title, without an end", "Title", "1:6: there is a title but no paragraph"),
    ("title and byline only", f"Title\n{BYLINE}\n", "3:1: there is a title but no paragraph"),
    ("NUL bytes", f"Title\n{BYLINE}\n\nTitle\n\nOne \0 two.\n", "6:5: a NUL character"),
    ("an empty file", "", "1:1: there is no title: the text is empty"),
    ("tags only", "Tags: a  b\n", "1:1: there is no title: the text holds nothing but tags"),
    ("blanks only", " \n\n\t\n", "1:1: there is no title: the text is empty"),
    ("20,001 paragraphs", f"Title\n{BYLINE}\n\nTitle\n\n" + "Text.\n\n" * 20001, "40006:1: this is one paragraph too many"),
    ("a paragraph over 2 MiB", f"Title\n{BYLINE}\n\nTitle\n\n" + "x" * (2 << 20) + "y\n", "6:1: "),
]


@pytest.mark.parametrize("what, text, message", REFUSED, ids=[row[0] for row in REFUSED])
def test_refused_texts(pilcrow, kept, what, text, message):
    pilcrow.write("town/b.txt", text)
    pilcrow.write("town/c.txt", article("Beside"))
    got = pilcrow.run("import", "town")
    assert (got.status, got.counts) == (1, (1, 0, 0, 1)), what
    assert got.err.startswith(f"town/b.txt:{message}")
    assert len(got.err.splitlines()) == 1
    kept("Beside")


def test_a_paragraph_of_a_megabyte(pilcrow, kept):
    text = "word " * 209715 + "end."
    pilcrow.write("town/b.txt", article("Long", paragraphs=[text]))
    got = pilcrow.run("import", "town")
    assert (got.status, got.counts) == (0, (1, 0, 0, 0))
    assert [paragraph for _, paragraph in pilcrow.paragraphs("Long")] == [text]
    kept("Long")


def test_ten_thousand_paragraphs(pilcrow, kept):
    texts = [f"Paragraph number {number}." for number in range(10000)]
    path = pilcrow.write("town/b.txt", article("Many", paragraphs=texts))
    assert pilcrow.run("import", "town").counts == (1, 0, 0, 0)
    before = pilcrow.paragraphs("Many")
    assert [text for _, text in before] == texts
    path.write_text(article("Many", paragraphs=["New at the front.", *texts]))
    assert pilcrow.run("import", "town").counts == (0, 1, 0, 0)
    assert pilcrow.paragraphs("Many")[1:] == before
    kept("Many")


def test_a_file_over_the_limit_is_not_read(pilcrow, kept):
    path = pilcrow.write("town/b.txt", b"")
    os.truncate(path, 1 << 40)
    got = pilcrow.run("import", "town", timeout=10)
    assert (got.status, got.counts) == (1, (0, 0, 0, 1))
    assert "town/b.txt: the file is larger than 16 MiB" in got.err
    kept()


def test_too_much_standard_input(pilcrow, kept):
    got = pilcrow.run("import", "-", stdin=b"x" * (17 << 20))
    assert (got.status, got.counts) == (1, (0, 0, 0, 1))
    assert "-: the text is larger than 16 MiB" in got.err
    kept()


def test_missing_path(pilcrow, kept):
    pilcrow.write("town/b.txt", article("Beside"))
    got = pilcrow.run("import", "nowhere", "town", "town/b.txt/x")
    assert (got.status, got.counts) == (1, (1, 0, 0, 2))
    assert "nowhere: No such file or directory" in got.err
    assert "town/b.txt/x: Not a directory" in got.err
    kept("Beside")


def test_empty_path(pilcrow, kept):
    got = pilcrow.run("import", "")
    assert (got.status, got.counts) == (1, (0, 0, 0, 1))
    assert got.err == "'': an empty path names nothing\n"
    kept()


def test_folder_without_articles(pilcrow, kept):
    pilcrow.write("empty/readme.md", "x")
    got = pilcrow.run("import", "empty")
    assert (got.status, got.counts) == (1, (0, 0, 0, 1))
    assert "empty: no article in this folder" in got.err
    kept()


def test_control_characters_in_names_are_shown_escaped(pilcrow):
    pilcrow.write("town/a\n\x1b[2Jb.txt", "")
    got = pilcrow.run("import", "town")
    assert got.status == 1
    assert "town/a\\n\\u001b[2Jb.txt:1:1: there is no title" in got.err


def test_control_characters_in_text_are_shown_escaped(pilcrow):
    pilcrow.write("town/a.txt", f"Title\nAnn | 31.02.2018\x1b[2J | NEWS\n\nTitle{TEXT}")
    got = pilcrow.run("import", "town")
    assert got.status == 1
    assert "\x1b" not in got.err


@pytest.fixture
def as_nobody(pilcrow):
    if os.geteuid() != 0:
        return pilcrow.run
    prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    folder = pilcrow.folder
    if shutil.which("setpriv") is None:
        pytest.skip("cannot become another user here")
    os.chmod(folder, 0o755)
    probe = subprocess.run([*prefix, "test", "-x", folder], check=False)
    for parent in folder.parents:
        if probe.returncode != 0 and str(parent).startswith("/tmp/pytest-of"):
            os.chmod(parent, 0o755)
    if subprocess.run([*prefix, "ls", folder], check=False, capture_output=True).returncode != 0:
        pytest.skip("another user cannot reach the test folder")
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, NOBODY, NOBODY)
    return lambda *arguments, **more: pilcrow.run(*arguments, prefix=prefix, **more)


def give(path):
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)


def test_folder_without_permission(pilcrow, kept, as_nobody):
    pilcrow.write("town/b.txt", article("Beside"))
    closed = pilcrow.folder / "town" / "closed"
    closed.mkdir()
    closed.chmod(0)
    got = as_nobody("import", "town")
    closed.chmod(0o755)
    assert (got.status, got.counts) == (1, (1, 0, 0, 1))
    assert "town/closed: Permission denied" in got.err
    kept("Beside")


def test_file_without_permission(pilcrow, kept, as_nobody):
    pilcrow.write("town/b.txt", article("Beside"))
    pilcrow.write("town/closed.txt", article("Closed")).chmod(0)
    got = as_nobody("import", "town")
    assert (got.status, got.counts) == (1, (1, 0, 0, 1))
    assert "town/closed.txt: Permission denied" in got.err
    kept("Beside")


def test_database_in_a_folder_without_permission(pilcrow, as_nobody):
    folder = pilcrow.folder / "closed"
    folder.mkdir()
    folder.chmod(0o555)
    give(folder)
    pilcrow.write("town/a.txt", article())
    got = as_nobody("import", "--db", "closed/x.db", "town")
    assert (got.status, got.out) == (3, "")
    assert "closed/x.db" in got.err and ("permission" in got.err.lower() or "writable" in got.err)


@pytest.mark.parametrize("command", [["import", "kept"], ["serve", "--listen", "127.0.0.1:0"], ["check"]])
def test_database_of_a_newer_version(pilcrow, kept, command):
    connection = sqlite3.connect(pilcrow.db)
    version, = connection.execute("PRAGMA user_version").fetchone()
    connection.execute("PRAGMA user_version=9999")
    connection.close()
    before = pilcrow.db.read_bytes()
    got = pilcrow.run(*command)
    assert (got.status, got.out) == (3, "")
    assert "was written by a newer Pilcrow" in got.err
    assert pilcrow.db.read_bytes() == before
    connection = sqlite3.connect(pilcrow.db)
    connection.execute(f"PRAGMA user_version={version}")
    connection.close()
    kept()


@pytest.mark.parametrize("command", [["import", "town"], ["serve", "--listen", "127.0.0.1:0"], ["check"]])
def test_not_a_database(pilcrow, command):
    pilcrow.write("town/a.txt", article())
    pilcrow.write("pilcrow.db", "This is a letter, not a database.\n" * 100)
    before = pilcrow.db.read_bytes()
    got = pilcrow.run(*command)
    assert (got.status, got.out) == (3, "")
    assert "pilcrow.db is not a database" in got.err
    assert pilcrow.db.read_bytes() == before


@pytest.mark.parametrize("command", [["import", "town"], ["serve", "--listen", "127.0.0.1:0"], ["check"]])
def test_database_of_another_program(pilcrow, command):
    pilcrow.write("town/a.txt", article())
    connection = sqlite3.connect(pilcrow.db)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = pilcrow.db.read_bytes()
    got = pilcrow.run(*command)
    assert (got.status, got.out) == (3, "")
    assert "is not a Pilcrow database" in got.err
    assert pilcrow.db.read_bytes() == before


def test_database_is_a_folder(pilcrow):
    pilcrow.write("town/a.txt", article())
    got = pilcrow.run("import", "--db", "town", "town")
    assert got.status == 3
    assert "town is a folder, not a database file" in got.err


@pytest.mark.parametrize("dry_run", [[], ["--dry-run"]])
@pytest.mark.parametrize("db, message", [
    ("nowhere/x.db", "the folder nowhere for the database does not exist"),
    ("town/a.txt/x.db", "town/a.txt/x.db cannot be opened: Not a directory"),
])
def test_database_that_cannot_be_made(pilcrow, db, message, dry_run):
    pilcrow.write("town/a.txt", article())
    got = pilcrow.run("import", *dry_run, "--db", db, "town")
    assert (got.status, got.out) == (3, "")
    assert message in got.err


def test_check_makes_no_database(pilcrow):
    got = pilcrow.run("check")
    assert got.status == 3
    assert "pilcrow.db does not exist" in got.err
    assert os.listdir(pilcrow.folder) == []


def test_check_finds_damage(pilcrow, kept):
    kept()
    connection = sqlite3.connect(pilcrow.db)
    connection.execute("UPDATE store SET article_count = 7")
    connection.commit()
    connection.close()
    got = pilcrow.run("check")
    assert got.status == 3
    assert "finding" in got.out.splitlines()[-1]
    assert len(got.out.splitlines()) >= 2


def test_locked_database(pilcrow, kept, serve):
    server = serve()
    pilcrow.write("town/b.txt", article("Beside"))
    got = pilcrow.run("import", "town")
    assert (got.status, got.out) == (3, "")
    assert f"(process {server.process.pid})" in got.err
    assert "stop it, import, and start it again" in got.err
    second = pilcrow.run("serve", "--listen", "127.0.0.1:0")
    assert (second.status, second.out) == (3, "")
    assert f"(process {server.process.pid})" in second.err
    assert b"Kept" in server.get("/v1/articles/1")
    assert pilcrow.run("check").status == 0
    assert server.stop()[0] == 0
    assert pilcrow.run("import", "town").counts == (1, 0, 0, 0)
    kept("Beside")


@pytest.fixture
def small_disk(pilcrow):
    folder = pilcrow.folder / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=False,
                             capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("no tmpfs can be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_full_disk(pilcrow, small_disk):
    pilcrow.db = small_disk / "x.db"
    pilcrow.write("kept/a.txt", article("Kept"))
    assert pilcrow.run("import", "--db", pilcrow.db, "kept").status == 0
    before = pilcrow.rows("SELECT * FROM article")
    for number in range(3):
        pilcrow.write(f"town/{number}.txt", article(f"Large {number}", paragraphs=["large " * 200000]))
    got = pilcrow.run("import", "--db", pilcrow.db, "town")
    assert got.status == 3
    assert "full" in got.err
    assert "what is counted as created or updated is in, the rest is not" in got.err
    assert got.counts[0] == len(pilcrow.rows("SELECT id FROM article")) - 1
    assert pilcrow.rows("SELECT * FROM article WHERE title = 'Kept'") == before
    assert pilcrow.run("check", "--db", pilcrow.db).status == 0
    assert pilcrow.run("import", "--db", pilcrow.db, "kept").counts == (0, 0, 1, 0)
