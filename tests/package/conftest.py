"""What is handed to others: the Debian package in a clean Debian, the container as its users run it. Both need root, a
Debian mirror and tools that a machine may not have; what is missing is said, and the tests are skipped."""

import os
import pathlib
import shutil
import subprocess
import time
import urllib.error
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "package"

# What bookworm-slim leaves out, too.
LEFT_OUT = ["--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/locale/*",
            "--dpkgopt=path-exclude=/usr/share/info/*", "--dpkgopt=path-exclude=/usr/share/doc/*",
            "--dpkgopt=path-include=/usr/share/doc/*/copyright"]


def need(*tools):
    if os.geteuid() != 0:
        pytest.skip("needs root: it makes a root file system")
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}: see .ci/require.sh")


def run(*command, **more):
    """Output and all when it fails."""
    got = subprocess.run([str(word) for word in command], capture_output=True, text=True, errors="replace", check=False,
                         **more)
    assert got.returncode == 0, f"{command}: {got.returncode}\n{got.stdout[-4000:]}{got.stderr[-4000:]}"
    return got.stdout


@pytest.fixture(scope="session")
def debian():
    """A small Debian 12 as a tar file, made once a day."""
    need("mmdebstrap")
    WORK.mkdir(parents=True, exist_ok=True)
    made = WORK / "debian.tar"
    if made.exists() and time.time() - made.stat().st_mtime < 86400:
        return made
    started = WORK / "debian.tar.new"
    got = subprocess.run(["mmdebstrap", "--variant=minbase", *LEFT_OUT, "bookworm", str(started)], capture_output=True,
                         text=True, check=False)
    if got.returncode != 0:
        pytest.skip(f"no Debian can be fetched here: {got.stderr.strip().splitlines()[-1:]}")
    started.rename(made)
    return made


def get(url, headers=(), data=None, method=None):
    """Status, header fields and body, whatever the status."""
    request = urllib.request.Request(url, data=data, headers=dict(headers), method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()
