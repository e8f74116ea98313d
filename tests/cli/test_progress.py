"""What is seen while an import runs, and what is left when it is interrupted."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios

import pytest

from conftest import PROGRAM, SUMMARY, article, clean_environment, wait_until


def run_on_terminal(folder, arguments, columns, stdin=None, **env):
    """(status, standard output, what the terminal saw)"""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen([PROGRAM, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=slave, stdin=stdin,
                               env=clean_environment(**{"TERM": "xterm", **env}))
    os.close(slave)
    seen = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(master)
    out = process.communicate(timeout=60)[0].decode()
    return process.returncode, out, seen.decode()


@pytest.fixture
def many(pilcrow):
    for number in range(300):
        paragraphs = [f"Article {number}, paragraph {n}, with a few words of its own: {n * number}." for n in range(120)]
        pilcrow.write(f"many/{number:04}.txt", article(f"Title {number}", paragraphs=paragraphs))
    return pilcrow


@pytest.mark.parametrize("columns", [80, 40, 20])
def test_bar_fits_the_terminal(many, columns):
    many.write("many/0000.txt", "")
    status, out, seen = run_on_terminal(many.folder, ["import", "many"], columns)
    assert status == 1
    assert SUMMARY.match(out.strip()).groups()[:4] == ("299", "0", "0", "1")
    bars = re.findall(r"\r([^\r\n\x1b]*%  \d+ of 300)\x1b\[K", seen)
    assert bars, seen
    assert all(len(bar) < columns for bar in bars)
    assert any("[" in bar for bar in bars) == (columns >= 40)
    done = [int(re.search(r"(\d+) of", bar).group(1)) for bar in bars]
    assert done == sorted(done)
    assert seen.endswith("\r\x1b[K"), "the bar is wiped away at the end"
    assert "many/0000.txt:1:1: there is no title" in seen


def test_without_a_total_the_articles_are_counted(pilcrow):
    text = "".join(f'{{"title": "Title {n}", "paragraphs": ["Text {n}.", "More text."]}}\n' for n in range(8000))
    path = pilcrow.write("all.ndjson", text)
    status, out, seen = run_on_terminal(pilcrow.folder, ["import", path], 80)
    assert status == 0 and SUMMARY.match(out.strip()).group(1) == "8000"
    counts = [int(number) for number in re.findall(r"\r(\d+) articles\x1b\[K", seen)]
    assert counts and counts == sorted(counts) and "%" not in seen


def test_no_bar_when_quiet_or_dumb(many):
    for arguments, env in [(["--quiet"], {}), ([], {"TERM": "dumb"})]:
        _, _, seen = run_on_terminal(many.folder, ["import", "--dry-run", *arguments, "many"], 80, **env)
        assert seen == ""


def test_no_control_sequences_without_a_terminal(many):
    got = many.run("import", "many")
    assert (got.status, got.err) == (0, "")
    assert "\r" not in got.out and "\x1b" not in got.out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_while_waiting_for_input(pilcrow, number):
    reader, writer = os.pipe()
    process = subprocess.Popen([PROGRAM, "import", "-"], cwd=pilcrow.folder, stdin=reader, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env=clean_environment())
    os.close(reader)
    os.write(writer, b'{"title": "One", "paragraphs": ["Text."]}\n')
    lock = pilcrow.folder / "pilcrow.db.lock"
    wait_until(lock.exists)
    wait_until(lambda: waits_in_read(process.pid))
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    os.close(writer)
    assert process.returncode == -number, "who started it sees the signal"
    created = int(SUMMARY.match(out.decode().strip()).group(1))
    assert b"what is counted as created or updated is in, the rest is not" in err
    assert len(pilcrow.titles()) == created
    assert pilcrow.run("check").status == 0


def test_interrupted_dry_run_claims_nothing(pilcrow):
    reader, writer = os.pipe()
    process = subprocess.Popen([PROGRAM, "import", "--dry-run", "-"], cwd=pilcrow.folder, stdin=reader,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=clean_environment(TMPDIR=str(pilcrow.folder)))
    wait_until(lambda: waits_in_read(process.pid))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    os.close(reader)
    os.close(writer)
    assert b"dry run, nothing was changed" in out and err == b""
    assert os.listdir(pilcrow.folder) == []


def waits_in_read(pid):
    with open(f"/proc/{pid}/syscall", encoding="ascii") as file:
        return file.read().startswith("0 0x0 ")


def start_in_the_middle(many, **pipes):
    """An import some of whose articles are in its log. The store is there before: what a first import logs is the
    schema, and one that is killed in the middle of that leaves a file that `check` calls empty."""
    assert many.run("import", "many/0001.txt").status == 0
    process = subprocess.Popen([PROGRAM, "import", "many"], cwd=many.folder, env=clean_environment(), **pipes)
    log = many.folder / "pilcrow.db-wal"
    wait_until(lambda: process.poll() is not None or (log.exists() and log.stat().st_size > 200000))
    return process


def test_interrupted_in_the_middle(many):
    for number in range(300, 1500):
        many.write(f"many/{number:04}.txt", article(f"Title {number}", paragraphs=["Some text."] * 40))
    process = start_in_the_middle(many, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    created = int(SUMMARY.match(out.decode().strip()).group(1))
    assert process.returncode in (-signal.SIGINT, 0)
    done = len(many.titles())
    assert done == created + 1, "one was there before"
    assert many.run("check").status == 0
    assert many.run("import", "many").counts == (1500 - done, 0, done, 0)


def test_killed_in_the_middle(many):
    process = start_in_the_middle(many, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    process.kill()
    process.wait(timeout=20)
    assert many.run("check").status == 0
    done = len(many.titles())
    assert many.run("import", "many").counts == (300 - done, 0, done, 0)
