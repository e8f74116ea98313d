"""Runs the cases in cases/*.http. Adding a test is adding text:

    ## what it shows
    GET /v1/articles?limit=2
    Name: value                       request fields, as many as needed

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

    GET {next}                        a further request of the same case
"""

import json
import re

import pytest
from conftest import HERE

METHOD = re.compile(r"^(GET|HEAD|OPTIONS|POST|PUT|DELETE|PATCH|BREW) (\S+)$")
MISSING = object()


def read_cases():
    for path in sorted((HERE / "cases").glob("*.http")):
        name, lines = None, []
        for line in path.read_text("utf-8").splitlines() + ["## "]:
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


@pytest.mark.parametrize("lines", read_cases())
def test_case(server, lines):
    kept, answer, request, headers = {}, None, None, {}
    for line in lines:
        line = re.sub(r"\{(\w+)\}", lambda match: kept.get(match[1], match[0]), line.strip())
        if match := METHOD.match(line):
            request, headers, answer = match, {}, None
        elif match := re.match(r"^-> (\d+)$", line):
            answer = server.ask(request[2], request[1], headers)
            assert answer.status == int(match[1]), f"{request[0]}: {answer.status} {answer.body[:400]}"
        elif line and answer is None:
            name, value = line.split(": ", 1)
            headers[name] = value
        elif line:
            check(answer, line, kept)
    assert answer is not None, "the case asks nothing"
    assert server.ask("/healthz").status == 200
