#!/usr/bin/python3
"""What slow peers cost an honest one: its latencies alone and beside idle and slow connections, in turns.

    slow_clients.py --port P [--host H] [--path /healthz] [--idle 1000] [--slow 300] [--rounds 7] [--requests 600]

A round measures the honest client alone, lets the others in, and measures again; then they leave. The slow ones are
in thirds slow heads and slow bodies (a byte every half second) and slow readers of --big. What counts is the ratio of
the medians of all rounds, so that one late wake-up is not taken for a slow server. In the last round the others stay
until the server has cut each slow one: a head must be gone by --head-timeout, a body by --body-deadline, a reader of a
long reply (or of a 503 that it got instead) by --reader-deadline, each within a second.

Exit status 1 when the ratio of the 99th percentiles is above --ratio, or when a slow one outlived its deadline."""

import argparse
import multiprocessing
import resource
import socket
import statistics
import sys
import time

STEP_S = 0.5
SLICES = 10
SLACK_S = 1.0


def connect(address, receive_buffer=None):
    s = socket.socket()
    if receive_buffer:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)  # else the kernel takes the whole reply
    s.settimeout(10)
    s.connect(address)
    return s


class Slow:
    """One attacker: sends a byte of its head or body a step, or reads nothing of its reply."""

    KINDS = ("head", "body", "reader")

    def __init__(self, address, options, kind):
        self.kind, self.ended, self.was_refused = kind, False, False
        self.is_reader = kind == "reader"
        self.allowed_s = {"head": options.head_timeout, "body": options.body_deadline,
                          "reader": options.reader_deadline}[kind]
        self.socket = connect(address, 2304 if self.is_reader else None)
        self.socket.sendall({
            "head": b"GET " + options.path.encode() + b" HTTP/1.1\r\nX: ",
            "body": b"QUERY " + options.query.encode() + b" HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n"
                    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n",
            "reader": b"GET " + options.big.encode() + b" HTTP/1.1\r\nHost: a\r\n\r\n"}[kind])
        self.began = time.monotonic()
        if not self.is_reader:
            self.socket.setblocking(False)

    def wait_for_answer(self):
        """Of a reader; what it peeks at stays unread."""
        self.was_refused = self.socket.recv(12, socket.MSG_PEEK).endswith(b"503")
        self.began = time.monotonic()
        self.socket.setblocking(False)

    def is_open(self, held):
        if self.is_reader:
            return self.socket.getsockname()[1] in held
        try:
            self.socket.send(b"x")
            return self.socket.recv(1) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def step(self, held):
        if not self.ended and not self.is_open(held):
            self.ended, self.took_s = True, time.monotonic() - self.began
        return self.ended


def held_by_server(address):
    """Ports of the peers whose connections the server holds open. A reader with a full window never hears of its end,
    so the kernel of this machine (where the server runs, too) is asked."""
    held = set()
    with open("/proc/net/tcp", encoding="ascii") as table:
        for line in list(table)[1:]:
            _, local, remote, state = line.split()[:4]
            if state == "01" and int(local.split(":")[1], 16) == address[1]:
                held.add(int(remote.split(":")[1], 16))
    return held


def crowd(address, options, pipe, is_last):
    """Runs in a process of its own, so that it does not slow the honest client by its own work."""
    readers = [Slow(address, options, "reader") for _ in range(options.slow // 3)]
    for one in readers:
        one.wait_for_answer()  # to make a long reply costs what it costs; here it is what waiting costs
    idle = [connect(address) for _ in range(options.idle)]
    slow = readers + [Slow(address, options, Slow.KINDS[i % 2]) for i in range(options.slow - len(readers))]
    pipe.send("ready")
    is_measured = False
    while True:
        held = held_by_server(address) if is_last and is_measured else {s.socket.getsockname()[1] for s in readers}
        for i in range(SLICES):  # they do not all send at the same moment
            for one in slow[i::SLICES]:
                one.step(held)
            if not is_measured and pipe.poll(STEP_S / SLICES):
                pipe.recv()
                is_measured = True
            elif is_measured:
                time.sleep(STEP_S / SLICES)
        late = [one for one in slow if not one.ended and time.monotonic() - one.began > one.allowed_s + SLACK_S + STEP_S]
        if is_measured and (not is_last or late or all(one.ended for one in slow)):
            break
    late += [one for one in slow if one.ended and one.took_s > one.allowed_s + SLACK_S + STEP_S]
    longest = [max((one.took_s for one in slow if one.ended and one.kind == kind), default=0) for kind in Slow.KINDS]
    refused = sum(one.was_refused for one in readers)
    pipe.send((sum(one.ended for one in slow), len(late), longest, refused))
    for s in idle + [one.socket for one in slow]:
        s.close()


def honest(address, path, count):
    """Latencies of requests one after the other on one connection, in ms."""
    request = b"GET " + path.encode() + b" HTTP/1.1\r\nHost: a\r\n\r\n"
    times = []
    with connect(address) as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(count):
            began = time.perf_counter()
            s.sendall(request)
            data = b""
            while b"\r\n\r\n" not in data:
                data += s.recv(65536)
            times.append((time.perf_counter() - began) * 1000)
            head, _, body = data.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 "), head
            size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            while len(body) < size:
                body += s.recv(65536)
            time.sleep(0.001)
    return times


def percentile(times, part):
    return sorted(times)[min(len(times) - 1, int(len(times) * part))]


def one_round(address, options, is_last):
    """(quiet, crowded, what became of the slow ones)"""
    quiet = honest(address, options.path, options.requests)
    here, there = multiprocessing.Pipe()
    others = multiprocessing.Process(target=crowd, args=(address, options, there, is_last), daemon=True)
    others.start()
    assert here.poll(60), "the others did not all get in"
    here.recv()
    crowded = honest(address, options.path, options.requests)
    here.send("measured")
    assert here.poll(options.head_timeout + options.reader_deadline + 30), "the others did not end"
    fate = here.recv()
    others.join(30)
    return quiet, crowded, fate


def told(name, values):
    return f"{name}={statistics.median(values):.3f} ({min(values):.3f}..{max(values):.3f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", default="/healthz")
    parser.add_argument("--big", default="/v1/articles?limit=100&include=paragraphs", help="a long reply to read slowly")
    parser.add_argument("--idle", type=int, default=1000)
    parser.add_argument("--slow", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=600, help="of each half of a round")
    parser.add_argument("--head-timeout", type=float, default=10)
    parser.add_argument("--query", default="/v1/articles", help="what takes a body of anybody")
    parser.add_argument("--body-deadline", type=float, default=5.5, help="the grace, and a moment for its sweep")
    parser.add_argument("--reader-deadline", type=float, default=30, help="the grace, and what its buffer took ahead "
                        "of the rate; the idle timeout when its answer left whole")
    parser.add_argument("--ratio", type=float, default=2.0)
    options = parser.parse_args()
    address = (options.host, options.port)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, options.idle + options.slow + 100)), hard))
    honest(address, options.path, 200)
    rounds = [one_round(address, options, i == options.rounds - 1) for i in range(options.rounds)]
    medians = {}
    for part, label in ((0.5, "p50"), (0.99, "p99")):
        for half, name in ((0, "quiet"), (1, "crowded")):
            values = [percentile(one[half], part) for one in rounds]
            medians[name, label] = statistics.median(values)
            print(told(f"{name}_{label}_ms", values))
    ratio = medians["crowded", "p99"] / medians["quiet", "p99"]
    each = [percentile(one[1], 0.99) / percentile(one[0], 0.99) for one in rounds]
    ended, late, longest, refused = rounds[-1][2]
    print(f"p99_ratio={ratio:.2f} (single rounds {min(each):.2f}..{max(each):.2f}) rounds={len(rounds)}")
    print(f"slow={options.slow} ended_by_server={ended} late={late} readers_refused={refused} longest_head_s={longest[0]:.1f} "
          f"longest_body_s={longest[1]:.1f} longest_reader_s={longest[2]:.1f}")
    return 0 if ratio <= options.ratio and late == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
