"""The units in docs/systemd: what systemd says about them, and that their filter lets through what the server does."""

import os
import re
import shutil
import socket
import subprocess
import urllib.request

import pytest

from conftest import PROGRAM, ROOT, Server, article, clean_environment, wait_until

UNITS = ROOT / "docs" / "systemd"
ANALYZE = shutil.which("systemd-analyze")
EXPOSURE_MOST = 1.5

pytestmark = pytest.mark.skipif(ANALYZE is None, reason="no systemd-analyze here")


def analyze(*arguments):
    return subprocess.run([ANALYZE, *arguments], capture_output=True, text=True, check=False)


def test_exposure():
    got = analyze("security", "--offline=true", str(UNITS / "pilcrow.service"))
    match = re.search(r"Overall exposure level for pilcrow.service: ([\d.]+)", got.stdout)
    assert match, got.stdout + got.stderr
    assert float(match[1]) <= EXPOSURE_MOST, got.stdout


def test_systemd_understands_every_line(tmp_path):
    """The program and its manual page need not be installed; whatever else it complains of is a mistake."""
    for name in ("pilcrow.service", "pilcrow.socket"):
        shutil.copy(UNITS / name, tmp_path)
    got = analyze("verify", str(tmp_path / "pilcrow.service"), str(tmp_path / "pilcrow.socket"))
    complaints = [line for line in got.stderr.splitlines()
                  if "pilcrow." in line and "is not executable" not in line and "man pilcrow" not in line]
    assert complaints == []


@pytest.mark.skipif(shutil.which("systemd-socket-activate") is None, reason="no systemd-socket-activate here")
def test_activation_by_systemd_itself(pilcrow):
    """Its own tool listens, and starts the program when the first connection comes."""
    pilcrow.write("town/a.txt", article("One"))
    assert pilcrow.run("import", "town").status == 0
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(["systemd-socket-activate", "-l", f"127.0.0.1:{port}", PROGRAM, "serve"],
                               cwd=pilcrow.folder, env=clean_environment(), stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    try:
        wait_until(lambda: b"One" in asked(port))
        assert process.stdout.readline() == f"ready url=http://127.0.0.1:{port}\n".encode()
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 0


def asked(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/articles/1", timeout=20) as answer:
            return answer.read()
    except OSError:
        return b""


def calls_of(name):
    """The system calls of a set such as @system-service, by name."""
    if not name.startswith("@"):
        return {name}
    got = analyze("syscall-filter", name)
    calls = set()
    for word in [line.strip() for line in got.stdout.splitlines()[1:]]:
        if word.startswith("@"):
            calls |= calls_of(word)
        elif word and not word.startswith("#"):
            calls.add(word)
    return calls


def allowed_calls():
    allowed = calls_of("@default")
    for line in (UNITS / "pilcrow.service").read_text(encoding="utf-8").splitlines():
        if line.startswith("SystemCallFilter="):
            names = line.split("=", 1)[1]
            for name in names.lstrip("~").split():
                allowed = allowed - calls_of(name) if names.startswith("~") else allowed | calls_of(name)
    return allowed


def can_trace():
    return shutil.which("strace") is not None and subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"],
                                                                 check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(not can_trace(), reason="no strace here, or nobody may use it")
@pytest.mark.skipif(re.search("/(asan|tsan|fuzz)/", PROGRAM) is not None, reason="a sanitizer makes calls of its own")
def test_the_filter_allows_what_the_server_does(pilcrow, tmp_path):
    pilcrow.write("town/a.txt", article("One"))
    assert pilcrow.run("import", "town").status == 0
    token = pilcrow.run("token", "create", "--name", "me", "--scope", "write").out.strip()
    trace = tmp_path / "trace"
    server = Server(pilcrow.folder, "--listen", "127.0.0.1:0",
                    prefix=["strace", "-D", "-f", "-qq", "-o", str(trace)])
    for path in ("/v1/articles/1", "/v1/search?q=harbour", "/v1/export.ndjson", "/v1/snapshot.sqlite"):
        server.get(path)
    folder = pilcrow.folder / "more"
    folder.mkdir()
    (folder / "b.txt").write_text(article("Two"), encoding="utf-8")
    (folder / "token").write_text(token, encoding="utf-8")
    assert pilcrow.run("import", "--url", server.url, "--token-file", "more/token", "more/b.txt").status == 0
    assert server.stop()[0] == 0
    called = set(re.findall(r"^\d+ +(\w+)\(", trace.read_text(encoding="utf-8", errors="replace"), re.M))
    assert {"epoll_wait", "accept4", "fdatasync"} <= called
    if os.geteuid() == 0:
        called.discard("fchown")  # SQLite gives files to the database's owner; the service is no root
    assert called - allowed_calls() == set()
