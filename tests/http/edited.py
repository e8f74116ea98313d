"""Articles that are edited at random and imported again and again, for tests of what is kept of them."""

import contextlib
import random
import re
import sqlite3

from conftest import ROOT, Server, end, import_into

WORDS = "harbour lamp river stone orchard bell market winter bread ferry archive garden Straße café 東京".split()
TAGS = ["Apples", "Walls", "Tides", "Café", "東京"]
SECTIONS = ["WORLD", "WORLD / Asia", "CULTURE", "CULTURE / Books"]
AUTHORS = ["Ada Finch", "Bo Reed", "Zoë Ångström"]


def statements():
    """The product's own statements, so that what a test writes is what the program writes."""
    found = {}
    for path in (ROOT / "db/sqlite").glob("*.sql"):
        for block in re.split(r"^-- name: ", path.read_text("utf-8"), flags=re.M)[1:]:
            name, text = block.split("\n", 1)
            found[name.split()[0]] = text
    return found


SQL = statements()


@contextlib.contextmanager
def opened(db):
    connection = sqlite3.connect(db)
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


def delete_article(db, article_id):
    with opened(db) as store:
        version = store.execute("SELECT version FROM article WHERE id = ?", [article_id]).fetchone()[0]
        paragraphs = store.execute("SELECT paragraph_count FROM article WHERE id = ?", [article_id]).fetchone()[0]
        key = {"article_id": article_id}
        for name in ["revision_keep", "revision_term_keep", "revision_paragraph_keep"]:
            store.execute(SQL[name], key)
        seq = store.execute(SQL["totals_add"], {"articles": -1, "paragraphs": -paragraphs}).fetchone()[0]
        store.execute(SQL["deletion_insert"], {**key, "seq": seq, "now": 2000000000})
        store.execute("UPDATE term SET article_count = article_count - 1"
                      " WHERE id IN (SELECT term_id FROM article_term WHERE article_id = :article_id)", key)
        store.execute("DELETE FROM article_term WHERE article_id = :article_id", key)
        store.execute(SQL["paragraphs_remove"], key)
        store.execute(SQL["article_delete"], key)
        store.execute(SQL["change_insert"], {"seq": seq, "op": "delete", "type": "article", "id": article_id,
                                             "version": version, "changed": "", "at": 2000000000})


def print_article(article):
    lines = [article["title"], f"{' and '.join(article['authors'])} | 03.06.2018 | {article['section']}", "",
             article["title"]]
    for paragraph in article["paragraphs"]:
        lines += ["", paragraph]
    if article["tags"]:
        lines += ["", "Tags: " + "\u00a0 ".join(article["tags"])]
    return "\n".join(lines) + "\n"


class Writer:
    """Articles that are edited at random; each version is imported, and kept as text."""

    def __init__(self, folder, seed):
        self.random = random.Random(seed)
        self.folder = folder / "articles"
        self.folder.mkdir()
        self.db = folder / "test.db"
        self.articles = []

    def sentence(self):
        return " ".join(self.random.choice(WORDS) for _ in range(self.random.randint(6, 18))).capitalize() + "."

    def add(self):
        number = len(self.articles) + 1
        paragraphs = [f"Number {number} of them. " + self.sentence()]
        paragraphs += [self.sentence() for _ in range(self.random.randint(1, 6))]
        self.articles.append({"title": f"Article {number}", "authors": [self.random.choice(AUTHORS)],
                              "section": self.random.choice(SECTIONS), "paragraphs": paragraphs,
                              "tags": self.random.sample(TAGS, self.random.randint(0, 3))})

    def edit(self, article):
        paragraphs = article["paragraphs"]
        at = self.random.randrange(len(paragraphs))
        what = self.random.randrange(9)
        if what == 0:
            paragraphs.insert(at, self.sentence())
        elif what == 1 and len(paragraphs) > 1:
            del paragraphs[at]
        elif what == 2:
            paragraphs.insert(self.random.randrange(len(paragraphs)), paragraphs.pop(at))
        elif what == 3:
            words = paragraphs[at].split()
            words[self.random.randrange(len(words))] = self.random.choice(WORDS)
            paragraphs[at] = " ".join(words)
        elif what == 4:
            paragraphs[at] += " " + self.sentence()
        elif what == 5:
            article["tags"] = self.random.sample(TAGS, self.random.randint(0, 3))
        elif what == 6:
            article["section"] = self.random.choice(SECTIONS)
        elif what == 7 and len(paragraphs) > 1 and at > 0:
            paragraphs[at - 1:at + 1] = [paragraphs[at - 1] + " " + paragraphs[at]]
        elif what == 8 and ". " in paragraphs[at]:
            first, rest = paragraphs[at].split(". ", 1)
            paragraphs[at:at + 1] = [first + ".", rest]

    def save(self):
        for number, article in enumerate(self.articles, 1):
            if article:
                (self.folder / f"{number:03}.txt").write_text(print_article(article), "utf-8")
        import_into(self.db, self.folder)

    @contextlib.contextmanager
    def served(self):
        server = Server(self.db, self.folder.parent / "server.log")
        try:
            yield server
        finally:
            end(server)
