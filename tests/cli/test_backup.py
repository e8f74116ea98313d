"""Backups of a database in use, and the way back."""

import os
import re
import sqlite3

import pytest

from conftest import article


@pytest.fixture
def filled(pilcrow):
    for number in range(3):
        pilcrow.write(f"in/{number}.txt", article(f"Title {number}"))
    assert pilcrow.run("import", "in").status == 0
    return pilcrow


def titles_in(path):
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        return [title for title, in connection.execute("SELECT title FROM article ORDER BY id")]
    finally:
        connection.close()


def names(pilcrow):
    """Without the empty files that the engine keeps beside a database that is read."""
    empty = [pilcrow.folder / ("pilcrow.db" + ending) for ending in ("-wal", "-shm")]
    return sorted(path.name for path in pilcrow.folder.iterdir() if path.name != "in" and path not in empty)


def test_of_an_idle_database(filled):
    got = filled.run("backup", "copy.db")
    assert got.status == 0, got.err
    bytes_ = (filled.folder / "copy.db").stat().st_size
    assert got.out == f"copy.db: seq 3, {bytes_} bytes\n"
    assert titles_in(filled.folder / "copy.db") == ["Title 0", "Title 1", "Title 2"]
    assert filled.run("check", "--db", "copy.db").status == 0
    assert not (filled.folder / "copy.db-wal").exists()


def test_beside_a_server(filled, serve):
    server = serve()
    got = filled.run("backup", "copy.db")
    assert got.status == 0, got.err
    assert len(titles_in(filled.folder / "copy.db")) == 3
    assert server.stop()[0] == 0


def test_nothing_is_replaced_unasked(filled):
    filled.write("copy.db", "mine")
    got = filled.run("backup", "copy.db")
    assert (got.status, got.out) == (2, "") and "copy.db exists; --force replaces it" in got.err
    assert (filled.folder / "copy.db").read_text() == "mine"
    assert filled.run("backup", "--force", "copy.db").status == 0
    assert len(titles_in(filled.folder / "copy.db")) == 3


@pytest.mark.parametrize("name", ["pilcrow.db", "./pilcrow.db", "link.db"])
def test_not_onto_itself(filled, name):
    os.symlink("pilcrow.db", filled.folder / "link.db")
    got = filled.run("backup", "--force", name)
    assert (got.status, got.out) == (2, "") and "is the database itself" in got.err
    assert filled.run("check").status == 0


@pytest.mark.parametrize("arguments, status", [(["--db", "none.db", "copy.db"], 3), (["no/such/folder/copy.db"], 3)])
def test_what_fails_leaves_nothing(filled, arguments, status):
    before = names(filled)
    got = filled.run("backup", *arguments)
    assert (got.status, got.out) == (status, "") and re.search("^pilcrow: ", got.err, re.M)
    assert names(filled) == before


def test_restore(filled):
    assert filled.run("backup", "copy.db").status == 0
    filled.write("more.txt", article("Later"))
    assert filled.run("import", "more.txt").status == 0
    got = filled.run("restore", "copy.db")
    assert got.status == 0, got.err
    kept = re.search(r"^the database before is kept as (pilcrow\.db\.before-restore-\d{8}T\d{6}Z)$", got.out, re.M)
    assert kept and got.out.endswith("pilcrow.db: restored, seq 3\n"), got.out
    assert filled.titles() == ["Title 0", "Title 1", "Title 2"]
    assert titles_in(filled.folder / kept[1])[-1] == "Later"
    assert filled.run("check").status == 0
    assert not [name for name in names(filled) if "restoring" in name]
    assert filled.run("import", "more.txt").counts == (1, 0, 0, 0)


def test_restore_where_there_is_nothing(filled):
    assert filled.run("backup", "copy.db").status == 0
    got = filled.run("restore", "--db", "new.db", "copy.db")
    assert (got.status, got.out) == (0, "new.db: restored, seq 3\n"), got.err
    assert len(titles_in(filled.folder / "new.db")) == 3


def test_restore_keeps_tokens(filled):
    assert filled.run("token", "create", "--name", "desk").status == 0
    before = (filled.folder / "pilcrow.db.tokens").read_bytes()
    assert filled.run("backup", "copy.db").status == 0
    assert filled.run("restore", "copy.db").status == 0
    assert (filled.folder / "pilcrow.db.tokens").read_bytes() == before


def test_restore_beside_a_server(filled, serve):
    assert filled.run("backup", "copy.db").status == 0
    server = serve()
    before = names(filled)
    got = filled.run("restore", "copy.db")
    assert (got.status, got.out) == (3, "")
    assert f"(process {server.process.pid}); stop it first" in got.err
    assert names(filled) == before
    assert b"Title 0" in server.get("/v1/articles")
    assert server.stop()[0] == 0


def test_restore_through_a_link(filled, serve):
    """The file that the link means is locked and replaced; the link stays a link."""
    assert filled.run("backup", "copy.db").status == 0
    link = filled.folder / "link.db"
    os.symlink("pilcrow.db", link)
    server = serve()
    got = filled.run("restore", "--db", "link.db", "copy.db")
    assert (got.status, got.out) == (3, "") and "stop it first" in got.err
    assert server.stop()[0] == 0
    got = filled.run("restore", "--db", "link.db", "copy.db")
    assert got.status == 0, got.err
    assert os.readlink(link) == "pilcrow.db" and titles_in(link) == ["Title 0", "Title 1", "Title 2"]
    link.unlink()
    os.symlink("nothing.db", link)
    got = filled.run("restore", "--db", "link.db", "copy.db")
    assert (got.status, got.out) == (3, "") and "cannot be followed" in got.err


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_who_may_read_stays(filled, mode):
    """A copy of what only its owner may read is not for everybody, and neither is what comes back."""
    database, copy = filled.folder / "pilcrow.db", filled.folder / "copy.db"
    database.chmod(mode)
    assert filled.run("backup", "copy.db").status == 0
    assert copy.stat().st_mode & 0o777 == mode
    copy.chmod(0o644)
    assert filled.run("restore", "copy.db").status == 0
    assert database.stat().st_mode & 0o777 == mode


def damage(path):
    """Inside of the pages, where only an examination finds it."""
    bytes_ = bytearray(path.read_bytes())
    at = bytes_.find(b"Title 1")
    assert at > 4096
    for i in range(at - 200, at + 200):
        bytes_[i] = 0x55
    path.write_bytes(bytes_)


def sqlite_file(path, script):
    path.unlink()
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


@pytest.mark.parametrize("spoil, said", [
    (lambda path: path.write_text("no database at all"), "copy.db is not a Pilcrow database"),
    (lambda path: sqlite_file(path, "CREATE TABLE a (b)"), "copy.db is not a Pilcrow database"),
    (lambda path: sqlite_file(path, "CREATE TABLE a (b); DROP TABLE a; VACUUM"), "copy.db is not a Pilcrow database"),
    (lambda path: sqlite_file(path, "PRAGMA application_id = 1349086307"), "copy.db is not a Pilcrow database"),
    (lambda path: path.write_bytes(path.read_bytes()[:60]), "copy.db is not a Pilcrow database"),
    (lambda path: sqlite3.connect(path).executescript("PRAGMA user_version = 999"), "copy.db was written by a newer"),
    (lambda path: path.write_bytes(path.read_bytes()[:6000]), "copy.db is damaged and was not restored"),
    (damage, "copy.db is damaged and was not restored"),
    (lambda path: path.unlink(), "No such file"),
    (lambda path: path.write_bytes(b""), "copy.db is empty"),
    (lambda path: (path.unlink(), os.mkfifo(path)), "copy.db is no file"),
    (lambda path: (path.unlink(), path.mkdir()), "copy.db is no file"),
])
def test_a_backup_that_is_none(filled, spoil, said):
    assert filled.run("backup", "copy.db").status == 0
    spoil(filled.folder / "copy.db")
    before = names(filled)
    got = filled.run("restore", "copy.db")
    assert (got.status, got.out) == (3, ""), got.err
    assert f"pilcrow: {said}" in got.err or said == "No such file" and said in got.err, got.err
    assert "restoring" not in re.sub("^ts=.*$", "", got.err, flags=re.M)
    assert names(filled) == before
    assert filled.titles() == ["Title 0", "Title 1", "Title 2"]
    assert filled.run("check").status == 0


def test_a_damaged_database_is_replaced_and_kept(filled):
    assert filled.run("backup", "copy.db").status == 0
    database = filled.folder / "pilcrow.db"
    database.write_bytes(b"gone" * 5000)
    got = filled.run("restore", "copy.db")
    assert got.status == 0, got.err
    assert filled.titles() == ["Title 0", "Title 1", "Title 2"]
    kept = [name for name in names(filled) if "before-restore" in name and not name.endswith((".lock", "-wal", "-shm"))]
    assert len(kept) == 1 and (filled.folder / kept[0]).read_bytes() == b"gone" * 5000


def test_a_database_in_use_is_no_backup(filled):
    filled.write("copy.db", (filled.folder / "pilcrow.db").read_bytes())
    filled.write("copy.db-wal", "what was written last")
    got = filled.run("restore", "copy.db")
    assert got.status == 3 and "-wal file beside it" in got.err
    assert len(filled.titles()) == 3


def test_check_repairs(filled):
    connection = sqlite3.connect(filled.db)
    connection.execute("UPDATE term SET article_count = 77")
    connection.execute("UPDATE store SET article_count = 5")
    connection.commit()
    connection.close()
    got = filled.run("check")
    assert got.status == 3 and "finding" in got.out
    got = filled.run("check", "--repair")
    assert got.status == 0, got.out + got.err
    assert "repaired: " in got.out and got.out.endswith("pilcrow.db: all is well\n")
    assert filled.run("check").status == 0
    again = filled.run("check", "--repair")
    assert (again.status, again.out) == (0, "pilcrow.db: all is well\n")


def test_check_repairs_nothing_beside_a_server(filled, serve):
    server = serve()
    got = filled.run("check", "--repair")
    assert (got.status, got.out) == (3, "") and "stop it, repair, and start it again" in got.err
    assert server.stop()[0] == 0


def test_check_makes_no_database(pilcrow):
    got = pilcrow.run("check", "--repair")
    assert (got.status, got.out) == (3, "") and "No such file" in got.err
    assert names(pilcrow) == []
