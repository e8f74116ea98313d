#!/usr/bin/python3
"""Kills the server at random moments while several clients write. What was answered is kept outside of it.

After each kill and restart, everything that was acknowledged is there with its version, at most the one request that
each client had under way has come on top, a request sent again with its Idempotency-Key has one effect, and the full
check finds nothing. KILLS=1000 for as many kills, SEED=N for another course."""

import random
import sys
import threading
import time

import client as torture

WRITERS = 4
KILLS_A_STORE = 50
ARTICLES_A_WRITER = 6


class Text:
    """One article as its writer knows it. `acked` is (version, counter), or "gone"; `pending` what a request without an
    answer would make of it."""

    def __init__(self, title):
        self.title = title
        self.id = None
        self.paragraph = None
        self.acked = self.pending = None

    def body(self, counter):
        filler = [f"Paragraph {n} of {self.title} stays." + " word" * (counter % 40) for n in range(4)]
        return {"title": self.title, "authors": ["Ann"], "tags": ["x", f"t{counter % 3}"], "paragraphs": [str(counter), *filler]}


class Writer(threading.Thread):
    """Writes to articles of its own until the server is gone, or all of them are."""

    def __init__(self, number, texts, server, token, chance):
        super().__init__()
        self.number, self.texts, self.chance = number, texts, chance
        self.client = torture.Client(server, token)
        self.acks, self.wrong = 0, []

    def run(self):
        try:
            while not self.wrong and any(text.acked != "gone" for text in self.texts):
                self.write(self.chance.choice(self.texts))
        except torture.BROKEN:
            pass
        finally:
            self.client.close()

    def write(self, text):
        if text.acked == "gone":
            return
        if text.acked is None:
            text.pending = (1, 0)
            self.done(text, 201, *self.client.send("POST", "/v1/articles", text.body(0), Idempotency_Key=text.title.replace(" ", "-")))
            return
        version, counter = text.acked
        etag = text.etag
        if self.chance.random() < 0.02:
            text.pending = "gone"
            self.done(text, 204, *self.client.send("DELETE", f"/v1/articles/{text.id}", If_Match=etag))
            return
        text.pending = (version + 1, counter + 1)
        if self.chance.random() < 0.4 and text.paragraph is not None:
            self.done(text, 200, *self.client.send("PUT", f"/v1/paragraphs/{text.paragraph}", {"text": str(counter + 1)},
                                                   If_Match=etag))
        else:
            self.done(text, 200, *self.client.send("PUT", f"/v1/articles/{text.id}", text.body(counter + 1), If_Match=etag))

    def done(self, text, wanted, status, fields, body):
        if status == 503 and text.acked is None:
            text.pending = None
            return
        if status != wanted:
            self.wrong.append(f"{text.title}: {status} instead of {wanted}: {body}")
            return
        text.acked, text.pending = text.pending, None
        text.etag = fields.get("ETag")
        if isinstance(body, dict) and "paragraphs" in body:
            text.id, text.paragraph = body["id"], body["paragraphs"][0]["id"]
        self.acks += 1


def read(client, text):
    """What the server has of an article: None, "gone" or (version, counter)."""
    status, fields, body = client.send("GET", f"/v1/articles/{text.id}")
    if status == 410:
        return "gone"
    if status != 200:
        return status
    text.etag, text.paragraph = fields.get("ETag"), body["paragraphs"][0]["id"]
    return body["version"], int(body["paragraphs"][0]["text"])


def settle_create(client, text):
    """A request whose answer was lost is sent again: one effect, whichever of the two made it."""
    if text.acked is not None or text.pending is None:
        return None
    status, fields, body = client.send("POST", "/v1/articles", text.body(0), Idempotency_Key=text.title.replace(" ", "-"))
    if status != 201:
        return f"{text.title}: sent again: {status} {body}"
    text.id, text.paragraph, text.etag = body["id"], body["paragraphs"][0]["id"], fields.get("ETag")
    text.acked, text.pending = (1, 0), None
    return None


def verify(client, texts):
    wrong = []
    for text in texts:
        wrong += filter(None, [settle_create(client, text)])
        if text.acked is None or text.id is None:
            continue
        found = read(client, text)
        if found != text.acked and (text.pending is None or found != text.pending):
            wrong.append(f"{text.title}: acknowledged {text.acked}, under way {text.pending}, found {found}")
        text.acked, text.pending = found, None
    return wrong


def kill_once(db, token, groups, chance):
    """(acknowledgements, what is wrong)"""
    server = torture.Server(db)
    writers = [Writer(n, texts, server, token, random.Random(chance.random())) for n, texts in enumerate(groups)]
    for writer in writers:
        writer.start()
    time.sleep(chance.uniform(0, 0.2))
    server.kill()
    for writer in writers:
        writer.join()
    wrong = [line for writer in writers for line in writer.wrong] + torture.findings(db)
    server = torture.Server(db)
    client = torture.Client(server, token)
    wrong += verify(client, [text for texts in groups for text in texts])
    client.close()
    status = server.stop()
    if status != 0:
        wrong.append(f"stopped with status {status}: {server.text()}")
    return sum(writer.acks for writer in writers), wrong + torture.findings(db)


def fill(groups, serial):
    """Each writer has articles to write to, whatever was deleted."""
    for number, texts in enumerate(groups):
        texts[:] = [text for text in texts if text.acked != "gone"]
        while len(texts) < ARTICLES_A_WRITER:
            serial[0] += 1
            texts.append(Text(f"Writer {number} article {serial[0]}"))


def main():
    kills, seed = torture.count("KILLS", 20), torture.count("SEED", 1)
    chance = random.Random(seed)
    acks, done = 0, 0
    while done < kills:
        with torture.folder() as folder:
            db = folder / "kill.db"
            torture.Server(db).stop()
            token = torture.make_token(db)
            groups, serial = [[] for _ in range(WRITERS)], [0]
            for _ in range(min(KILLS_A_STORE, kills - done)):
                fill(groups, serial)
                more, wrong = kill_once(db, token, groups, chance)
                acks, done = acks + more, done + 1
                if wrong:
                    torture.tell(False, f"kill {done} (SEED={seed}): " + "; ".join(wrong)[:2000])
                    return 1
            print(f"# {done} kills, {acks} acknowledged writes", flush=True)
    return 0 if torture.tell(acks > 0, f"{done} kills, {acks} acknowledged writes, 0 lost") else 1


if __name__ == "__main__":
    sys.exit(main())
