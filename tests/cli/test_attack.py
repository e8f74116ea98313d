"""A short form of tests/wire/attack_memory.py: what a server holds while it is attacked is bounded."""

import re
import subprocess
import sys

import pytest
from conftest import PROGRAM, ROOT, clean_environment


@pytest.mark.skipif(re.search("/(asan|tsan|fuzz)/", PROGRAM) is not None, reason="sanitizers keep what is freed")
def test_memory_under_attack():
    got = subprocess.run([sys.executable, ROOT / "tests/wire/attack_memory.py", "--program", PROGRAM, "--readers", "48",
                          "--idle", "300", "--slow", "60", "--seconds", "2", "--limit-mib", "64"],
                         capture_output=True, text=True, env=clean_environment(), timeout=120, check=False)
    assert got.returncode == 0, got.stdout + got.stderr
