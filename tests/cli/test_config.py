"""Settings of a file, and what becomes of them while the server runs."""

import json
import os
import re
import signal
import urllib.error
import urllib.request

import pytest
from conftest import wait_until


def table(text):
    return {line.split()[0]: line for line in text.splitlines()}


def test_table(pilcrow):
    pilcrow.write("p.conf", "workers = 2\ntitle = Ebbe und Flut – täglich\nlisten = 127.0.0.1:1\nlisten = [::1]:2\n")
    got = pilcrow.run("config", "--config", "p.conf", "--idle-timeout", "20", env={"PILCROW_DB": "x.db"})
    assert (got.status, got.err) == (0, "")
    lines = table(got.out)
    assert lines["workers"].split() == ["workers", "2", "p.conf:1"]
    assert lines["idle-timeout"].split() == ["idle-timeout", "20", "flag"]
    assert lines["db"].split() == ["db", "x.db", "environment", "PILCROW_DB"]
    assert lines["head-timeout"].split() == ["head-timeout", "10", "default"]
    assert lines["listen"].split() == ["listen", "127.0.0.1:1,[::1]:2", "p.conf:3"]
    origins = {line.index(line.split()[-1]) for key, line in lines.items() if key in ("workers", "title", "listen")}
    assert len(origins) == 1, "the columns are not aligned"


def test_json(pilcrow):
    pilcrow.write("p.conf", "title = A \\ \"B\" C\ntrusted-proxy = 10.0.0.0/8\ntrusted-proxy = ::1\n")
    got = pilcrow.run("config", "--json", env={"PILCROW_CONFIG": "p.conf", "PILCROW_WORKERS": "3"})
    settings = json.loads(got.out)
    assert settings["title"] == {"value": 'A \\ "B" C', "origin": "p.conf:1"}
    assert settings["workers"] == {"value": 3, "origin": "environment PILCROW_WORKERS"}
    assert settings["trusted-proxy"]["value"] == "10.0.0.0/8,::1/128"
    assert settings["cache-size"]["origin"] == "default"


def test_example_is_a_file(pilcrow):
    example = pilcrow.run("config", "--example").out
    pilcrow.write("p.conf", example)
    settings = json.loads(pilcrow.run("config", "--json", "--config", "p.conf").out)
    assert {one["origin"] for key, one in settings.items() if key != "config"} == {"default"}
    assert set(re.findall(r"^#([a-z-]+) =", example, re.M)) == set(settings) - {"config"}


@pytest.mark.parametrize("command", [["serve"], ["config"], ["check"], ["token", "list"], ["healthcheck"]])
def test_every_command_says_what_is_wrong(pilcrow, command):
    pilcrow.write("p.conf", "db = pilcrow.db\nwokers = 2\n")
    got = pilcrow.run(*command, "--config", "p.conf")
    assert (got.status, got.out) == (2, "")
    assert "p.conf:2: there is no setting 'wokers'; did you mean workers?" in got.err


def test_import_uses_the_file(filled):
    filled.write("p.conf", "db = other.db\nworkers = 2\n")
    filled.write("b.txt", "Two\nAnn Lee | 03.06.2018 | NEWS\n\nTwo\n\nWords.\n\nTags: a\n")
    assert filled.run("import", "--config", "p.conf", "b.txt").status == 0
    assert (filled.folder / "other.db").exists()


def cache_control(server):
    with urllib.request.urlopen(server.url + "/v1/articles/1", timeout=20) as answer:
        return answer.headers["Cache-Control"]


def status_of(server, path):
    try:
        with urllib.request.urlopen(server.url + path, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_reload(filled, serve):
    log = filled.folder / "pilcrow.log"
    conf = filled.write("p.conf", "listen = 127.0.0.1:0\nlog-file = pilcrow.log\ncache-max-age = 60\nworkers = 2\n")
    server = serve("--config", "p.conf")
    assert "max-age=60," in cache_control(server)
    assert "max-age=60," in cache_control(server)  # out of the answer cache

    conf.write_text("listen = 127.0.0.1:0\nlog-file = pilcrow.log\ncache-max-age = 5\nworkers = 1\ntitle = B\n"
                    "rate-limit-address = 1\nread-access = token\n")
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "event=reload changed=" in log.read_text())
    text = log.read_text()
    assert 'event=reload needs_restart="workers read-access title"' in text
    assert 'event=reload changed="rate-limit-address cache-max-age"' in text
    wait_until(lambda: "max-age=5," in cache_control_or_none(server))
    wait_until(lambda: status_of(server, "/v1/articles/1") == 429)

    conf.write_text("workers = many\n")
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "level=error event=reload" in log.read_text())
    assert "p.conf:1: workers: 'many' is not a whole number from 0 to 256" in log.read_text()
    assert status_of(server, "/v1/articles/1") == 429, "a bad file changed something"
    assert status_of(server, "/healthz") == 200

    conf.write_text("log-file = pilcrow.log\nlog-level = error\n")
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: status_of(server, "/v1/articles/1") == 200)
    before = log.read_text()
    assert status_of(server, "/v1/articles/1") == 200
    assert log.read_text() == before, "log-level was not reloaded"
    status, err = server.stop()
    assert (status, err) == (0, "")


def cache_control_or_none(server):
    try:
        return cache_control(server)
    except urllib.error.HTTPError:
        return "max-age=5,"  # the one request of this minute was spent, after the reload


def test_log_file_is_opened_anew(filled, serve):
    log, old = filled.folder / "pilcrow.log", filled.folder / "pilcrow.log.1"
    server = serve("--listen", "127.0.0.1:0", "--log-file", "pilcrow.log")
    server.get("/v1/articles/1")
    wait_until(lambda: "event=request" in log.read_text())
    os.rename(log, old)
    server.get("/v1/articles/1")
    wait_until(lambda: old.read_text().count("event=request") == 2)
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: log.exists() and "event=reload" in log.read_text())
    server.get("/v1/articles/1")
    wait_until(lambda: "event=request" in log.read_text())
    assert old.read_text().count("event=request") == 2
    assert log.stat().st_mode & 0o777 == 0o640 & ~os.umask(os.umask(0))
    assert server.stop() == (0, "")


def test_log_file_that_cannot_be_opened(filled, serve):
    got = filled.run("serve", "--listen", "127.0.0.1:0", "--log-file", "no/such/folder/x.log")
    assert got.status == 3
    assert "the log file no/such/folder/x.log cannot be opened: No such file or directory" in got.err
    folder = filled.folder / "logs"
    folder.mkdir()
    server = serve("--listen", "127.0.0.1:0", "--log-file", "logs/p.log")
    os.rename(folder, filled.folder / "gone")
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "event=log_file" in (filled.folder / "gone" / "p.log").read_text())
    assert status_of(server, "/v1/articles/1") == 200
    assert server.stop()[0] == 0
