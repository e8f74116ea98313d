#!/usr/bin/python3
"""The real server on a disk that is full, and on one whose sync fails.

Full: reads are answered 200, writes 507; with room again writes are taken without a restart. A failed sync: 503
outcome_unknown, the server drains and ends with status 3, and the next start has everything acknowledged."""

import contextlib
import os
import pathlib
import subprocess
import sys
import time

import client as torture

SYNC_FAILS = os.environ.get("SYNC_FAILS")
DISK_MB = 3


@contextlib.contextmanager
def small_disk(folder):
    """A file system in memory with little room; None where it cannot be mounted."""
    place = folder / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", place], capture_output=True, check=False)
    try:
        yield place if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", place], check=False)


def body(title):
    return {"title": title, "paragraphs": [f"{n}" + " many words" * 300 for n in range(5)]}


def kind_of(answer):
    return answer["type"].rsplit("/", 1)[-1] if isinstance(answer, dict) and "type" in answer else answer


def write_until_refused(client, prefix, made):
    for number in range(1000):
        status, _, answer = client.send("POST", "/v1/articles", body(f"{prefix} {number}"))
        if status != 201:
            return status, answer
        made.append((answer["id"], answer["title"]))
    return 201, "the disk never fills"


def all_there(client, made):
    for article, title in made:
        status, _, answer = client.send("GET", f"/v1/articles/{article}")
        if status != 200 or answer["title"] != title:
            return f"{title}: {status} {answer}"
    return None


def fill_and_free(client, place, turn, made):
    """What is wrong in one turn: until the disk is full, and after it has more room."""
    status, answer = write_until_refused(client, f"Turn {turn}", made)
    if (status, kind_of(answer)) != (507, "disk_full"):
        return f"full disk: {status} {answer}"
    wrong = all_there(client, made)
    if wrong:
        return f"read on a full disk: {wrong}"
    article = made[0][0]
    _, fields, _ = client.send("GET", f"/v1/articles/{article}")
    status, _, answer = client.send("PUT", f"/v1/articles/{article}", body(made[0][1]) | {"tags": [f"t{turn}"]},
                                    If_Match=fields["ETag"])
    if status != 507:
        return f"PUT on a full disk: {status} {answer}"
    subprocess.run(["mount", "-o", f"remount,size={DISK_MB + turn + 1}m", place], check=True)
    status, _, answer = client.send("PUT", f"/v1/articles/{article}", body(made[0][1]) | {"tags": [f"t{turn}"]},
                                    If_Match=fields["ETag"])
    return None if status == 200 else f"with room again: {status} {answer}"


def full_disk():
    what = "full disk: reads 200, writes 507, with room again written without a restart"
    with torture.folder() as folder, small_disk(folder) as place:
        if place is None:
            torture.skip(what, "a small disk cannot be mounted")
            return True
        db = place / "full.db"
        torture.Server(db).stop()
        token = torture.make_token(db)
        server = torture.Server(db)
        client = torture.Client(server, token)
        made, wrong = [], None
        for turn in range(3):
            wrong = wrong or fill_and_free(client, place, turn, made)
        client.close()
        status = server.stop()
        wrong = wrong or (f"status {status}" if status else None) or "; ".join(torture.findings(db))
        return torture.tell(not wrong, what + (f": {wrong}\n{server.text()}" if wrong else f" ({len(made)} articles)"))


def fail_one_sync(folder, db, token):
    """(what is wrong, articles acknowledged)"""
    switch = folder / "fails"
    server = torture.Server(db, LD_PRELOAD=SYNC_FAILS, SYNC_FAILS_IF=str(switch))
    client, other = torture.Client(server, token), torture.Client(server, token)
    made = []
    for number in range(3):
        status, _, answer = client.send("POST", "/v1/articles", body(f"Before {time.monotonic_ns()} {number}"))
        if status != 201:
            return f"before: {status} {answer}", made
        made.append((answer["id"], answer["title"]))
    other.send("GET", "/v1/articles")
    switch.touch()
    status, _, answer = client.send("POST", "/v1/articles", body("The outcome of this is not known"))
    switch.unlink()
    # Drained: what comes after is refused or finds no one; it is never said to be stored.
    with contextlib.suppress(*torture.BROKEN):
        after, _, _ = other.send("POST", "/v1/articles", body("After the failure"))
        if after < 500:
            return f"after the failure: {after}", made
    ended = server.wait()
    client.close()
    other.close()
    if (status, kind_of(answer), ended) != (503, "outcome_unknown", 3):
        return f"{status} {answer}, then status {ended}: {server.text()}", made
    return None, made


def failed_sync():
    what = "failed sync: 503 outcome_unknown, drained, status 3, nothing acknowledged lost"
    if not SYNC_FAILS or not pathlib.Path(SYNC_FAILS).exists():
        torture.skip(what, "SYNC_FAILS names no library")
        return True
    with torture.folder() as folder:
        db = folder / "sync.db"
        torture.Server(db).stop()
        token = torture.make_token(db)
        made, wrong = [], None
        for _ in range(3):
            if wrong is None:
                wrong, more = fail_one_sync(folder, db, token)
                made += more
        if wrong is None:
            server = torture.Server(db)
            client = torture.Client(server, token)
            wrong = all_there(client, made)
            client.close()
            server.stop()
        wrong = wrong or "; ".join(torture.findings(db))
        return torture.tell(not wrong, what + (f": {wrong}" if wrong else ""))


if __name__ == "__main__":
    RESULTS = [full_disk(), failed_sync()]
    sys.exit(0 if all(RESULTS) else 1)
