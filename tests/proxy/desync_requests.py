"""Requests that two parsers may read differently, as bytes. In each, {S} is a whole request that may look like a part of
the one before; where it is read as a request of its own, its sender must get its answer, and nobody else."""

S = "GET /v1/articles/MARK HTTP/1.1\r\nHost: h\r\n\r\n"
JSON = '{"quotes": []}'

TRANSFER_CODINGS = [
    "Transfer-Encoding: chunked", "Transfer-Encoding: xchunked", "Transfer-Encoding : chunked",
    "Transfer-Encoding:\tchunked", "Transfer-Encoding:chunked", "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding: identity, chunked", "Transfer-Encoding: identity", "Transfer-Encoding: \x0bchunked",
    "Transfer-Encoding: chunked\x0b", "Transfer-Encoding: CHUNKED", "Transfer_Encoding: chunked",
    "X: y\nTransfer-Encoding: chunked", "X: y\rTransfer-Encoding: chunked", "Transfer-Encoding:\r\n chunked",
    "Transfer-Encoding:\n chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", 'Transfer-Encoding: "chunked"',
    "Transfer-Encoding: chunked;q=1", " Transfer-Encoding: chunked", "X: y\r\n Transfer-Encoding: chunked",
    "Transfer-Encoding\x00: chunked", "Transfer-Encoding: chunked\x00", "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: ,chunked", "Transfer-Encoding:", "TRANSFER-ENCODING: chunked", "Transfer-Encoding: chunked ",
    "Transfer-Encoding\t: chunked", "\x00Transfer-Encoding: chunked", "Transfer-Encoding: chunk\x80ed",
]

LENGTHS = [  # N is the length of what follows
    "Content-Length: 0\r\nContent-Length: N", "Content-Length: N\r\nContent-Length: 0", "Content-Length: N, N",
    "Content-Length: N\r\nContent-Length: N", "Content-Length: 0, N", "Content-Length: +N", "Content-Length: 0N",
    "Content-Length: 0000000000000000000000N", "Content-Length: 0xN", "Content-Length: -N", "Content-Length:  N ",
    "Content-Length: N 0", "Content-Length: 1844674407370955161N", "Content_Length: N", "Content-Length : N",
    "Content-Length:\r\n N", "Content-Length: N\x00", "Content-Length: N\x0b", "Content-Length:", "Content-Length: N;x",
    "X: y\nContent-Length: N", "X: y\rContent-Length: N", " Content-Length: N", "Content-Length: N.0",
    "Content-Length: 0\r\nConnection: Content-Length", "Content-Length: N\r\nConnection: Content-Length",
    "Content-Length: N\r\nConnection: close, Content-Length", "content-length: N\r\nCONTENT-LENGTH: 0",
    "Content-Length: N\r\nExpect: 100-continue", "Content-Length: N\r\nExpect: 100-Continue, x", "Content-Length\x00: N",
    "Content-Length: N\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
]

CHUNKS = [  # K is the length of JSON in hexadecimal digits
    "K;a=b\r\n{J}\r\n0\r\n\r\n", 'K;a="b;c"\r\n{J}\r\n0\r\n\r\n', "K;\n{J}\r\n0\r\n\r\n", "000K\r\n{J}\r\n0\r\n\r\n",
    "0xK\r\n{J}\r\n0\r\n\r\n", "+K\r\n{J}\r\n0\r\n\r\n", "K \r\n{J}\r\n0\r\n\r\n", " K\r\n{J}\r\n0\r\n\r\n",
    "1000000000000000K\r\n{J}\r\n0\r\n\r\n", "K\n{J}\r\n0\r\n\r\n", "K\r\n{J}\n0\r\n\r\n", "K\r\n{J}XX0\r\n\r\n",
    "K\r\n{J}0\r\n\r\n", "-K\r\n{J}\r\n0\r\n\r\n", "K\r\n{J}\r\n0\r\nContent-Length: 5\r\n\r\n",
    "K\r\n{J}\r\n0\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n", "\r\nK\r\n{J}\r\n0\r\n\r\n",
    "K\r\n{J}\r\n00000000000\r\n\r\n", "K\r\n{J}\r\n0;\r\n\r\n", "K\r\n{J}\r\n0\n\n", "K\r\n{J}\r\n0\r\n\n", "K_0\r\n{J}\r\n0\r\n\r\n",
    "K;a\rb\r\n{J}\r\n0\r\n\r\n", "K\r{J}\r\n0\r\n\r\n", "K;\x00\r\n{J}\r\n0\r\n\r\n", "K\r\n{J}\r\n0\r\n\r\r\n", "0\r\n\r\n",
    "K;" + "a" * 5000 + "\r\n{J}\r\n0\r\n\r\n",
]

HEADS = [  # whole requests; {S} follows each
    "GET /healthz HTTP/1.1\r\nHost: h\r\nHost: g\r\n\r\n", "GET /healthz HTTP/1.1\r\n\r\n",
    "GET http://other/healthz HTTP/1.1\r\nHost: h\r\n\r\n", "GET http://a@h:1/healthz HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET  /healthz HTTP/1.1\r\nHost: h\r\n\r\n", "GET\t/healthz\tHTTP/1.1\r\nHost: h\r\n\r\n",
    "GET /healthz HTTP/1.1 x\r\nHost: h\r\n\r\n", "GET /healthz%0d%0aX:%20y HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET /heal thz HTTP/1.1\r\nHost: h\r\n\r\n", "\r\n\r\nGET /healthz HTTP/1.1\r\nHost: h\r\n\r\n",
    "\nGET /healthz HTTP/1.1\r\nHost: h\r\n\r\n", "GET /healthz#x HTTP/1.1\r\nHost: h\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "GET h:80 HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: h\r\nX_Y: z\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: h\r\n: z\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: h\r\nX Y: z\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: h\r\nX: a\x00b\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: h\r\nXY\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n",
    "GET /healthz HTTP/1.1\r\n Host: h\r\n\r\n", "GET /healthz HTTP/1.1\nHost: h\n\n",
    "GET /healthz HTTP/1.1\r\nHost: h\r\n\n", "GET /healthz HTTP/1.1\rHost: h\r\r",
    "GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: Host\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: h:x\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: h, g\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost:\r\n\r\n",
    "GET /healthz HTTP/1.0\r\n\r\n", "GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET /healthz\r\n",
    "GET /healthz HTTP/1.2\r\nHost: h\r\n\r\n", "GET /healthz HTTP/2.0\r\nHost: h\r\n\r\n",
    "GET /healthz http/1.1\r\nHost: h\r\n\r\n", "GET /healthz HTTP/1.10\r\nHost: h\r\n\r\n",
    "GET /healthz HTTP/1.\r\nHost: h\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "get /healthz HTTP/1.1\r\nHost: h\r\n\r\n", "TRACE /healthz HTTP/1.1\r\nHost: h\r\nMax-Forwards: 0\r\n\r\n",
    "CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n", "FOO /healthz HTTP/1.1\r\nHost: h\r\n\r\n",
    "HEAD /healthz HTTP/1.1\r\nHost: h\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: h\r\nRange: bytes=0-1\r\n\r\n",
    "GET /v1/articles/1 HTTP/1.1\r\nHost: h\r\nIf-None-Match: *\r\n\r\n", "GET /%2e%2e/healthz HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\nGET /healthz HTTP/1.1\r\nHost: h\r\n\r\nGET /readyz HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: h\r\nX: " + "y" * 12000 + "\r\n\r\n", "GET /" + "y" * 9000 + " HTTP/1.1\r\nHost: h\r\n\r\n",
]


def post(fields, body, version="HTTP/1.1", method="POST"):
    return f"{method} /v1/quotes {version}\r\nHost: h\r\nContent-Type: application/json\r\n{fields}\r\n\r\n{body}"


def clashes():
    """Length and transfer coding in one request: by the one the body ends before S, by the other behind it."""
    for coding in TRANSFER_CODINGS:
        body = f"0\r\n\r\n{S}"
        yield f"by length: {coding!r}", post(f"Content-Length: {len(body)}\r\n{coding}", body)
        chunked = f"{len(S):x}\r\n{S}\r\n0\r\n\r\n"
        yield f"by coding: {coding!r}", post(f"Content-Length: {len(f'{len(S):x}') + 2}\r\n{coding}", chunked)
        yield f"inside a chunk: {coding!r}", post(coding, chunked)
        yield f"coding alone: {coding!r}", post(coding, f"e\r\n{JSON}\r\n0\r\n\r\n{S}")
    yield "1.0 by length", post(f"Content-Length: 5\r\n{TRANSFER_CODINGS[0]}", f"0\r\n\r\n{S}", "HTTP/1.0")
    yield "1.0 by coding", post(TRANSFER_CODINGS[0], f"e\r\n{JSON}\r\n0\r\n\r\n{S}", "HTTP/1.0")
    yield "1.0 kept", post(f"Connection: keep-alive\r\n{TRANSFER_CODINGS[0]}", f"e\r\n{JSON}\r\n0\r\n\r\n{S}", "HTTP/1.0")


def lengths():
    for length in LENGTHS:
        fields = length.replace("N", str(len(S)))
        for method in ("POST", "GET"):
            yield f"{method}: {length!r}", post(fields, S, method=method)


def requests():
    """(what it is, its bytes with the mark in it)"""
    assert len(JSON) == 0xe
    yield from clashes()
    yield from lengths()
    for method in ("GET", "HEAD", "DELETE", "OPTIONS", "QUERY"):
        yield f"{method} with a body", post(f"Content-Length: {len(S)}", S, method=method)
    for chunks in CHUNKS:
        body = chunks.replace("{J}", JSON).replace("K", "e")
        yield f"chunks {chunks[:40]!r}", post(TRANSFER_CODINGS[0], body + S)
    for head in HEADS:
        yield f"head {head[:60]!r}", head + S
