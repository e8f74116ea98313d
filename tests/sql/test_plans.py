"""The plan of every statement is the expected one, and plans.sh notices when one is not."""

import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def plans(root):
    return subprocess.run(
        ["sh", str(root / "tests/sql/plans.sh")], capture_output=True, text=True, timeout=60
    )


def test_every_plan_is_as_expected():
    done = plans(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def tree(tmp_path):
    shutil.copytree(ROOT / "db", tmp_path / "db")
    shutil.copytree(ROOT / "tests/sql", tmp_path / "tests/sql")
    return tmp_path


SCAN = "-- name: worst\nSELECT id FROM article WHERE word_count + 1 = :a ORDER BY lead;\n"


@pytest.mark.parametrize(
    "sql, allowed, said",
    [
        (SCAN, "", "worst may not: "),
        (SCAN, "worst: tried\n", "changed"),
        ("-- name: one_more\nSELECT id FROM article WHERE id = 1;\n", "", "changed"),
        ("", "store_totals: not needed\n", "store_totals needs no allowance"),
        (SCAN, "worst\n", "no reason for worst"),
        ("-- name: broken\nSELECT nothing FROM article;\n", "", "SQLite does not take == broken"),
    ],
)
def test_what_is_wrong_is_noticed(tree, sql, allowed, said):
    with open(tree / "db/sqlite/write.sql", "a", encoding="utf-8") as file:
        file.write("\n" + sql)
    with open(tree / "tests/sql/plans.allowed", "a", encoding="utf-8") as file:
        file.write(allowed)
    done = plans(tree)
    assert done.returncode != 0
    assert said in done.stdout
