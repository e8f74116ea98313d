"""Help, versions, and what is said when the command line is wrong."""

import json
import re

import pytest

from conftest import article

COMMANDS = ["serve", "import", "check", "token", "backup", "restore", "healthcheck", "config", "docs", "version", "help"]


def test_no_command(pilcrow):
    got = pilcrow.run()
    assert (got.status, got.out) == (2, "")
    assert got.err.startswith("Usage: pilcrow COMMAND")


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["help"]])
def test_help(pilcrow, arguments):
    got = pilcrow.run(*arguments)
    assert (got.status, got.err) == (0, "")
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", got.out, re.M)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(pilcrow, command):
    first = pilcrow.run(command, "--help")
    second = pilcrow.run("help", command)
    assert (first.status, first.err) == (0, "")
    assert first.out == second.out
    assert first.out.startswith(f"Usage: pilcrow {command}")
    assert "--help" in first.out
    assert max(len(line) for line in first.out.splitlines()) <= 100


def test_help_names_flag_default_and_variable(pilcrow):
    text = pilcrow.run("serve", "--help").out
    for part in ["--listen ADDR:PORT", "default 127.0.0.1:8080", "PILCROW_LISTEN", "0 to 256", "logfmt, json"]:
        assert part in text
    assert "--dry-run" not in text


@pytest.mark.parametrize("arguments", [["version"], ["--version"], ["-V"]])
def test_version(pilcrow, arguments):
    got = pilcrow.run(*arguments)
    assert got.status == 0
    assert re.fullmatch(r"pilcrow \d+\.\d+\.\d+ \(libmicrohttpd [\d.]+, jansson [\d.]+, SQLite [\d.]+\)\n", got.out)


@pytest.mark.parametrize("arguments, message", [
    (["sevre"], "there is no command 'sevre'; did you mean serve?"),
    (["xyzzy"], "there is no command 'xyzzy'; 'pilcrow --help' lists what there is"),
    (["serve", "--worker", "3"], "--worker is not an option here; did you mean --workers?"),
    (["serve", "--workers", "many"], "--workers: 'many' is not a whole number from 0 to 256"),
    (["serve", "--listen", "8080"], "--listen: '8080' is not of the form ADDR:PORT"),
    (["serve", "--listen", "300.1.1.1:80"], "300.1.1.1:80 is not an address to listen on: write 127.0.0.1:8080"),
    (["serve", "--listen", "127.0.0.1:0", "--listen", "[1::2::3]:80"], "[1::2::3]:80 is not an address to listen on"),
    (["serve", "--listen", "example.org:80"], "example.org:80 is not an address to listen on"),
    (["serve", "--db"], "--db needs a value: --db FILE"),
    (["serve", "articles"], "serve does not take 'articles'"),
    (["import"], "import needs PATH..."),
    (["import", "--listen", "127.0.0.1:0", "x"], "--listen is not an option here"),
    (["check", "--dry-run"], "--dry-run is not an option here"),
    (["docs"], "docs needs TABLE"),
    (["docs", "nothing"], "there is no table 'nothing'"),
    (["help", "sevre"], "did you mean serve?"),
    (["healthcheck", "--url", "ftp://x"], "--url: 'ftp://x' is not of the form http://HOST:PORT"),
    (["healthcheck", "--listen", "127.0.0.1:0"], "port 0 cannot be asked"),
])
def test_usage_errors(pilcrow, arguments, message):
    got = pilcrow.run(*arguments)
    assert got.status == 2
    assert got.out == ""
    assert got.err.startswith("pilcrow: ") and message in got.err
    assert not pilcrow.db.exists()


def test_wrong_variable(pilcrow):
    got = pilcrow.run("serve", env={"PILCROW_IDLE_TIMEOUT": "soon"})
    assert got.status == 2
    assert "PILCROW_IDLE_TIMEOUT: 'soon' is not a whole number from 1 to 3600" in got.err


def test_words_of_the_caller_cannot_move_the_cursor(pilcrow):
    got = pilcrow.run("\x1b[2Jserve")
    assert got.status == 2
    assert "\x1b" not in got.err


@pytest.mark.parametrize("table", ["commands", "settings", "routes", "parameters", "problems"])
def test_docs(pilcrow, table):
    got = pilcrow.run("docs", table)
    lines = got.out.splitlines()
    assert got.status == 0 and len(lines) > 5
    bars = lines[0].count("|")
    for line in lines:
        assert line.startswith("| ") or line.startswith("|---")
        assert line.replace("\\|", "").count("|") == bars, line


def test_docs_openapi_is_what_is_served(pilcrow):
    document = json.loads(pilcrow.run("docs", "openapi").out)
    assert document["openapi"] == "3.1.0"
    assert "/v1/articles" in document["paths"]


def test_docs_name_each_address_once(pilcrow):
    for row in pilcrow.run("docs", "parameters").out.splitlines():
        addresses = re.findall("`(/[^`]*)`", row.split("|")[3])
        assert len(addresses) == len(set(addresses)), row


def test_closed_standard_output(pilcrow):
    pilcrow.write("a.txt", article())
    for arguments in [["version"], ["import", "a.txt"]]:
        got = pilcrow.run(*arguments, prefix=["sh", "-c", '"$@" >&-', "sh"])
        assert (got.status, got.out) == (3, ""), arguments


def test_lost_standard_output(pilcrow):
    got = pilcrow.run("version", prefix=["sh", "-c", '"$@" >/dev/full', "sh"])
    assert got.status == 3
    assert "standard output cannot be written" in got.err
