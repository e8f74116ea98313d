"""What writing costs: beside plain SQLite, and for those who read meanwhile."""

import http.client
import os
import pathlib
import statistics
import subprocess
import time

import servers

EDITS = 300
FIRST_ARTICLES = 300
QUIET_READS = 4000


def beside_plain_sqlite(program, folder, files):
    """The table that write_rate prints; `folder` says which disk."""
    got = subprocess.run([program, folder, str(EDITS), *files], capture_output=True, text=True, check=False)
    if got.returncode != 0:
        raise RuntimeError(got.stderr.strip())
    return got.stdout.rstrip()


def read_until(port, is_over):
    """Milliseconds of each of many reads of articles, one after the other on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times = []
    while not is_over(times):
        began = time.monotonic()
        connection.request("GET", f"/v1/articles/{len(times) % FIRST_ARTICLES + 1}")
        answer = connection.getresponse()
        answer.read()
        times.append((time.monotonic() - began) * 1000)
        if answer.status != 200:
            raise RuntimeError(f"read: {answer.status}")
    connection.close()
    return times


def p99(times):
    return statistics.quantiles(times, n=100)[98]


def reads_while_importing(program, folder, files, rounds=3):
    """[(p99 quiet, p99 while importing, reads meanwhile)] in milliseconds, each round on a new store. One worker, so
    that the reads come to the one that has the import."""
    rows = []
    for number in range(rounds):
        database = pathlib.Path(folder) / f"reads{number}.db"
        first = sorted(files)[:FIRST_ARTICLES]
        subprocess.run([program, "import", "--quiet", "--db", database, *first], capture_output=True, check=False)
        made = subprocess.run([program, "token", "--db", database, "--scope", "write", "--name", "bench", "create"],
                              capture_output=True, text=True, check=True)
        token = pathlib.Path(folder) / "token"
        token.write_text(made.stdout, encoding="ascii")
        os.chmod(token, 0o600)
        with servers.pilcrow(program, database, is_pinned=False) as (_, port):
            quiet = read_until(port, lambda times: len(times) >= QUIET_READS)
            sender = subprocess.Popen([program, "import", "--quiet", "--url", f"http://127.0.0.1:{port}",
                                       "--token-file", token, *files], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            busy = read_until(port, lambda times: sender.poll() is not None)
            if sender.returncode not in (0, 1):
                raise RuntimeError(f"import: status {sender.returncode} {sender.stderr.read()[-500:]}")
            sender.stderr.close()
        rows.append((p99(quiet), p99(busy), len(busy)))
    return rows
