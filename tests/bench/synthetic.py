#!/usr/bin/python3
"""Articles of made-up words, as NDJSON for `pilcrow import -`: how search and lists behave when there are many.

    synthetic.py COUNT [--seed 1] [--words 50000] [--paragraphs 6]

Words follow Zipf's law (the r-th most frequent stands in proportion to 1/r), as in real text: some stand in every article,
most in one or two. The same arguments give the same bytes. 100,000 articles are some 80 MB and take half a minute.
"""

import argparse
import itertools
import json
import random
import sys

CONSONANTS, VOWELS = "bcdfghjklmnprstvz", "aeiou"
SECTIONS = ["News", "Opinion", "Culture", "Science", "Sport", "Town", "Sea", "Trade"]


def word_of(rank):
    """A word that can be spoken, different for each rank; the frequent ones are short."""
    letters, number = "", rank + 4
    while number > 0:
        number, vowel = divmod(number, len(VOWELS))
        number, consonant = divmod(number, len(CONSONANTS))
        letters += CONSONANTS[consonant] + VOWELS[vowel]
    return letters


class Writer:
    """Draws what articles are made of, a few thousand words at a time."""

    def __init__(self, seed, word_count):
        self.chance = random.Random(seed)
        self.words = [word_of(rank) for rank in range(word_count)]
        self.weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(word_count)))
        self.drawn = iter(())

    def word(self):
        drawn = next(self.drawn, None)
        if drawn is None:
            self.drawn = iter(self.chance.choices(self.words, cum_weights=self.weights, k=8192))
            drawn = next(self.drawn)
        return drawn

    def sentence(self, count):
        text = " ".join(self.word() for _ in range(count))
        return text[0].upper() + text[1:]

    def article(self, number, paragraph_count):
        chance = self.chance
        paragraphs = max(1, int(chance.expovariate(1 / paragraph_count)))
        return {
            "title": f"{self.sentence(chance.randint(3, 9))} {number}",
            "authors": [f"{word_of(chance.randrange(40)).title()} {word_of(60 + chance.randrange(40)).title()}"],
            "published": f"{chance.randint(1990, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            "section": [chance.choice(SECTIONS)],
            "tags": sorted({f"tag {word_of(min(int(chance.paretovariate(0.7)), 3000))}" for _ in range(chance.randint(0, 4))}),
            "paragraphs": [self.sentence(chance.randint(8, 40)) + "." for _ in range(min(paragraphs, 90))],
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--words", type=int, default=50000)
    parser.add_argument("--paragraphs", type=int, default=6)
    arguments = parser.parse_args()
    writer = Writer(arguments.seed, arguments.words)
    for number in range(arguments.count):
        print(json.dumps(writer.article(number, arguments.paragraphs)), file=sys.stdout)


if __name__ == "__main__":
    main()
