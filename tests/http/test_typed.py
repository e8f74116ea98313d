"""Whatever is typed into a search is answered, and never a mistake of the server."""

import random
from urllib.parse import quote

PIECES = ["harbour", "ferry", '"', "'", "-", "--", " OR ", "OR", "AND", "NOT", "NEAR", "(", ")", "*", "^", ":", "title:", "tag:", "author:",
          "section:", "body:", "+", "\\", "%", "_", "{", "}", "[", "]", "<mark>", "&", ";", "C++", "O'Brien", "東京", "ท่าเรือ", "é",
          "\u0301", "\u00a0", "\u200b", "\u202e", "😀", "1", "2018", " ", " ", " ", "a", "ha*", "harb*", "*harb", '""', '"a', "-\"", "\t", "\n"]


def random_text(chosen):
    if chosen.random() < 0.2:
        return "".join(chr(chosen.choice([chosen.randrange(1, 0x250), chosen.randrange(0x250, 0xD800), chosen.randrange(0x10000, 0x11000)]))
                       for _ in range(chosen.randrange(1, 60)))
    return "".join(chosen.choice(PIECES) for _ in range(chosen.randrange(1, 14)))


def test_nothing_that_is_typed_is_a_mistake_of_the_server(samples):
    chosen = random.Random(14)
    for _ in range(3000):
        text = random_text(chosen)
        target = chosen.choice(["/v1/search?q=", "/v1/search?scope=paragraphs&q=", "/v1/search?highlight=html&facets=tag,year&explain=1&q=",
                                "/v1/articles?q=", "/v1/paragraphs?q=", "/v1/suggest?q=", "/v1/search?sort=newest&q="]) + quote(text)
        answer = samples.ask(target)
        assert answer.status in (200, 400), f"{target}: {answer.status} {answer.body[:300]}"
        said = answer.json()
        if answer.status == 400:
            assert said["detail"] and said.get("errors", [{"parameter": "q"}])[0]["parameter"] == "q", said
