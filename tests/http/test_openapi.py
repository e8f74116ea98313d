"""/openapi.json itself: its schemas are schemas, the checker behind contract.py says what python3-jsonschema says,
planted lies are found, the page needs no other, and the whole suite has asked for every operation."""

import base64
import copy
import hashlib
import re
from pathlib import Path

import jsonschema
import pytest

from contract import Contract
from lists import address
from schema import Schemas

PAGES = ["/v1/articles?include=paragraphs&limit=3", "/v1/articles/1?include=neighbors,related,revisions",
         "/v1/paragraphs/1?context=1&include=revisions", "/v1/tags?limit=5", "/v1/sections", "/v1/changes",
         "/v1/articles/1/diff", "/v1/search?q=apples&facets=tag,year&explain=1", "/v1/quotes?text=the", "/v1"]


def damaged(value):
    """The same with one thing wrong, in each place where something can be."""
    if isinstance(value, dict):
        yield {**value, "no_such_member": 1}
        for name, member in value.items():
            yield {other: value[other] for other in value if other != name}
            for wrong in damaged(member):
                yield {**value, name: wrong}
    elif isinstance(value, list):
        for i, item in enumerate(value[:2]):
            for wrong in damaged(item):
                yield value[:i] + [wrong] + value[i + 1:]
        yield "no list"
    else:
        yield {"no": "scalar"}
        yield -1
        yield None


def schema_of(contract, path):
    operation = contract.document["paths"][contract.path_of(path)]["get"]
    return operation["responses"]["200"]["content"]["application/json"]["schema"]


def test_schemas_are_schemas(server):
    document = server.get("/openapi.json")
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema), name
        assert "required" not in schema or set(schema["required"]) <= set(schema["properties"]), name


@pytest.mark.parametrize("path", PAGES)
def test_the_checker_says_what_jsonschema_says(server, path):
    document, answer = server.get("/openapi.json"), server.get(path)
    schemas, schema = Schemas(document), schema_of(server.contract, path)
    judge = jsonschema.Draft202012Validator({**schema, "components": document["components"]})
    assert schemas.check(schema, answer) is None
    assert judge.is_valid(answer)
    found = 0
    for wrong in list(damaged(answer))[::7]:
        is_wrong = schemas.check(schema, wrong) is not None
        assert is_wrong == (not judge.is_valid(wrong)), wrong
        found += is_wrong
    assert found > 0


def change(document, path, value):
    part = document
    for step in path[:-1]:
        part = part[step]
    if value is None:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return document


LIES = [
    ("/v1/articles/1", ["components", "schemas", "Article", "properties", "lead"], None),
    ("/v1/articles/1", ["components", "schemas", "Article", "properties", "version"], {"type": "string"}),
    ("/v1/articles/1", ["paths", "/v1/articles/{article}"], None),
    ("/v1/articles/1", ["paths", "/v1/articles/{article}", "get"], None),
    ("/v1/articles/1", ["paths", "/v1/articles/{article}", "get", "responses", "200"], None),
    ("/v1/articles/1", ["paths", "/v1/articles/{article}", "get", "responses", "200", "headers", "ETag"], None),
    ("/v1/articles/1.md", ["paths", "/v1/articles/{article}.md", "get", "responses", "200", "content"], {}),
    ("/v1/articles/99", ["paths", "/v1/articles/{article}", "get", "x-problems"], []),
    ("/v1/articles?limt=2", ["paths", "/v1/articles", "get", "parameters"], []),
    ("/v1/articles?limit=2", ["paths", "/v1/articles", "get", "parameters"], []),
    ("/healthz", ["components", "schemas", "Status", "properties", "status", "enum"], ["ready"]),
]


@pytest.mark.parametrize("target, path, value", LIES)
def test_a_document_that_lies_is_found(server, target, path, value):
    answer = server.ask(target)
    document = copy.deepcopy(server.contract.document)
    with pytest.raises(AssertionError):
        Contract(change(document, path, value)).check("GET", target, {}, None, answer)


def test_the_page_loads_nothing(server):
    answer = server.ask("/docs.html")
    page = answer.body.decode("utf-8")
    style = re.search(r"<style>(.*?)</style>", page, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<(script|link|img|iframe|form)\b|\bstyle=|\bon\w+=|url\(|@import", page)
    for operation in operations(server.contract):
        assert f'id="{operation["operationId"]}"' in page
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets <= set(re.findall(r'\bid="([^"]+)"', page))


def test_every_form_of_an_answer_is_there(server):
    for path, item in server.contract.document["paths"].items():
        if "x-form-of" in item.get("get", {}):
            target = address(server, path)
            answer = server.ask(target)
            if answer.status == 303:
                answer = server.ask(answer.headers["Location"].split("#")[0])
            assert answer.status == 200, target
            assert answer.body or path.endswith("duplicates.ndjson"), target  # no paragraph stands twice here


def operations(contract):
    return [operation for item in contract.document["paths"].values() for operation in item.values()]


def test_the_text_for_models_names_every_address(server):
    text = server.ask("/llms.txt").body.decode("utf-8")
    for route in server.get("/v1")["routes"]:
        assert f"`{route['method']} {route['path']}`" in text


@pytest.mark.last
def test_every_operation_was_asked_for(server, request):
    """Runs last (conftest.py): an operation that no test asks for could say anything."""
    asked_files = {Path(item.fspath).name for item in request.session.items}
    if asked_files < {path.name for path in Path(__file__).parent.glob("test_*.py")}:
        pytest.skip("only a part of the suite runs")
    done = {(path, method) for path, method, status in server.contract.seen if status < 300 or status == 303}
    missing = [f"{method} {path}" for path, item in server.contract.document["paths"].items() for method in item
               if (path, method) not in done]
    assert not missing
