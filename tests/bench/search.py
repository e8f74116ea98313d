#!/usr/bin/python3
"""Search among many articles: latencies of each kind of question over HTTP, and the index room beside the bare engine.

    search.py [--articles 100000] [--requests 200] [--database FILE]

Articles come from synthetic.py; FILE keeps them for the next run. Requests follow one another on one connection to one
worker, so a latency is the whole time of an answer. Tables go to standard output and to build/bench/search.md.
"""

import argparse
import http.client
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

import servers
import synthetic

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build" / "release" / "pilcrow"
RATE = ROOT / "build" / "release" / "bench" / "search_rate"
RESULTS = ROOT / "build" / "bench" / "search.md"
COMMON, MIDDLE, RARE = range(3, 40), range(300, 2000), range(10000, 40000)
COMMONEST = range(0, 12)
FACETS = "section,author,tag,year"


def fill(database, count):
    with subprocess.Popen([sys.executable, ROOT / "tests/bench/synthetic.py", str(count)], stdout=subprocess.PIPE) as made:
        began = time.monotonic()
        got = subprocess.run([PROGRAM, "import", "--db", database, "-"], stdin=made.stdout, capture_output=True, text=True, check=False)
    if got.returncode != 0:
        raise RuntimeError(f"import: {got.stdout[-500:]}{got.stderr[-500:]}")
    return time.monotonic() - began


def kinds_of(chance, sentences):
    """name -> a maker of targets; every one is drawn anew, so that nothing is answered from a cache."""
    def word(ranks):
        return synthetic.word_of(chance.choice(ranks))

    def phrase():
        words = chance.choice(sentences).rstrip(".").split()
        at = chance.randrange(len(words) - 2)
        return '"' + " ".join(words[at:at + 2]) + '"'

    def search(text, **more):
        return "/v1/search?" + urllib.parse.urlencode({"q": text, **more})

    return {
        "rare word, newest": lambda: search(word(RARE), sort="newest"),
        "common word, newest": lambda: search(word(COMMON), sort="newest"),
        "rare word, relevance": lambda: search(word(RARE)),
        "common word, relevance": lambda: search(word(COMMON)),
        "phrase of two words": lambda: search(phrase()),
        "prefix of three letters": lambda: search(word(MIDDLE)[:3] + "*"),
        "two common words": lambda: search(word(COMMON) + " " + word(COMMON)),
        "common word in paragraphs": lambda: search(word(COMMON), scope="paragraphs"),
        "common word with four facets": lambda: search(word(COMMON), facets=FACETS),
        "rare word with four facets": lambda: search(word(RARE), facets=FACETS),
        "four facets with a filter": lambda: search(word(COMMON), facets=FACETS, section="news"),
        "common word with a filter": lambda: search(word(COMMON), section="news"),
        "four facets of paragraphs": lambda: search(word(COMMON), facets=FACETS, scope="paragraphs"),
        "four facets of all paragraphs": lambda: f"/v1/paragraphs?facets={FACETS}&min_words={chance.randrange(1, 30)}",
        "quote, verbatim": lambda: "/v1/quotes?" + urllib.parse.urlencode({"text": chance.choice(sentences)}),
        "quote that is nowhere": lambda: "/v1/quotes?" + urllib.parse.urlencode({"text": " ".join(word(COMMON) for _ in range(12))}),
        "quote of the commonest words": lambda: "/v1/quotes?" + urllib.parse.urlencode({"text": " ".join(word(COMMONEST) for _ in range(12))}),
        "suggest": lambda: "/v1/suggest?" + urllib.parse.urlencode({"q": word(MIDDLE)[:3]}),
    }


def measure(process, port, make, count):
    """Milliseconds of each answer, those that the server's processors worked for it, and how many were each status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times, work, statuses = [], [], {}
    for _ in range(count):
        target = make()
        worked, began = servers.cpu_ns(process), time.monotonic()
        connection.request("GET", target)
        response = connection.getresponse()
        body = response.read()
        times.append((time.monotonic() - began) * 1000)
        work.append((servers.cpu_ns(process) - worked) / 1e6)
        statuses[response.status] = statuses.get(response.status, 0) + 1
        if response.status not in (200, 503):
            raise RuntimeError(f"{target}: {response.status} {body[:300]!r}")
    return times, work, statuses


def sentences_of(port, count=200):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", f"/v1/paragraphs?limit={count}&min_words=10")
    return [paragraph["text"] for paragraph in json.loads(connection.getresponse().read())["data"]]


def report(out, database, requests):
    chance = random.Random(7)
    with servers.pilcrow(PROGRAM, database, 1, settings=("--cache-size", "0")) as (process, port):
        out("| question | p50 ms | p99 ms | most ms | p50 CPU ms | most CPU ms | answers |\n|---|---|---|---|---|---|---|")
        for name, make in kinds_of(chance, sentences_of(port)).items():
            times, work, statuses = measure(process, port, make, requests)
            out(f"| {name} | {statistics.median(times):.2f} | {statistics.quantiles(times, n=100)[98]:.2f} | {max(times):.1f} | "
                f"{statistics.median(work):.2f} | {max(work):.1f} | "
                f"{', '.join(f'{number} x {status}' for status, number in sorted(statuses.items()))} |")
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        out(f"\nResident afterwards: {int(next(line.split()[1] for line in status.splitlines() if line.startswith('VmRSS'))) / 1024:.0f} MiB")
    queries = [synthetic.word_of(20000), synthetic.word_of(5), f"{synthetic.word_of(5)} {synthetic.word_of(9)}",
               f"{synthetic.word_of(400)[:3]}*", f'"{synthetic.word_of(3)} {synthetic.word_of(5)}"']
    out("\nThe newest 20 articles in process, beside a plain connection with the same MATCH:\n")
    out(subprocess.run([RATE, database, *queries], capture_output=True, text=True, check=True).stdout.rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100000)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--database")
    arguments = parser.parse_args()
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, open(RESULTS, "w", encoding="utf-8") as file:
        def out(line):
            print(line, flush=True)
            print(line, file=file, flush=True)
        database = arguments.database or str(pathlib.Path(folder, "search.db"))
        if not pathlib.Path(database).exists():
            out(f"{arguments.articles} articles imported in {fill(database, arguments.articles):.0f} s, "
                f"{pathlib.Path(database).stat().st_size / 1e6:.0f} MB\n")
        report(out, database, arguments.requests)


if __name__ == "__main__":
    main()
