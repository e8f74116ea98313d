#!/usr/bin/python3
"""What slow peers cost an honest one: its 99th percentile alone, then beside idle and slow connections.

    slow_clients.py --port P [--host H] [--path /healthz] [--idle 1000] [--slow 200] [--requests 2000]

The slow ones are half slow heads (a byte every half second) and half slow readers of --big. Those that the
server cuts are replaced. Prints both percentiles and their ratio; exit status 1 when it is above --ratio."""

import argparse
import multiprocessing
import resource
import selectors
import socket
import sys
import time

STEP_S = 0.5


def connect(address, receive_buffer=None):
    s = socket.socket()
    if receive_buffer:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    s.settimeout(10)
    s.connect(address)
    return s


def slow_head(address, path):
    s = connect(address)
    s.sendall(b"GET " + path + b" HTTP/1.1\r\nX: ")
    return s


def slow_reader(address, path):
    s = connect(address, receive_buffer=2304)
    s.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\n\r\n")
    return s


def step(s, is_head):
    """False when the server ended it."""
    s.setblocking(False)
    try:
        if is_head:
            s.send(b"x")
        return s.recv(1 if is_head else 64) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def crowd(address, options, is_ready, is_over, cut):
    """Runs in a process of its own, so that it does not slow the honest client by its own work."""
    idle = [connect(address) for _ in range(options.idle)]
    makers = [(slow_head, options.path.encode()), (slow_reader, options.big.encode())]
    slow = [makers[i % 2][0](address, makers[i % 2][1]) for i in range(options.slow)]
    is_ready.set()
    while not is_over.is_set():
        began = time.monotonic()
        for i, s in enumerate(slow):
            if not step(s, i % 2 == 0):
                s.close()
                slow[i] = makers[i % 2][0](address, makers[i % 2][1])
                cut.value += 1
        selector = selectors.DefaultSelector()
        for i, s in enumerate(idle):
            selector.register(s, selectors.EVENT_READ, i)
        for key, _ in selector.select(0):
            idle[key.data].close()
            idle[key.data] = connect(address)
            cut.value += 1
        selector.close()
        is_over.wait(max(0, STEP_S - (time.monotonic() - began)))


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", default="/healthz")
    parser.add_argument("--big", default="/v1/articles?limit=100&include=paragraphs", help="a long reply to read slowly")
    parser.add_argument("--idle", type=int, default=1000)
    parser.add_argument("--slow", type=int, default=200)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--ratio", type=float, default=2.0)
    options = parser.parse_args()
    address = (options.host, options.port)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, options.idle + options.slow + 100)), hard))
    honest(address, options.path, 200)
    quiet = honest(address, options.path, options.requests)
    is_ready, is_over, cut = multiprocessing.Event(), multiprocessing.Event(), multiprocessing.Value("i", 0)
    others = multiprocessing.Process(target=crowd, args=(address, options, is_ready, is_over, cut), daemon=True)
    others.start()
    is_ready.wait(60)
    crowded = honest(address, options.path, options.requests)
    is_over.set()
    others.join(10)
    ratio = percentile(crowded, 0.99) / percentile(quiet, 0.99)
    print(f"quiet_p50_ms={percentile(quiet, 0.5):.3f} quiet_p99_ms={percentile(quiet, 0.99):.3f} "
          f"crowded_p50_ms={percentile(crowded, 0.5):.3f} crowded_p99_ms={percentile(crowded, 0.99):.3f} "
          f"p99_ratio={ratio:.2f} cut_and_replaced={cut.value}")
    return 0 if ratio <= options.ratio else 1


if __name__ == "__main__":
    sys.exit(main())
