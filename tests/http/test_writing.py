"""Writes in random sequence against a model of what they mean, and by many at once."""

import json
import random
import threading

import pytest
from conftest import end, serve_writable


class Client:
    """Somebody who may write, on a connection of their own."""

    def __init__(self, server):
        self.connection = server.connect()
        self.authorization = server.authorization

    def ask(self, method, target, body=None, **fields):
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        self.connection.request(method, target, body, {**headers, **self.authorization})
        response = self.connection.getresponse()
        answer = response.read()
        return response.status, response.headers, json.loads(answer) if answer else None

    def done(self, wanted, method, target, body=None, **fields):
        status, headers, answer = self.ask(method, target, body, **fields)
        assert status == wanted, f"{method} {target} {body}: {status} {answer}"
        return headers, answer


@pytest.fixture
def server(tmp_path):
    started = serve_writable(tmp_path)
    yield started
    end(started)


# ---- one at a time, against a model ----

class Model:
    """What the articles should be, told by each operation before it is asked of the server."""

    def __init__(self, client, seed):
        self.client, self.random, self.articles, self.count = client, random.Random(seed), {}, 0

    def words(self):
        self.count += 1
        return " ".join(self.random.choices(["ash", "birch", "cedar", "oak", "pine", "yew"], k=6)) + f" {self.count}"

    def some(self):
        return self.random.choice(list(self.articles.values())) if self.articles else None

    def match(self, article):
        kinds = [f'"v{article["version"]}-0123"', f'W/"v{article["version"]}"', "*"]
        return self.random.choice(kinds)

    def learn(self, article, answer):
        """Ids of new paragraphs are the server's; everything else is the model's."""
        assert answer["version"] == article["version"]
        shown = answer["paragraphs"]
        assert [p["text"] for p in shown] == [p["text"] for p in article["paragraphs"]]
        for mine, theirs in zip(article["paragraphs"], shown):
            assert mine["id"] in (None, theirs["id"])
            mine["id"] = theirs["id"]
        ids = [p["id"] for p in article["paragraphs"]]
        assert len(set(ids)) == len(ids)

    def create(self):
        article = {"title": self.words(), "tags": [], "version": 1,
                   "paragraphs": [{"id": None, "text": self.words()} for _ in range(self.random.randint(1, 4))]}
        headers, answer = self.client.done(201, "POST", "/v1/articles", {
            "title": article["title"], "paragraphs": [p["text"] for p in article["paragraphs"]]})
        article["address"] = headers["Location"]
        self.articles[answer["id"]] = article
        self.learn(article, answer)

    def replace(self):
        """Some paragraphs are kept by id, some of those edited, all shuffled; one is new."""
        if not (article := self.some()):
            return
        kept = [p for p in article["paragraphs"] if self.random.random() < 0.8]
        self.random.shuffle(kept)
        after = [{"id": p["id"], "text": p["text"] if self.random.random() < 0.6 else self.words()} for p in kept]
        after.insert(self.random.randint(0, len(after)), {"id": None, "text": self.words()})
        title = self.words()
        match = self.match(article)
        article.update(title=title, paragraphs=after, version=article["version"] + 1)
        body = {"title": title, "tags": article["tags"], "paragraphs": [
            p if p["id"] else p["text"] for p in after]}
        self.learn(article, self.client.done(200, "PUT", article["address"], body, If_Match=match)[1])

    def send_back(self):
        """What was read changes nothing."""
        if article := self.some():
            answer = self.client.done(200, "GET", article["address"])[1]
            self.learn(article, self.client.done(
                200, "PUT", article["address"], answer, If_Match=self.match(article))[1])

    def patch(self):
        if article := self.some():
            match = self.match(article)
            article.update(title=self.words(), version=article["version"] + 1)
            self.learn(article, self.client.done(
                200, "PATCH", article["address"], {"title": article["title"]}, If_Match=match)[1])

    def stale(self):
        if article := self.some():
            headers, _ = self.client.done(412, "PATCH", article["address"], {"title": "Never"},
                                          If_Match=f'"v{article["version"] + 1}-0"')
            assert headers["ETag"].startswith(f'"v{article["version"]}-')
            self.client.done(428, "DELETE", article["address"])

    def delete(self):
        if len(self.articles) > 3:
            key = self.random.choice(list(self.articles))
            article = self.articles.pop(key)
            self.client.done(204, "DELETE", article["address"], If_Match=self.match(article))
            self.client.done(410, "GET", article["address"])

    def put_in(self):
        if article := self.some():
            place = self.random.randint(1, len(article["paragraphs"]) + 1)
            paragraph = {"id": None, "text": self.words()}
            headers, answer = self.client.done(201, "POST", article["address"] + "/paragraphs",
                                               {"text": paragraph["text"], "position": place},
                                               If_Match=self.match(article))
            assert answer["n"] == place
            paragraph["id"] = answer["id"]
            article["paragraphs"].insert(place - 1, paragraph)
            article["version"] += 1
            assert headers["ETag"].startswith(f'"v{article["version"]}-')

    def move_or_edit(self):
        if article := self.some():
            paragraphs = article["paragraphs"]
            at, to = self.random.randrange(len(paragraphs)), self.random.randrange(len(paragraphs))
            paragraph = paragraphs[at]
            body = {"position": to + 1}
            if self.random.random() < 0.5:
                body["text"] = self.words()
            is_change = at != to or "text" in body
            self.client.done(200, "PATCH", f"/v1/paragraphs/{paragraph['id']}", body,
                             If_Match=self.match(article))
            paragraphs.insert(to, paragraphs.pop(at))
            paragraph["text"] = body.get("text", paragraph["text"])
            article["version"] += is_change

    def take_out(self):
        article = self.some()
        if article and len(article["paragraphs"]) > 1:
            at = self.random.randrange(len(article["paragraphs"]))
            address = f"/v1/paragraphs/{article['paragraphs'][at]['id']}"
            self.client.done(204, "DELETE", address, If_Match=self.match(article))
            self.client.done(410, "GET", address)
            del article["paragraphs"][at]
            article["version"] += 1

    def all_tags(self):
        return sorted({tag for article in self.articles.values() for tag in article["tags"]})

    def attach(self):
        if article := self.some():
            known = self.all_tags()
            is_new = not known or self.random.random() < 0.3
            self.count += 1
            name = f"Tag{self.count}" if is_new else self.random.choice(known)
            self.client.done(200, "PUT", f"{article['address']}/tags/{name.lower()}",
                             {"name": name} if is_new else None, If_Match=self.match(article))
            if name not in article["tags"]:
                article["tags"].append(name)
                article["version"] += 1

    def detach(self):
        article = self.some()
        if article and article["tags"]:
            name = self.random.choice(article["tags"])
            self.client.done(204, "DELETE", f"{article['address']}/tags/{name.lower()}",
                             If_Match=self.match(article))
            article["tags"].remove(name)
            article["version"] += 1

    def rename(self):
        if known := self.all_tags():
            old = self.random.choice(known)
            self.count += 1
            new = f"Tag{self.count}"
            self.client.done(200, "PATCH", f"/v1/tags/{old.lower()}", {"name": new})
            self.client.done(308, "GET", f"/v1/tags/{old.lower()}")
            for article in self.articles.values():
                if old in article["tags"]:
                    article["tags"][article["tags"].index(old)] = new
                    article["version"] += 1

    def merge(self):
        known = self.all_tags()
        if len(known) > 1:
            old, new = self.random.sample(known, 2)
            answer = self.client.done(200, "POST", f"/v1/tags/{old.lower()}/merge", {"into": new.lower()})[1]
            changed = [a for a in self.articles.values() if old in a["tags"]]
            assert answer["changed"] == len(changed)
            for article in changed:
                at = article["tags"].index(old)
                if new in article["tags"]:
                    del article["tags"][at]
                else:
                    article["tags"][at] = new
                article["version"] += 1

    def compare(self):
        for key, article in self.articles.items():
            shown = self.client.done(200, "GET", f"/v1/articles/{key}")[1]
            assert shown["title"] == article["title"]
            assert shown["version"] == article["version"]
            assert sorted(tag["name"] for tag in shown["tags"]) == sorted(article["tags"])
            assert [(p["id"], p["n"], p["text"]) for p in shown["paragraphs"]] == \
                [(p["id"], n, p["text"]) for n, p in enumerate(article["paragraphs"], 1)]
        listed = self.client.done(200, "GET", "/v1/articles?limit=1000&fields=id")[1]
        assert sorted(item["id"] for item in listed["data"]) == sorted(self.articles)
        for tag in self.all_tags():
            count = sum(tag in article["tags"] for article in self.articles.values())
            assert self.client.done(200, "GET", f"/v1/tags/{tag.lower()}")[1]["count"] == count


@pytest.mark.parametrize("seed", range(4))
def test_any_sequence_of_writes_means_what_the_model_says(server, seed):
    model = Model(Client(server), seed)
    operations = [model.create, model.replace, model.send_back, model.patch, model.stale, model.delete,
                  model.put_in, model.move_or_edit, model.take_out, model.attach, model.attach,
                  model.detach, model.rename, model.merge]
    for _ in range(5):
        model.create()
    for step in range(250):
        model.random.choice(operations)()
        if step % 50 == 0:
            model.compare()
    model.compare()


# ---- many at once ----

CLIENTS, ARTICLES, CHANGES = 8, 10, 40


def count_up(server, addresses, seed, done, wrong):
    """Adds one to some counter again and again; who comes too late reads and tries again."""
    client, chance = Client(server), random.Random(seed)
    try:
        while len(done) < CHANGES:
            address = chance.choice(addresses)
            headers, answer = client.done(200, "GET", address)
            value = int(answer["paragraphs"][0]["text"])
            status, _, answer = client.ask("PATCH", address, {"paragraphs": [str(value + 1)]},
                                           If_Match=headers["ETag"])
            assert status in (200, 412), (status, answer)
            if status == 200:
                assert answer["paragraphs"][0]["text"] == str(value + 1)
                done.append((address, answer["version"]))
    except BaseException as error:
        wrong.append(error)
    finally:
        client.connection.close()


def test_no_update_is_lost(server):
    client = Client(server)
    addresses = [client.done(201, "POST", "/v1/articles", {"title": f"Counter {i}", "paragraphs": ["0"]})[0]
                 ["Location"] for i in range(ARTICLES)]
    done, wrong = [[] for _ in range(CLIENTS)], []
    threads = [threading.Thread(target=count_up, args=(server, addresses, seed, done[seed], wrong))
               for seed in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    won = [change for changes in done for change in changes]
    assert len(set(won)) == len(won) == CLIENTS * CHANGES, "two clients made the same version"
    for address in addresses:
        answer = client.done(200, "GET", address)[1]
        count = sum(change[0] == address for change in won)
        assert int(answer["paragraphs"][0]["text"]) == count
        assert answer["version"] == count + 1


def test_the_same_request_at_once_has_one_effect(server):
    """Eight clients send one request with one key: one makes it, all hear the same."""
    heard = []

    def send():
        client = Client(server)
        heard.append(client.done(201, "POST", "/v1/articles", {"title": "Once", "paragraphs": ["A."]},
                                 Idempotency_Key="the-same"))
        client.connection.close()

    threads = [threading.Thread(target=send) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == CLIENTS
    assert len({headers["Location"] for headers, _ in heard}) == 1
    assert sum("Idempotency-Replayed" not in headers for headers, _ in heard) == 1
    assert server.get("/v1/articles")["meta"]["total"] == 1


# ---- a slug that comes to mean another article ----

FOG = {"title": "Fog", "paragraphs": ["It lifts."]}


@pytest.mark.parametrize("way", ["deleted", "handed on"])
def test_a_tag_knows_which_article_it_is_of(server, way):
    """Both articles are at version 1, at one address: the tag of the first says nothing of the second."""
    client = Client(server)
    client.done(201, "PUT", "/v1/articles/fog", FOG, If_None_Match="*")
    before, _ = client.done(200, "GET", "/v1/articles/fog")
    old = before["ETag"]
    if way == "deleted":
        client.done(204, "DELETE", "/v1/articles/fog", If_Match=old)
    else:
        client.done(200, "PATCH", "/v1/articles/fog", {"slug": "mist"}, If_Match=old)
    client.done(201, "PUT", "/v1/articles/fog", {"title": "Another fog", "paragraphs": ["No."]}, If_None_Match="*")
    now, answer = client.done(200, "GET", "/v1/articles/fog", If_None_Match=old)
    assert answer["title"] == "Another fog" and now["ETag"] != old
    revision, _ = client.done(200, "GET", "/v1/articles/fog/revisions/1")
    assert revision["ETag"].startswith('"v1-')
    refused, _ = client.done(412, "PUT", "/v1/articles/fog", {"title": "Lost", "paragraphs": ["x"]}, If_Match=old)
    assert refused["ETag"] == now["ETag"]
    written, _ = client.done(200, "PATCH", "/v1/articles/fog", {"title": "Mine"}, If_Match=now["ETag"])
    read, _ = client.done(304, "GET", "/v1/articles/fog", If_None_Match=written["ETag"])
    assert read["ETag"] == written["ETag"]


def test_a_tag_has_no_version(server):
    client = Client(server)
    client.done(201, "POST", "/v1/articles", {**FOG, "tags": ["Weather"]})
    client.done(412, "PATCH", "/v1/tags/weather", {"name": "Skies"}, If_Match='"v0"')
