"""Runs the cases in cases/*.http. Adding a test is adding text:

    ## what it shows
    GET /v1/articles?limit=2
    Name: value                       request fields, as many as needed

    {"title": "T"}                    after an empty line, before the arrow: the body, as it stands

    -> 200
    Content-Type: application/json    the field is exactly this
    Link ~ rel="next"                 the field matches this regular expression
    ETag absent
    .data[*].id = [5, 8]              a member, as JSON; [*] looks through a list
    .detail ~ did you mean
    .links.prev absent                there is no such member
    #.data = 2                        how many items it holds
    body ~ ^Apples$                   the whole body
    next := .links.next               kept; {next} stands for it in what follows (etag := ETag: of a field)
    Location: /v1/articles/{id}       so it does here, in request fields and in bodies

    GET {next}                        a further request of the same case

Cases in cases/writes/ run against a server of their own, which they change: each makes what it needs,
and asks for nothing that others made. A body without a type is JSON, and every request carries a token
that may write unless the case gives its own Authorization.
"""

import json
import re

import pytest
from conftest import HERE

METHOD = re.compile(r"^(GET|HEAD|OPTIONS|POST|PUT|DELETE|PATCH|QUERY|BREW) (\S+)$")
MISSING = object()


def read_cases(folder):
    for path in sorted((HERE / folder).glob("*.http")):
        name, lines = None, []
        for line in path.read_text("utf-8").split("\n") + ["## "]:
            if line.startswith("## "):
                if name:
                    yield pytest.param(lines, id=f"{path.stem}: {name}")
                name, lines = line[3:], []
            elif not line.startswith("#!"):
                lines.append(line)


def look_up(value, path):
    for step in re.findall(r"\.\w+|\[\*\]|\[\d+\]", path):
        if value is MISSING or value is None:
            return MISSING
        if step == "[*]":
            rest = path.split("[*]", 1)[1]
            return [look_up(item, rest) for item in value]
        if step.startswith("["):
            index = int(step[1:-1])
            value = value[index] if index < len(value) else MISSING
        else:
            value = value.get(step[1:], MISSING) if isinstance(value, dict) else MISSING
    return value


def found(answer, what):
    if what == "body":
        return answer.body.decode("utf-8")
    if what.startswith("."):
        return look_up(answer.json(), what)
    if what.startswith("#."):
        return len(look_up(answer.json(), what[1:]))
    return answer.headers.get(what, MISSING)


def check(answer, line, kept):
    if match := re.match(r"^(\w+) := (\S+?):?$", line):
        kept[match[1]] = str(found(answer, match[2]))
    elif match := re.match(r"^(\S+) absent$", line):
        assert found(answer, match[1]) is MISSING, line
    elif match := re.match(r"^(\S+) ~ (.*)$", line):
        value = found(answer, match[1])
        assert re.search(match[2], value if isinstance(value, str) else json.dumps(value), re.M), \
            f"{line}\nfound {value!r}"
    elif match := re.match(r"^(#?\.\S+) = (.*)$", line):
        assert found(answer, match[1]) == json.loads(match[2]), f"{line}\nfound {found(answer, match[1])!r}"
    elif match := re.match(r"^([\w-]+): (.*)$", line):
        assert found(answer, match[1]) == match[2], f"{line}\nfound {found(answer, match[1])!r}"
    else:
        raise AssertionError(f"this line says nothing: {line!r}")


class Asked:
    """A request as the case writes it, until its arrow."""

    def __init__(self, match, defaults):
        self.method, self.target, self.defaults = match[1], match[2], defaults
        self.headers, self.body, self.has_body = {}, [], False

    def take(self, line):
        if self.body or (self.has_body and line.strip()):
            self.body.append(line)
        elif line.strip():
            name, value = line.strip().split(": ", 1)
            self.headers[name] = value
        else:
            self.has_body = True

    def send(self, server):
        body = "\n".join(self.body).rstrip("\n").encode("utf-8") if self.body else None
        headers = dict(self.defaults) if body else {
            name: value for name, value in self.defaults.items() if name != "Content-Type"}
        for name, value in self.headers.items():
            headers.pop(name, None)
            if value != "none":
                headers[name] = value
        return server.ask(self.target, self.method, headers, body)


def run(server, lines, defaults):
    kept, answer, asked = {}, None, None
    for line in lines:
        line = re.sub(r"\{(\w+)\}", lambda match: kept.get(match[1], match[0]), line)
        if match := METHOD.match(line.strip()):
            asked, answer = Asked(match, defaults), None
        elif match := re.match(r"^-> (\d+)$", line.strip()):
            answer = asked.send(server)
            assert answer.status == int(match[1]), \
                f"{asked.method} {asked.target}: {answer.status} {answer.body[:600]}"
        elif answer is None and asked is not None:
            asked.take(line)
        elif line.strip():
            check(answer, line.strip(), kept)
    assert answer is not None, "the case asks nothing"
    assert server.ask("/healthz").status == 200


@pytest.mark.parametrize("lines", read_cases("cases"))
def test_case(server, lines):
    run(server, lines, {})


@pytest.mark.parametrize("lines", read_cases("cases/writes"))
def test_writes(writable, lines):
    run(writable, lines, {"Content-Type": "application/json", **writable.authorization})
