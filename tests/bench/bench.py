#!/usr/bin/python3
"""Measures Pilcrow beside a bare libmicrohttpd responder and nginx, both sending the very bytes that Pilcrow sent.

    bench.py [--rounds 5] [--seconds 3] [--only CASE]    (fastify and codings are cases, too)

Rounds are short and interleaved (Pilcrow cold, hot, bare, nginx, Pilcrow cold, ...), so that what else happens on the machine
meets all of them; cold is without the cache of finished answers, hot with it. A ratio compares neighbours in one round. Given are the median and, in brackets, the lowest and the
highest round. Rates tell of the machine too; processor time for a request hardly does. The table goes to standard output and to build/bench/results.md.
"""

import argparse
import bisect
import http.client
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time

import beside_fastify
import servers
import writes

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build" / "release" / "pilcrow"
BARE = ROOT / "build" / "release" / "bench" / "bare_responder"
WRITE_RATE = ROOT / "build" / "release" / "bench" / "write_rate"
CODING_COST = ROOT / "build" / "release" / "bench" / "coding_cost"
COST = ROOT / "build" / "release" / "bench" / "serve_cost"
RESULTS = ROOT / "build" / "bench" / "results.md"
CORPUS = ROOT.parent / "shared" / "corpus"
ALSO_BY_FASTIFY = ("article by id", "list of 20 articles", "list of 100 tags")


def articles_into(folder):
    """The corpus where it is, else articles made of the samples' words."""
    archives = sorted(CORPUS.glob("*.tar.xz"))
    for archive in archives:
        with tarfile.open(archive) as tar:
            for member in tar.getmembers():
                if member.isfile() and member.name.endswith(".txt"):
                    text = tar.extractfile(member).read()
                    (folder / f"{archive.stem}-{pathlib.Path(member.name).name}").write_bytes(text)
    if archives:
        return "corpus"
    words = " ".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "db/samples").glob("*.txt"))).split()
    chance = random.Random(1)
    for number in range(2000):
        title = " ".join(chance.choices(words, k=6)) + f" {number}"
        body = "\n\n".join(" ".join(chance.choices(words, k=chance.randint(20, 90))) for _ in range(chance.randint(3, 12)))
        date = f"{chance.randint(1, 28):02}.{chance.randint(1, 12):02}.{chance.randint(1990, 2020)}"
        tags = "\u00a0 ".join(chance.sample(["Harbour", "Ferry", "Town", "Sea", "Food", "Storm"], 2))
        (folder / f"{number:05}.txt").write_text(
            f"{title}\nA. Writer | {date} | TOWN / Life\n\n{title}\n\n{body}\n\nTags: {tags}\n", encoding="utf-8")
    return "generated"


def measure_import(folder, database):
    """[(what, seconds, files)] of a first and a second import."""
    files = sum(1 for _ in folder.glob("*.txt"))
    rows = []
    for what in ("first import", "second import (all unchanged)"):
        began = time.monotonic()
        got = subprocess.run([PROGRAM, "import", "--db", database, folder], capture_output=True, text=True, check=False)
        if got.returncode not in (0, 1):
            raise RuntimeError(f"import: status {got.returncode}\n{got.stdout[-800:]}{got.stderr[-800:]}")
        rows.append((what, time.monotonic() - began, files))
    return rows


def measure_writes(out, folder, files):
    rows = writes.reads_while_importing(PROGRAM, folder, files)
    out(f"- p99 of reads, one after the other: quiet {spread((row[0] for row in rows), 2)} ms, while {len(files)} articles are "
        f"imported over HTTP {spread((row[1] for row in rows), 2)} ms, ratio {spread((row[1] / row[0] for row in rows), 1)}")
    out("\nWrites in process, synchronous=FULL, in turns with plain SQLite that writes the same rows "
        f"(folder {'in memory' if servers.is_memory(folder) else 'on a disk'}):\n")
    out(writes.beside_plain_sqlite(WRITE_RATE, folder, files))


def memory_kib(process):
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return {line.split(":")[0]: int(line.split()[1]) for line in text.splitlines() if line.startswith(("VmRSS", "VmHWM"))}


def path_of(link):
    """Links may be whole addresses."""
    return "/" + link.split("/", 3)[3] if link and "://" in link else link


def serve_everything(port):
    """Every article, every page of the list with paragraphs, the tags: how many answers and bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    answers = total = 0

    def get(path):
        nonlocal answers, total
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status} {body[:300]!r}")
        answers += 1
        total += len(body)
        return json.loads(body)

    path = "/v1/articles?limit=100&include=paragraphs"
    while path:
        page = get(path)
        for article in page["data"]:
            get(f"/v1/articles/{article['id']}")
        path = path_of(page["links"].get("next"))
    for path in ("/v1/tags?limit=1000", "/v1/sections", "/v1/authors?limit=1000"):
        get(path)
    return answers, total


def measure_memory(database):
    rows = []
    for workers in (1, 2):
        with servers.pilcrow(PROGRAM, database, workers) as (process, port):
            answers, total = serve_everything(port)
            memory = memory_kib(process)
            rows.append((workers, answers, total, memory["VmRSS"], memory["VmHWM"]))
    return rows


def measure_start(database, rounds=7):
    """Milliseconds from the start of the process to the whole first answer."""
    times = []
    for _ in range(rounds):
        began = time.monotonic()
        with servers.pilcrow(PROGRAM, database) as (_, port):
            answer = servers.fetch(port, "/v1/articles/1")
            times.append((time.monotonic() - began) * 1000)
            if answer.status != 200:
                raise RuntimeError(f"first answer {answer.status}")
    return times


def articles_of(port):
    articles, path = [], "/v1/articles?limit=1000&fields=id,word_count,paragraph_count"
    while path:
        page = json.loads(servers.fetch(port, path).body)
        articles += page["data"]
        path = path_of(page["links"].get("next"))
    return articles


def typical_article(articles):
    """The id of the article nearest to the middle by words and by paragraphs at once: the larger of its two distances,
    counted in ranks, is the smallest."""
    distances = dict.fromkeys((article["id"] for article in articles), 0)
    for what in ("word_count", "paragraph_count"):
        counts = sorted(article[what] for article in articles)
        for article in articles:
            # Those of one count stand on all its ranks.
            first, last = bisect.bisect_left(counts, article[what]), bisect.bisect_right(counts, article[what]) - 1
            off = max(first - len(counts) // 2, len(counts) // 2 - last, 0)
            distances[article["id"]] = max(distances[article["id"]], off)
    return min(distances, key=distances.get)


def large_article(port, articles):
    """The id of the article at the 90th percentile by bytes of its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    sizes = []
    for article in articles:
        connection.request("HEAD", f"/v1/articles/{article['id']}")
        response = connection.getresponse()
        response.read()
        sizes.append((int(response.headers["Content-Length"]), article["id"]))
    connection.close()
    return sorted(sizes)[len(sizes) * 9 // 10][1]


def cases_of(port):
    """(name, path, request headers) with the validator that Pilcrow gave just now."""
    articles = articles_of(port)
    article = f"/v1/articles/{typical_article(articles)}"
    etag = servers.fetch(port, article).field("ETag")
    return [
        ("article by id", article, [], False),
        ("article by id, access log on", article, [], True),
        ("article, 304", article, [f"If-None-Match: {etag}"], False),
        ("article in gzip", article, ["Accept-Encoding: gzip"], False),
        ("article in br", article, ["Accept-Encoding: br"], False),
        ("article in zstd", article, ["Accept-Encoding: zstd"], False),
        ("large article", f"/v1/articles/{large_article(port, articles)}", [], False),
        ("list of 20 articles", "/v1/articles", [], False),
        ("list of 100 tags", "/v1/tags?limit=100", [], False),
    ]


def measure_codings(out, database, folder):
    """What it takes to code an answer, once; hot it is kept."""
    with servers.pilcrow(PROGRAM, database) as (_, port):
        articles = articles_of(port)
        paths = {"article by id": f"/v1/articles/{typical_article(articles)}",
                 "large article": f"/v1/articles/{large_article(port, articles)}",
                 "list of 20 articles": "/v1/articles", "openapi.json": "/openapi.json"}
        out("| What | Body, bytes | gzip, bytes (µs) | br | zstd |\n|---|---|---|---|---|")
        for name, path in paths.items():
            file = folder / "body"
            file.write_bytes(servers.fetch(port, path).body)
            done = subprocess.run(["taskset", "-c", servers.SERVER_CORE, CODING_COST, file], check=True,
                                  capture_output=True, text=True)
            cells = [line.split() for line in done.stdout.splitlines()]
            out(f"| {name} | {file.stat().st_size:,} | " +
                " | ".join(f"{int(size):,} ({float(us):.0f})" for _, _, size, us in cells) + " |")
    out("")


def copy_of(database, name="copy"):
    """One server holds one database."""
    copy = f"{database}.{name}"
    if not os.path.exists(copy):
        subprocess.run([PROGRAM, "backup", "--db", database, copy], check=True, capture_output=True)
    return copy


def measure_case(case, database, rounds, seconds):
    """(name, body bytes, rounds of each server)"""
    name, path, headers, access_log = case
    with tempfile.TemporaryDirectory() as folder, servers.pilcrow(PROGRAM, database, 1, access_log) as hot, \
            servers.pilcrow(PROGRAM, copy_of(database), 1, access_log, settings=("--cache-size", "0")) as cold:
        codings = [header for header in headers if header.startswith("Accept-Encoding")]
        asks = headers != codings
        answer = servers.fetch(hot[1], path, headers)
        wanted = 304 if asks else 200
        if answer.status != wanted:
            raise RuntimeError(f"{path}: {answer.status}, expected {wanted}")
        answer.file_body = servers.fetch(hot[1], path, codings).body
        with servers.bare(BARE, answer, folder) as bare, servers.nginx(answer, folder) as nginx:
            validator = servers.fetch(nginx[1], "/answer").field("ETag")
            nginx_headers = [f"If-None-Match: {validator}"] if asks else codings
            beside = servers.fetch(nginx[1], "/answer", nginx_headers)
            if beside.status != wanted or beside.body != answer.body or servers.fetch(bare[1], path).body != answer.body:
                raise RuntimeError(f"{path}: the neighbours do not answer alike")
            measured = {"cold": [], "hot": [], "bare": [], "nginx": []}
            for _ in range(rounds):
                measured["cold"].append(servers.load(cold, path, headers, seconds))
                measured["hot"].append(servers.load(hot, path, headers, seconds))
                measured["bare"].append(servers.load(bare, path, headers, seconds))
                measured["nginx"].append(servers.load(nginx, "/answer", nginx_headers, seconds))
    return name, len(answer.body), measured


def spread(numbers, digits):
    numbers = list(numbers)
    return f"{statistics.median(numbers):.{digits}f} ({min(numbers):.{digits}f}..{max(numbers):.{digits}f})"


def case_row(name, body_bytes, measured, which):
    own = measured[which]
    ratios = {who: [a.rate / b.rate for a, b in zip(own, measured[who])] for who in ("bare", "nginx")}
    cpu = " / ".join(f"{statistics.median(r.cpu_us for r in measured[who]):.1f}" for who in (which, "bare", "nginx"))
    cpu_ratio = [b.cpu_us / a.cpu_us for a, b in zip(own, measured["bare"])]
    return (f"| {name} ({which}) | {body_bytes} | {spread((r.rate for r in own), 0)} | {spread(ratios['bare'], 2)} | "
            f"{spread(ratios['nginx'], 2)} | {cpu} | {spread(cpu_ratio, 2)} | {spread((r.p99_ms for r in own), 1)} |")


def report(out, arguments):
    with tempfile.TemporaryDirectory() as temporary:
        temporary = pathlib.Path(temporary)
        folder = temporary / "articles"
        folder.mkdir()
        database = str(temporary / "bench.db")
        kind = articles_into(folder)
        if not arguments.only:
            for what, seconds, files in measure_import(folder, database):
                out(f"- {what}: {files} articles ({kind}) in {seconds:.2f} s, {files / seconds:.0f} a second")
            for workers, answers, total, rss, peak in measure_memory(database):
                out(f"- memory, {workers} worker(s), after {answers} answers of {total / 1e6:.1f} MB in all: "
                    f"{rss / 1024:.1f} MiB resident, {peak / 1024:.1f} MiB at most")
            out(f"- start of the process to the end of the first 200: {spread(measure_start(database), 0)} ms")
            measure_writes(out, temporary, [str(path) for path in sorted(folder.glob("*.txt"))])
        else:
            measure_import(folder, database)
        out(f"\nOne worker on core 0, wrk with {servers.CONNECTIONS} connections on core 1, {arguments.rounds} rounds of "
            f"{arguments.seconds} s: median (lowest..highest).\n")
        out("| what | body bytes | requests/s | of bare libmicrohttpd | of nginx | CPU us: Pilcrow / bare / nginx | "
            "of bare by CPU | p99 ms |")
        out("|---|---|---|---|---|---|---|---|")
        with servers.pilcrow(PROGRAM, database) as (_, port):
            cases = cases_of(port)
        for case in cases:
            if arguments.only in (None, case[0]):
                measured = measure_case(case, database, arguments.rounds, arguments.seconds)
                for which in ("cold", "hot"):
                    out(case_row(*measured, which))
        if arguments.only in (None, "codings"):
            out("\nWhat coding an answer takes, once, in bytes and in µs of CPU:\n")
            measure_codings(out, database, temporary)
        if arguments.only in (None, "fastify"):
            beside_fastify.report(out, PROGRAM, database, (copy_of(database), copy_of(database, "fastify")),
                                  [(name, path) for name, path, _, _ in cases if name in ALSO_BY_FASTIFY],
                                  arguments.rounds, arguments.seconds)
        out("\nWhere the time of an answer goes, in process and without a socket:\n")
        paths = dict.fromkeys(path for _, path, _, _ in cases)
        out(subprocess.run([COST, database, *paths], capture_output=True, text=True, check=True).stdout.rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--only")
    arguments = parser.parse_args()
    missing = servers.tools_missing()
    if missing:
        sys.exit(f"missing: {', '.join(missing)}")
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    with open(RESULTS, "w", encoding="utf-8") as file:
        def out(line):
            print(line, flush=True)
            print(line, file=file, flush=True)
        report(out, arguments)


if __name__ == "__main__":
    main()
