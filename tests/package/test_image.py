"""The container as the Dockerfile makes it, run as hard as README.md says that it can be. Each test goes on from the one
before."""

import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time

import pytest

from conftest import ROOT, WORK, get, need, run

PLACE = ["--root", str(WORK / "podman"), "--runroot", str(WORK / "podman-run")]
# Without a /tmp, either, which podman would add by itself.
HARD = ["--read-only", "--read-only-tmpfs=false", "--cap-drop=all", "--security-opt", "no-new-privileges"]
# What a container in a container needs: no limits that its root may not raise, and runc with old control groups.
HERE = ["--network", "host", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"]


class Images:
    def __init__(self, driver):
        self.options = [*PLACE, "--storage-driver", driver]

    def podman(self, *words, **more):
        return run("podman", *self.options, "--runtime", "runc", *words, **more)

    def buildah(self, *words):
        return run("buildah", *self.options, *words)

    def run(self, *words, name=None, more=()):
        named = ["-d", "--name", name] if name else ["--rm"]
        return self.podman("run", *named, *HERE, *HARD, "--health-interval=disable", "-v", "pilcrow-test:/data", *more,
                           "pilcrow:test", *words)

    def state(self, name, field):
        return self.podman("inspect", name, "--format", f"{{{{.{field}}}}}").strip()


def first_line(images, name):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        lines = [line for line in images.podman("logs", name).splitlines() if line.startswith("ready ")]
        if lines:
            return lines[-1]
        time.sleep(0.02)
    raise AssertionError("no ready line: " + images.podman("logs", name))


@pytest.fixture(scope="module")
def images(debian):
    """The image that the Dockerfile builds on the base of this name, whatever the registry would have given."""
    need("buildah", "podman", "runc", "conmon")
    for folder in ("podman", "podman-run"):
        shutil.rmtree(WORK / folder, ignore_errors=True)
    made = None
    for driver in ("overlay", "vfs"):
        made = Images(driver)
        try:
            made.podman("import", "--change", 'CMD ["bash"]', debian, "docker.io/library/debian:bookworm-slim")
            break
        except AssertionError as error:
            why = str(error)
    else:
        pytest.skip(f"no container can be made here: {why[-300:]}")
    try:
        began = time.monotonic()
        made.buildah("bud", "--pull-never", "--isolation", "chroot", "--format", "docker", "-t", "pilcrow:test", str(ROOT))
        print(f"\nimage: built in {time.monotonic() - began:.0f} s")
        yield made
    finally:
        for name in ("first", "second"):
            subprocess.run(["podman", *made.options, "--runtime", "runc", "rm", "-f", "-i", "-t", "5", name],
                           capture_output=True, check=False)
        subprocess.run(["podman", *made.options, "system", "reset", "-f"], capture_output=True, check=False)


def listen_at(port):
    return "-e", f"PILCROW_LISTEN=127.0.0.1:{port}"


@pytest.fixture(scope="module")
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_size(images):
    size, base = (int(images.podman("image", "inspect", name, "--format", "{{.Size}}"))
                  for name in ("pilcrow:test", "docker.io/library/debian:bookworm-slim"))
    print(f"\nimage: {size / 1e6:.0f} MB, of them {(size - base) / 1e6:.1f} MB on top of its base")
    assert size - base < 40e6


def test_nothing_to_build_with_is_left(images):
    listing = images.podman("run", "--rm", *HERE, "--entrypoint", "/bin/sh", "pilcrow:test", "-c",
                            "ls /usr/bin /usr/include /src 2>/dev/null; ls /var/lib/apt/lists; id -u")
    words = set(listing.split())
    assert not words & {"gcc", "cc", "make", "ld", "as", "clang", "pkg-config", "stdio.h", "Makefile"}
    assert listing.split()[-1] == "10001"


def test_starts_hardened(images, port):
    began = time.monotonic()
    images.run(name="first", more=listen_at(port))
    ready = first_line(images, "first")
    print(f"\nimage: ready {time.monotonic() - began:.2f} s after `run`, the container's own start included")
    assert ready == f"ready url=http://127.0.0.1:{port}"
    status = pathlib.Path(f"/proc/{images.state('first', 'State.Pid')}/status").read_text()
    assert re.search(r"^Uid:\s+10001\s", status, re.M)
    assert re.search(r"^CapEff:\s+0{16}$", status, re.M)
    assert re.search(r"^NoNewPrivs:\s+1$", status, re.M)
    assert re.search(r"^Seccomp:\s+2$", status, re.M)


def test_its_root_cannot_be_written(images):
    got = subprocess.run(["podman", *images.options, "--runtime", "runc", "exec", "first", "touch", "/usr/x"],
                         capture_output=True, text=True, check=False)
    assert got.returncode != 0
    assert "Read-only file system" in got.stderr


def test_health(images, port):
    images.podman("healthcheck", "run", "first")
    assert "healthy" in images.podman("exec", "first", "pilcrow", "healthcheck", "--url", f"http://127.0.0.1:{port}")


def status_when_made(url):
    """A large snapshot takes its time, and is asked for again until then."""
    end = time.monotonic() + 60
    status, headers, _ = get(url)
    while status == 503 and "Retry-After" in headers and time.monotonic() < end:
        time.sleep(0.5)
        status, headers, _ = get(url)
    return status


def test_import_read_write(images, port):
    url = f"http://127.0.0.1:{port}"
    token = images.podman("exec", "first", "pilcrow", "token", "create", "--name", "me", "--scope", "write").strip()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/plain; charset=utf-8"}
    samples = b"\n\x0c\n".join(path.read_bytes() for path in sorted((ROOT / "db/samples").glob("0[1-4]*.txt")))
    status, _, body = get(url + "/v1/import", headers, samples, "POST")
    assert status == 200 and b'"created":4' in body, body
    assert len(json.loads(get(url + "/v1/articles")[2])["data"]) == 4
    made = get(url + "/v1/articles", {**headers, "Content-Type": "application/json"},
               json.dumps({"title": "Fog", "paragraphs": ["It lifts."]}).encode(), "POST")
    assert made[0] == 201
    long = "".join(json.dumps({"title": f"Number {i}", "paragraphs": ["word " * 400 + "end"]}) + "\n" for i in range(1500))
    status, _, body = get(url + "/v1/import", {**headers, "Content-Type": "application/x-ndjson"}, long.encode(), "POST")
    assert status == 200 and b'"created":1500' in body, body[-300:]
    for path in ("/v1/export.ndjson", "/v1/search?q=ferry", "/v1/snapshot.sqlite"):
        assert status_when_made(url + path) == 200, path


def test_sigterm_ends_it_with_0(images):
    began = time.monotonic()
    images.podman("stop", "-t", "20", "first")
    assert time.monotonic() - began < 15
    assert images.state("first", "State.ExitCode") == "0"


def test_samples_come_with_it(images):
    """While the server is stopped: one process at a time writes to a database."""
    assert "created 12," in images.run("import", "--db", "/data/samples.db", "/usr/share/pilcrow/samples")


def test_the_volume_outlives_the_container(images, port):
    images.run(name="second", more=listen_at(port))
    first_line(images, "second")
    fog = json.loads(get(f"http://127.0.0.1:{port}/v1/articles/fog")[2])
    assert fog["paragraphs"][0]["text"] == "It lifts."
    images.podman("stop", "-t", "20", "second")
    images.podman("start", "second")
    assert first_line(images, "second")
    assert get(f"http://127.0.0.1:{port}/v1/articles/fog")[0] == 200
