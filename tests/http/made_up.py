"""Articles made up from a seed: few words, few names, few days, so that ties and combinations abound."""

import random

WORDS = "harbour lamp river stone orchard bell market winter bread ferry archive garden signal letter".split()
AUTHORS = ["Ada Finch", "Bo Reed", "Cy Poole", "Zoë Ångström", "Dee O'Hara"]
SECTIONS = ["WORLD", "WORLD / Asia", "WORLD / Asia / East", "WORLD / Europe", "CULTURE", "CULTURE / Books"]
TAGS = ["Apples", "Walls", "Bridges", "Tides", "C++", "Café", "Weather", "東京", "Rare"]


def sentence(random, most):
    return " ".join(random.choice(WORDS) for _ in range(random.randint(3, most))).capitalize() + "."


def make_article(random, number):
    title = f"{random.choice(WORDS).capitalize()} {random.choice(WORDS)}"
    if random.random() < 0.5:
        title = f"{title} {number}"
    authors = " and ".join(random.sample(AUTHORS, random.choice([1, 1, 1, 2])))
    date = f"{random.randint(1, 28):02}.{random.choice([5, 6])}.{random.choice([2017, 2018])}"
    day, month, year = date.split(".")
    byline = f"{authors} | {day}.{int(month):02}.{year} | {random.choice(SECTIONS)}"
    paragraphs = [sentence(random, 12) for _ in range(random.randint(1, 4))]
    tags = random.sample(TAGS[:-1], random.randint(0, 4))
    if number % 60 == 0:
        tags.append(TAGS[-1])
    lines = [title] + ([byline] if random.random() > 0.1 else []) + ["", title]
    # The number keeps every text unlike every other.
    lines += ["", f"Number {number} of the series."]
    for paragraph in paragraphs:
        lines += ["", paragraph]
    if tags:
        lines += ["", "Tags: " + "  ".join(tags)]
    return "\n".join(lines) + "\n"


def write_articles(folder, count, seed=20180603):
    folder.mkdir()
    chosen = random.Random(seed)
    for number in range(1, count + 1):
        (folder / f"{number:05}.txt").write_text(make_article(chosen, number), "utf-8")
