"""Answers as they were before they were coded."""

import zlib

import brotli
import zstandard

DECODERS = {
    None: lambda body: body,
    "gzip": lambda body: zlib.decompress(body, 16 + zlib.MAX_WBITS),
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
}


def decoded(coding, body):
    """`body` as it came with Content-Encoding `coding` (None: there was none); of HEAD there is nothing to decode."""
    return DECODERS[coding](body) if body else body
