"""TLS as operators meet it: settings, errors at the start, curl, reload within the sandbox, healthcheck, import."""

import os
import pathlib
import signal
import ssl
import subprocess
import sys

import pytest

from conftest import ROOT, article, wait_until

sys.path.insert(0, str(ROOT / "tests" / "wire"))
import certificate  # noqa: E402


@pytest.fixture
def pair(pilcrow):
    return certificate.make(pilcrow.folder)


def flags(pair):
    return "--listen", "127.0.0.1:0", "--tls-certificate", str(pair[0]), "--tls-key", str(pair[1])


def curl(server, trusted, path, *more):
    got = subprocess.run(["curl", "-sS", "--cacert", trusted, *more, server.url.replace("127.0.0.1", "localhost") + path],
                         capture_output=True, check=False, timeout=60)
    return got.returncode, got.stdout.decode()


def serial(server):
    port = int(server.url.rsplit(":", 1)[1])
    return ssl.get_server_certificate(("127.0.0.1", port))


def lock(key):
    """With a password."""
    locked = key.with_suffix(".locked")
    subprocess.run(["openssl", "pkey", "-in", key, "-aes256", "-passout", "pass:x", "-out", locked], check=True)
    locked.rename(key)


# ---- at the start ----


@pytest.mark.parametrize("one, other", [("--tls-certificate", "--tls-key"), ("--tls-key", "--tls-certificate")])
def test_one_without_the_other(pilcrow, one, other):
    got = pilcrow.run("serve", one, "x.pem")
    assert got.status == 2
    assert f"{one} is set and {other} is not" in got.err


@pytest.mark.parametrize("spoil, says", [
    (lambda c, k: c.unlink(), "server.crt: No such file or directory"),
    (lambda c, k: k.unlink(), "server.key: No such file or directory"),
    (lambda c, k: c.write_text("hello"), "server.crt: no certificate in PEM; it begins with"),
    (lambda c, k: k.write_text("hello"), "server.key: no private key in PEM; it begins with"),
    (lambda c, k: c.write_bytes(b"x" * 300000), "server.crt: more than 256 KiB"),
    (lambda c, k: c.write_text(c.read_text() * 17), "server.crt: "),
    (lambda c, k: certificate.make(c.parent, "other")[1].rename(k), "server.key is not that of the first certificate in"),
    (lambda c, k: lock(k),
     "server.key: this key has a password; write it anew without one"),
])
def test_bad_files_say_which_and_why(pilcrow, pair, spoil, says):
    spoil(*pair)
    got = pilcrow.run("serve", *flags(pair))
    assert got.status == 3
    assert says in got.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_key_that_cannot_be_read(pilcrow, pair):
    pair[1].chmod(0)
    assert "server.key: Permission denied" in pilcrow.run("serve", *flags(pair)).err


def test_settings_come_from_a_file_and_are_shown(pilcrow, pair):
    pilcrow.write("pilcrow.conf", f"tls-certificate = {pair[0]}\ntls-key = {pair[1]}\n")
    got = pilcrow.run("config", "--config", "pilcrow.conf")
    assert f"{pair[0]}" in got.out and "pilcrow.conf:2" in got.out


# ---- while it serves ----


def test_curl(filled, serve, pair):
    server = serve(*flags(pair))
    assert server.url.startswith("https://127.0.0.1:")
    assert curl(server, pair[0], "/healthz")[0] == 0
    assert '"One"' in curl(server, pair[0], "/v1/articles")[1]
    feed = curl(server, pair[0], "/v1/articles.atom")[1]
    assert "https://localhost:" in feed and "http://localhost:" not in feed
    head = curl(server, pair[0], "/v1/articles", "-I")[1]
    tag = next(line.split(": ", 1)[1].strip() for line in head.splitlines() if line.lower().startswith("etag"))
    assert "304" in curl(server, pair[0], "/v1/articles", "-i", "-H", f"If-None-Match: {tag}")[1].splitlines()[0]
    status, err = server.stop()
    assert status == 0 and "level=error" not in err, err


@pytest.mark.parametrize("layout", ["files", "links"])
def test_reload_in_the_sandbox(pilcrow, serve, layout):
    """As certbot does it: the names are links, and the next pair stands beside the one before."""
    folder = pilcrow.folder / "keys"
    (folder / "live").mkdir(parents=True)
    (folder / "archive").mkdir()

    def renew(turn):
        made = certificate.make(folder / "archive", f"{turn}" if layout == "links" else "server")
        for path, name in zip(made, ("server.crt", "server.key")):
            if layout == "links":
                (folder / "live" / name).unlink(missing_ok=True)
                (folder / "live" / name).symlink_to(f"../archive/{path.name}")
        return made

    first = renew(1)
    pair = [folder / "live" / "server.crt", folder / "live" / "server.key"] if layout == "links" else first
    server = serve(*flags(pair))
    before = serial(server)
    renew(2)
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: serial(server) != before)
    after = serial(server)
    pathlib.Path(pair[1]).unlink()
    server.process.send_signal(signal.SIGHUP)
    assert serial(server) == after
    status, err = server.stop()
    assert status == 0
    assert "event=tls error=" in err and "No such file" in err


def test_healthcheck(pilcrow, serve, pair):
    server = serve(*flags(pair))
    assert pilcrow.run("healthcheck", "--url", server.url).out == "healthy\n"
    listen = server.url.removeprefix("https://")
    assert pilcrow.run("healthcheck", "--listen", listen, "--tls-certificate", pair[0]).out == "healthy\n"
    got = pilcrow.run("healthcheck", "--url", f"http://{listen}")
    assert got.status == 3 and "no answer" in got.err


def test_healthcheck_of_a_plain_server_over_tls(pilcrow, serve):
    server = serve()
    got = pilcrow.run("healthcheck", "--url", server.url.replace("http:", "https:"))
    assert got.status == 3 and "no TLS: " in got.err


def test_import_over_tls(pilcrow, serve, pair):
    server = serve(*flags(pair))
    pilcrow.write("t.token", pilcrow.run("token", "create", "--scope", "write", "--name", "t").out).chmod(0o600)
    for number in range(300):
        pilcrow.write(f"many/{number}.txt", article(f"Number {number}", paragraphs=["word " * 2000]))
    send = ("import", "--url", server.url, "--token-file", "t.token", "many")
    refused = pilcrow.run(*send)
    assert refused.status == 3 and "NOT trusted" in refused.err and "--tls-certificate" in refused.err
    other = certificate.make(pilcrow.folder, "other")
    assert "does not show the first certificate of" in pilcrow.run(*send, "--tls-certificate", other[0]).err
    assert pilcrow.run(*send, "--tls-certificate", pair[0]).counts == (300, 0, 0, 0)
    hint = pilcrow.run("import", "many").err
    assert f"--url {server.url}" in hint and "--tls-certificate FILE" in hint
