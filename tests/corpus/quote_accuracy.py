#!/usr/bin/env python3
"""How well quotations are found in real articles.

    quote_accuracy.py [--count 500] [--seed 1] [--show 5]

Imports ../shared/corpus into a database of its own, serves it, and asks about sentences drawn from it: as
they are, with one word changed, and with typographic noise; and about sentences that do not stand in it:
made by a word model of the corpus, shuffled, and written about other things. Prints a line for each kind,
with how many were answered right; exits with 1 when one of them is below its mark.
"""

import argparse
import collections
import http.client
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tarfile
import tempfile
import time
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("PILCROW", str(ROOT / "build" / "release" / "pilcrow"))
CORPUS = ROOT.parent / "shared" / "corpus"
SETS = ["digitalgov", "f18"]
MARKS = {"verbatim": 0.99, "one word changed": 0.97, "typographic noise": 0.99, "made up": 0.99}
BATCH = 10

SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[A-Z\"“])")
WORD = re.compile(r"[^\W\d_]{3,}")

# About what no corpus of government notices and news is: a garden, a kitchen, a ship in a bottle.
SUBJECTS = ["my neighbour's tortoise", "the second violin", "an old lighthouse keeper", "the bread in the oven",
            "a very small dragon", "the girl with the yellow umbrella", "our retired postman", "the last chess club",
            "every snail in the lettuce", "the clock above the bakery"]
VERBS = ["has quietly begun to collect", "would never admit to", "dreams on rainy nights of", "was seen polishing",
         "forgot to bring along", "once traded a piano for", "keeps a diary about", "cannot stand the smell of"]
OBJECTS = ["marmalade jars from seven islands", "a paper boat named after its aunt", "wet wool and cinnamon",
           "the moon in the rain barrel", "three left-handed gloves", "songs that nobody finished",
           "the recipe for stone soup", "a feather as long as the street"]
TAILS = ["since the plum tree fell", "whenever the accordion starts", "although the cat objected twice",
         "until somebody rings for supper", "which made the gardener laugh", "before the frost reaches the figs"]


def normal(text):
    """Words alone, as far as this script needs it."""
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", re.sub(r"[’'`´ʼ‘]", "", text)))


class Corpus:
    """The paragraphs as the server has them, and which of them hold a sentence."""

    def __init__(self, paragraphs):
        self.paragraphs = paragraphs
        self.folded = {identity: f" {normal(text)} " for identity, text in paragraphs}
        self.by_word = collections.defaultdict(set)
        for identity, folded in self.folded.items():
            for word in set(folded.split()):
                self.by_word[word].add(identity)

    def holders(self, sentence):
        folded = normal(sentence)
        words = sorted(set(folded.split()), key=lambda word: len(self.by_word.get(word, ())))
        if not words:
            return set()
        near = set.intersection(*(self.by_word.get(word, set()) for word in words[:4]))
        return {identity for identity in near if f" {folded} " in self.folded[identity]}

    def sentences(self, chance, count):
        order = list(self.paragraphs)
        chance.shuffle(order)
        for identity, text in order:
            found = [s for s in SENTENCE_END.split(text) if len(normal(s).split()) >= 6 and len(s) <= 1500]
            if found and count > 0:
                count -= 1
                yield identity, chance.choice(found).strip()


def change_word(chance, sentence, vocabulary):
    places = list(WORD.finditer(sentence))
    if not places:
        return None
    place = chance.choice(places)
    other = place[0]
    while normal(other) == normal(place[0]):
        other = chance.choice(vocabulary)
    return sentence[:place.start()] + other + sentence[place.end():]


def add_noise(chance, sentence):
    """What word processors, web pages and people do to a quotation without changing a word."""
    swaps = [("'", "’"), ("’", "'"), ("“", '"'), ("”", '"'), ("-", "‑"), ("–", "-"), ("—", " – "), ("...", "…"),
             ("…", "...")]
    for old, new in swaps:
        if chance.random() < 0.7:
            sentence = sentence.replace(old, new)
    sentence = "".join("\u00a0" if c == " " and chance.random() < 0.2 else c for c in sentence)
    sentence = re.sub(r"(?<=\w) (?=\w)", lambda _: "  " if chance.random() < 0.1 else " ", sentence)
    how = chance.randrange(4)
    if how == 0:
        sentence = sentence.upper()
    elif how == 1:
        sentence = sentence.lower()
    elif how == 2:
        sentence = unicodedata.normalize("NFD", sentence)
    return chance.choice(["“{}”", "\"{}\"", "«{}»", "{} ", "… {} …"]).format(sentence)


class Model:
    """Which word follows which in the corpus: sentences that sound like it, and are not in it."""

    def __init__(self, paragraphs):
        self.next = collections.defaultdict(list)
        for _, text in paragraphs:
            words = text.split()
            for one, two in zip(words, words[1:]):
                self.next[one].append(two)
        self.starts = sorted(word for word in self.next if word[:1].isupper())

    def sentence(self, chance):
        words = [chance.choice(self.starts)]
        while len(words) < chance.randint(8, 24) and self.next.get(words[-1]):
            words.append(chance.choice(self.next[words[-1]]))
        return " ".join(words)


def made_up(chance, corpus, count):
    """A third of a word model, a third shuffled, a third about other things; none stands in the corpus."""
    model = Model(corpus.paragraphs)
    drawn = [sentence for _, sentence in corpus.sentences(chance, count)]
    found = []
    while len(found) < count:
        kind = len(found) % 3
        if kind == 0:
            sentence = model.sentence(chance)
        elif kind == 1:
            words = chance.choice(drawn).split()
            chance.shuffle(words)
            sentence = " ".join(words)
        else:
            sentence = " ".join(map(chance.choice, (SUBJECTS, VERBS, OBJECTS, TAILS)))
        if len(normal(sentence).split()) >= 6 and not corpus.holders(sentence):
            found.append(sentence)
    return found


class Server:
    def __init__(self, folder):
        for name in SETS:
            with tarfile.open(CORPUS / f"{name}.tar.xz") as tar:
                tar.extractall(folder / "texts")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PILCROW")}
        subprocess.run([PROGRAM, "import", "texts"], cwd=folder, env=environment, check=False, capture_output=True)
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--access-log", "off", "--idle-timeout", "300",
             "--search-deadline", "0", "--query-deadline", "0"],  # what is measured is not the time
            cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
        ready = self.process.stdout.readline()
        self.connection = http.client.HTTPConnection(ready.strip().split("//")[1], timeout=60)

    def ask(self, method, target, body=None):
        headers = {"Content-Type": "application/json"} if body else {}
        self.connection.request(method, target, body and json.dumps(body), headers)
        response = self.connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise SystemExit(f"{method} {target[:100]}: {response.status} {content[:300]!r}")
        return content

    def paragraphs(self):
        articles = map(json.loads, self.ask("GET", "/v1/export.ndjson").splitlines())
        return [(p["id"], p["text"]) for article in articles for p in article.get("paragraphs", ())]

    def quotes(self, texts):
        answers = []
        for first in range(0, len(texts), BATCH):
            body = {"quotes": [{"text": text} for text in texts[first:first + BATCH]]}
            answers += json.loads(self.ask("POST", "/v1/quotes?limit=50", body))["data"]
        return answers

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=60)


def places_of(answer):
    match = answer["match"]
    if not match:
        return set()
    return {match["paragraph"]} | {also["paragraph"] for also in answer["also_in"]} | \
        {part["paragraph"] for part in match.get("paragraphs", ())}


def report(name, texts, answers, is_right, show, seconds):
    wrong = [(text, answer) for text, answer, right in zip(texts, answers, is_right) if not right]
    share = 1 - len(wrong) / len(texts)
    print(f"{name:20} {len(texts) - len(wrong):4} of {len(texts)}  {share:7.2%}  (at least {MARKS[name]:.0%})  "
          f"{dict(collections.Counter(a['status'] for a in answers))}  {seconds / len(texts) * 1000:.2f} ms each")
    for text, answer in wrong[:show]:
        there = answer["match"]["text"][:160] if answer["match"] else ""
        print(f"    {answer['status']} {answer['score']}: {text[:160]!r}\n        {there!r}")
    return share >= MARKS[name]


def measure(server, count, seed, show):
    chance = random.Random(seed)
    corpus = Corpus(server.paragraphs())
    vocabulary = sorted({word for _, text in corpus.paragraphs[:2000] for word in WORD.findall(text)})
    drawn = list(corpus.sentences(chance, count))
    kinds = {"verbatim": [sentence for _, sentence in drawn]}
    kinds["one word changed"] = [change_word(chance, s, vocabulary) or s for s in kinds["verbatim"]]
    kinds["typographic noise"] = [add_noise(chance, s) for s in kinds["verbatim"]]
    is_good = True
    for name, texts in kinds.items():
        began = time.monotonic()
        answers = server.quotes(texts)
        seconds = time.monotonic() - began
        right = [bool(places_of(a) & (corpus.holders(s) | {identity}))
                 for a, (identity, s) in zip(answers, drawn)]
        if name == "verbatim":
            right = [r and a["status"] == "verbatim" for r, a in zip(right, answers)]
        is_good &= report(name, texts, answers, right, show, seconds)
    texts = made_up(chance, corpus, count)
    began = time.monotonic()
    answers = server.quotes(texts)
    seconds = time.monotonic() - began
    return report("made up", texts, answers, [a["status"] == "none" for a in answers], show, seconds) and is_good


def main():
    reader = argparse.ArgumentParser()
    reader.add_argument("--count", type=int, default=500)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--show", type=int, default=0)
    options = reader.parse_args()
    if not all((CORPUS / f"{name}.tar.xz").exists() for name in SETS):
        print("../shared/corpus is not there: nothing to measure")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        server = Server(pathlib.Path(folder))
        try:
            is_good = measure(server, options.count, options.seed, options.show)
        finally:
            server.stop()
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
