"""The counter counts what suites say, and never takes silence or a crash for success."""

import pathlib
import subprocess
import sys

import pytest

TALLY = pathlib.Path(__file__).resolve().parents[2] / ".ci" / "tally.py"

CASES = [
    ("cmocka", "printf '[  PASSED  ] 5 test(s).\\n' >&2", 5, 0, 0, 0),
    ("cmocka, failed", "printf '[  PASSED  ] 5 test(s).\\n[  FAILED  ] 2 test(s), listed below:\\n'; exit 2", 5, 2, 0, 1),
    ("pytest", "echo '7 passed in 0.12s'", 7, 0, 0, 0),
    ("pytest, mixed", "echo '= 1 failed, 7 passed, 2 skipped, 1 error in 61.20s (0:01:01) ='; exit 1", 7, 2, 2, 1),
    ("pytest says failed, status 0", "echo '1 failed, 2 passed in 0.1s'", 2, 1, 0, 1),
    ("plain", "echo 'ok - a'; echo 'ok - b # skip no c'; echo 'not ok - d'; exit 1", 1, 1, 1, 1),
    ("words that only look alike", "echo 'okay - a'; echo 'ok - b'", 1, 0, 0, 0),
    ("crash after good tests", "echo 'ok - a'; kill -SEGV $$", 1, 1, 0, 1),
    ("status alone", "echo 'ok - a'; exit 3", 1, 1, 0, 1),
    ("silence", "true", 0, 1, 0, 1),
    ("only skips", "echo '2 skipped in 0.1s'", 0, 0, 2, 0),
]


@pytest.mark.parametrize("what, script, passed, failed, skipped, status", CASES)
def test_counts(what, script, passed, failed, skipped, status, tmp_path):
    path = tmp_path / "tally.txt"
    got = subprocess.run([sys.executable, TALLY, "run", path, "suite", "sh", "-c", script],
                         capture_output=True, text=True, check=False)
    assert (got.returncode != 0) == bool(status), what
    assert path.read_text(encoding="utf-8").split()[:4] == ["suite", str(passed), str(failed), str(skipped)], what


@pytest.mark.parametrize("rows, line, status", [
    ("a 3 0 0 1.0\nb 4 0 1 1.0\n", "7 passed, 0 failed", 0),
    ("a 3 0 0 1.0\nb 4 2 1 1.0\n", "7 passed, 2 failed", 1),
    ("", "0 passed, 0 failed", 1),
    (None, "0 passed, 0 failed", 1),
])
def test_sum_is_the_last_line(rows, line, status, tmp_path):
    path = tmp_path / "tally.txt"
    if rows is not None:
        path.write_text(rows, encoding="utf-8")
    got = subprocess.run([sys.executable, TALLY, "sum", path], capture_output=True, text=True, check=False)
    assert got.stdout.splitlines()[-1] == line
    assert got.returncode == status
