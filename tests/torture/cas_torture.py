#!/usr/bin/python3
"""Lost updates: 16 clients add one to counters in 100 articles: read, add, write with If-Match, again after a 412. At
the end each counter is the number of writes that were acknowledged. CAS=100000 for as many."""

import random
import sys
import threading

import client as torture

CLIENTS = 16
ARTICLES = 100


class Adder(threading.Thread):
    def __init__(self, server, token, articles, wanted, seed):
        super().__init__()
        self.client = torture.Client(server, token)
        self.articles, self.wanted, self.chance = articles, wanted, random.Random(seed)
        self.won = [0] * len(articles)
        self.lost_races = 0
        self.wrong = []

    def run(self):
        try:
            for _ in range(self.wanted):
                number = self.chance.randrange(len(self.articles))
                while not self.add(self.articles[number]):
                    self.lost_races += 1
                self.won[number] += 1
        except (AssertionError, *torture.BROKEN) as error:
            self.wrong.append(repr(error))
        finally:
            self.client.close()

    def add(self, article):
        status, fields, body = self.client.send("GET", f"/v1/articles/{article}")
        assert status == 200, (status, body)
        counter = int(body["paragraphs"][0]["text"])
        assert body["version"] == counter + 1, f"version {body['version']} holds {counter}"
        status, _, answer = self.client.send("PUT", f"/v1/articles/{article}", {
            "title": body["title"], "paragraphs": [str(counter + 1), "This stays."]}, If_Match=fields["ETag"])
        assert status in (200, 412), (status, answer)
        return status == 200


def make_articles(client):
    made = []
    for number in range(ARTICLES):
        status, _, body = client.send("POST", "/v1/articles", {"title": f"Counter {number}", "paragraphs": ["0", "This stays."]})
        assert status == 201, (status, body)
        made.append(body["id"])
    return made


def main():
    wanted = torture.count("CAS", 2000)
    with torture.folder() as folder:
        db = folder / "cas.db"
        torture.Server(db).stop()
        token = torture.make_token(db)
        server = torture.Server(db)
        client = torture.Client(server, token)
        articles = make_articles(client)
        client.close()
        # Few articles in the short form, so that clients meet.
        busy = articles if wanted >= 20000 else articles[:10]
        adders = [Adder(server, token, busy, wanted // CLIENTS, seed) for seed in range(CLIENTS)]
        for adder in adders:
            adder.start()
        for adder in adders:
            adder.join()
        wrong = [line for adder in adders for line in adder.wrong]
        client = torture.Client(server, token)
        for number, article in enumerate(busy):
            _, _, body = client.send("GET", f"/v1/articles/{article}")
            won = sum(adder.won[number] for adder in adders)
            if (int(body["paragraphs"][0]["text"]), body["version"]) != (won, won + 1):
                wrong.append(f"{body['title']}: {won} writes acknowledged, it says {body['paragraphs'][0]['text']}")
        client.close()
        if server.stop() != 0:
            wrong.append(server.text())
        wrong += torture.findings(db)
    races = sum(adder.lost_races for adder in adders)
    won = sum(sum(adder.won) for adder in adders)
    if wrong:
        torture.tell(False, "; ".join(wrong)[:2000])
        return 1
    return 0 if torture.tell(races > 0, f"{won} compare-and-sets by {CLIENTS} clients, {races} answered 412, 0 updates lost") else 1


if __name__ == "__main__":
    sys.exit(main())
