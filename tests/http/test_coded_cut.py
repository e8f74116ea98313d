"""A stream that is coded while it is sent, left in the middle by its reader: what it held is given back."""

import socket

from conftest import end, serve_writable


def test_exports_that_are_left(tmp_path):
    server = serve_writable(tmp_path, settings=["--workers", "1"])
    text = " ".join(f"Word {number * 7919 % 100003}" for number in range(60000))
    for number in range(4):
        made = server.ask("/v1/import", "POST", {**server.authorization, "Content-Type": "text/plain"},
                          f"Title {number}\n\n" + text + "\n")
        assert made.status == 200, made.body
    for number in range(12):  # more than are coded, and than are exported, at a time
        with socket.create_connection(("127.0.0.1", server.port), 20) as s:
            coding = ("gzip", "br", "zstd")[number % 3]
            s.sendall(f"GET /v1/export.ndjson HTTP/1.1\r\nHost: a\r\nAccept-Encoding: {coding}\r\n\r\n".encode())
            head = s.recv(300)
            assert head.startswith(b"HTTP/1.1 200") or b" 503 " in head
        server.ask("/healthz")
    answer = server.ask("/v1/export.ndjson", headers={"Accept-Encoding": "zstd"})
    while answer.status == 503:  # until the server has seen that the last reader left
        answer = server.ask("/v1/export.ndjson", headers={"Accept-Encoding": "zstd"})
    assert answer.headers["Content-Encoding"] == "zstd" and answer.body.count(b"\n") == 4
    end(server)
