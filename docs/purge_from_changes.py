#!/usr/bin/python3
"""Tells a cache what was written: reads /v1/changes of Pilcrow and sends PURGE with the keys of what changed.

    purge_from_changes.py PILCROW_URL CACHE_URL STATE_FILE [--once]

STATE_FILE holds the seq up to which the cache was told; without one, all is purged once. What was purged is purged again
a moment later: an answer that was on its way when the write came may have gone into the cache after the first time."""

import http.client
import json
import pathlib
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

WAIT_S = 1
KEYS_AT_A_TIME = 100
ALL = {"all"}


def changes(pilcrow, since):
    """The keys of what changed, and the seq to go on from."""
    keys = set()
    while True:
        try:
            with urllib.request.urlopen(f"{pilcrow}/v1/changes?since={since}&limit=1000", timeout=30) as answer:
                page = json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code not in (400, 410):  # 410: no longer known; 400: the store is another one, and younger
                raise
            with urllib.request.urlopen(f"{pilcrow}/v1/changes?since=0&limit=1" if error.code == 400 else
                                        f"{pilcrow}/readyz", timeout=30) as answer:
                return ALL, int(answer.headers["X-Seq"])
        for change in page["data"]:
            since = change["seq"]
            keys |= {"articles"} | ({f"article-{change['id']}"} if change["type"] == "article" else set())
        if not page["data"]:
            return keys, since


def purge(cache, keys):
    address = urlsplit(cache)
    keys = sorted(keys)
    for at in range(0, len(keys), KEYS_AT_A_TIME):
        connection = http.client.HTTPConnection(address.hostname, address.port or 80, timeout=30)
        connection.request("PURGE", "/", headers={"Surrogate-Key": " ".join(keys[at:at + KEYS_AT_A_TIME])})
        status = connection.getresponse().status
        connection.close()
        if status != 200:
            raise OSError(f"{cache} answers {status} to PURGE")


def run(pilcrow, cache, state, once):
    since, again = 0, ALL
    if state.exists():
        since, again = int(state.read_text()), set()
    while True:
        try:
            keys, since = changes(pilcrow, since)
            purge(cache, keys | again)
            state.write_text(f"{since}\n")
            again = keys
        except OSError as error:
            if once:
                raise
            print(f"purge: {error}; trying again", file=sys.stderr, flush=True)
        if once:
            return
        time.sleep(WAIT_S)


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    run(sys.argv[1].rstrip("/"), sys.argv[2].rstrip("/"), pathlib.Path(sys.argv[3]), "--once" in sys.argv[4:])
