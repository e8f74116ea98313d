"""What every page must be: well-formed, without a script or a style of its own, usable without a mouse and by name."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

VOID = {"meta", "link", "input", "br", "hr", "img"}
LANDMARKS = {"nav", "aside"}


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.wrong, self.ids, self.references = [], [], set(), set()
        self.count, self.elements, self.labels, self.text = {}, [], set(), []
        self.feed(text)
        self.close()
        if self.open:
            self.wrong.append(f"never closed: {self.open}")

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        if len(attributes) != len(pairs):
            self.wrong.append(f"<{tag}> has an attribute twice")
        self.elements.append((tag, attributes))
        self.count[tag] = self.count.get(tag, 0) + 1
        for name, value in pairs:
            if name.startswith("on") or name == "style":
                self.wrong.append(f"<{tag} {name}>: the policy of the page forbids it")
            if name in ("href", "src", "action"):
                self.check_address(tag, value)
        if "id" in attributes:
            if attributes["id"] in self.ids:
                self.wrong.append(f"the id {attributes['id']} stands twice")
            self.ids.add(attributes["id"])
        if tag == "label":
            self.labels.add(attributes.get("for"))
        if tag == "input" and "label" in self.open:
            attributes["in_label"] = True
        if tag in LANDMARKS and not {"aria-label", "aria-labelledby"} & set(attributes) and tag == "nav":
            self.wrong.append(f"a <{tag}> without a name")
        if "aria-labelledby" in attributes:
            self.references.add(attributes["aria-labelledby"])
        if tag == "script" and "src" not in attributes:
            self.wrong.append("a script inside of the page")
        if tag == "style":
            self.wrong.append("a style inside of the page")
        if tag not in VOID:
            self.open.append(tag)

    def check_address(self, tag, value):
        if value is None or re.search(r"[\s<>\"]", value) or urlsplit(value).scheme not in ("", "http", "https"):
            self.wrong.append(f"<{tag}> leads to {value!r}")
        elif value.startswith("#"):
            self.references.add(value[1:])

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")

    def handle_startendtag(self, tag, pairs):
        self.wrong.append(f"<{tag}/>")

    def handle_data(self, data):
        self.text.append(data)

    def all(self, tag, **wanted):
        """The attributes of elements of this kind that have these (class_ is class)."""
        wanted = {name.rstrip("_"): value for name, value in wanted.items()}
        return [attributes for name, attributes in self.elements
                if name == tag and all(attributes.get(key) == value for key, value in wanted.items())]

    def find_wrong(self):
        """None, or the first thing that is not as it must be."""
        wrong = list(self.wrong)
        for tag in ("html", "head", "title", "body", "main", "h1"):
            if self.count.get(tag) != 1:
                wrong.append(f"{self.count.get(tag, 0)} times <{tag}>")
        wrong += [f"#{name} is nowhere" for name in self.references - self.ids]
        wrong += [f"an input without a label: {given}" for given in self.all("input")
                  if given.get("type") != "hidden" and "in_label" not in given and given.get("id") not in self.labels]
        return wrong[0] if wrong else None


def find_wrong(body):
    text = body.decode("utf-8")
    return None if not text else "no doctype" if not text.startswith("<!DOCTYPE html>") else Page(text).find_wrong()
