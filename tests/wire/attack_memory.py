#!/usr/bin/python3
"""What a server holds at most while it is attacked: slow readers of the longest lists, idle connections, slow heads
and slow bodies, all at once, beside one honest client that must be answered throughout.

    attack_memory.py --program build/release/pilcrow [--db FILE] [--readers 200] [--idle 1000] [--seconds 10]
                     [--limit-mib 64] [-- SETTING...]

Without --db 1,200 articles are made up, a page of 1,000 of which has some 9 MB.

Prints resident memory before, at most (VmHWM, which the kernel keeps) and after, by kind of answer that the readers
got. Exit status 1 when the peak is above --limit-mib, or when the honest client was not answered."""

import argparse
import collections
import json
import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
import time

TARGETS = [b"/v1/articles?limit=1000&include=paragraphs", b"/v1/paragraphs?limit=1000", b"/v1/articles.atom?limit=1000",
           b"/v1/articles.ndjson?limit=1000&include=paragraphs", b"/v1/articles.html?limit=1000",
           b"/v1/articles?limit=1000&include=paragraphs&pretty=1", b"/v1/articles/1", b"/v1/articles.md?limit=1000"]
RECEIVE_BYTES = 2304


def make_up(program, folder):
    db = os.path.join(folder, "attack.db")
    lines = [json.dumps({"title": f"Tide {i}", "published": f"2018-{i % 12 + 1:02}-{i % 28 + 1:02}", "paragraphs": [
        f"{i}.{n} " + "The harbour lay still under the ropes of the ferry. " * 4 + "So." for n in range(20)]}) for i in range(1200)]
    subprocess.run([program, "import", "--quiet", "--db", db, "-"], input="\n".join(lines).encode(), check=True,
                   stdout=subprocess.DEVNULL)
    return db


def connect(port, is_slow=False):
    s = socket.socket()
    if is_slow:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    s.settimeout(30)
    s.connect(("127.0.0.1", port))
    return s


def memory_mib(pid, field):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(rf"^{field}:\s+(\d+) kB$", file.read(), re.M)[1]) / 1024


def honest(port):
    began = time.perf_counter()
    with connect(port) as s:
        s.sendall(b"GET /v1/articles/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        data = b""
        while piece := s.recv(65536):
            data += piece
    assert data.startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 503 ")), data[:100]
    return data.startswith(b"HTTP/1.1 200 "), (time.perf_counter() - began) * 1000


def answer_of(s):
    s.setblocking(False)
    try:
        return s.recv(12, socket.MSG_PEEK)[9:12].decode() or "closed"
    except BlockingIOError:
        return "none yet"
    except OSError:
        return "cut"


def attack(port, options):
    others = [connect(port) for _ in range(options.idle)]
    for number in range(options.slow):
        s = connect(port)
        s.sendall(b"GET / HTTP/1.1\r\nX: " if number % 2 else
                  b"POST /v1/articles HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n{")
        others.append(s)
    readers, times, refused = [], [], 0
    for number in range(options.readers):
        s = connect(port, is_slow=True)
        s.sendall(b"GET " + TARGETS[number % len(TARGETS)] + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        readers.append(s)
        if number % 20 == 0:
            is_answered, took_ms = honest(port)
            times.append(took_ms)
            refused += not is_answered
    end = time.monotonic() + options.seconds
    while time.monotonic() < end:
        is_answered, took_ms = honest(port)
        times.append(took_ms)
        refused += not is_answered
        time.sleep(0.2)
    answers = collections.Counter(answer_of(s) for s in readers)
    for s in others + readers:
        s.close()
    return answers, times, refused


def run(options, db):
    process = subprocess.Popen([options.program, "serve", "--db", db, "--listen", "127.0.0.1:0", "--workers", "2",
                                "--access-log", "off", *options.settings], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True,
                               env={k: v for k, v in os.environ.items() if not k.startswith("PILCROW")})
    try:
        port = int(process.stdout.readline().rsplit(":", 1)[1])
        honest(port)
        before = memory_mib(process.pid, "VmRSS")
        outcome = attack(port, options)
        time.sleep(1.5)
        peak, after = memory_mib(process.pid, "VmHWM"), memory_mib(process.pid, "VmRSS")
    finally:
        process.terminate()
        status = process.wait(60)
    return before, peak, after, status, outcome


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/release/pilcrow")
    parser.add_argument("--db")
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--idle", type=int, default=1000)
    parser.add_argument("--slow", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--limit-mib", type=float, default=64)
    parser.add_argument("settings", nargs="*")
    options = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8192)), hard))
    with tempfile.TemporaryDirectory() as folder:
        before, peak, after, status, (answers, times, refused) = run(options, options.db or make_up(options.program, folder))
    times.sort()
    print(f"rss_before_mib={before:.1f} rss_peak_mib={peak:.1f} rss_after_mib={after:.1f} exit={status}")
    print(f"readers={options.readers} " + " ".join(f"{kind.replace(' ', '_')}={count}" for kind, count in
                                                   sorted(answers.items())))
    print(f"honest={len(times)} refused={refused} p50_ms={times[len(times) // 2]:.1f} longest_ms={times[-1]:.1f}")
    return 0 if peak <= options.limit_mib and status == 0 and refused == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
