"""Holds what a server answers to its own /openapi.json. conftest.py asks this about every answer of every test: an
address, a parameter, a status, a field of the head or a member that the document does not know fails the test."""

import json
import re
from urllib.parse import parse_qsl, urlsplit

import page
from schema import Schemas

METHODS = {"GET": "get", "HEAD": "get", "POST": "post", "PUT": "put", "PATCH": "patch", "DELETE": "delete"}
EVERYWHERE = re.compile(r"utm_.*|_$")


def media_type(field):
    return (field or "").split(";")[0].strip().lower()


class Contract:
    def __init__(self, document):
        self.document = document
        self.schemas = Schemas(document)
        self.anywhere = document["components"]["responses"]["AnyProblem"]
        self.paths = [(re.compile(re.sub(r"\\{\w+\\}", r"[^/.]+", re.escape(path)) + r"(\.json)?"), path)
                      for path in sorted(document["paths"], key=lambda path: path.count("{"))]
        self.seen = set()  # (path, method, status) that an answer was held to

    def whole(self, part):
        return self.schemas.resolve(part["$ref"]) if "$ref" in part else part

    def path_of(self, target):
        path = urlsplit(target).path
        return next((name for pattern, name in self.paths if pattern.fullmatch(path)), None)

    def check(self, method, target, headers, body, answer):
        wrong = self.find_wrong(method, target, headers, body, answer)
        assert wrong is None, f"{method} {target}: {answer.status}, /openapi.json: {wrong}"

    def find_wrong(self, method, target, headers, body, answer):
        path = self.path_of(target)
        operation = self.document["paths"].get(path, {}).get(METHODS.get(method))
        asked = self.document["paths"].get(path, {}).get("get", {})
        if method in asked.get("x-query", {}).get("methods", []):
            return self.find_wrong_asked(path, asked, method, target, headers, body, answer)
        if method == "OPTIONS" and answer.status == 204:
            return self.find_wrong_methods(path, answer) if path else None
        if operation is None:
            return self.find_wrong_problem(answer, self.anywhere["x-problems"] + ([] if path else ["not_found"]))
        return self.find_wrong_of(path, METHODS[method], target, headers, body, answer)

    def find_wrong_of(self, path, name, target, headers, body, answer):
        operation = self.document["paths"][path][name]
        self.seen.add((path, name, answer.status))
        response = self.whole(operation["responses"].get(str(answer.status), operation["responses"]["default"]))
        found = self.find_wrong_fields(response, answer)
        if found is None and answer.status >= 400:
            found = self.find_wrong_problem(answer, self.anywhere["x-problems"] + operation["x-problems"]) or \
                self.find_wrong_names(operation, answer)
        elif found is None and str(answer.status) not in operation["responses"]:
            found = "the status is not described"
        elif found is None:
            found = self.find_wrong_content(response, target, answer) or self.find_wrong_query(operation, target) or \
                self.find_wrong_request(operation, headers, body)
        return found

    def find_wrong_asked(self, path, asked, method, target, headers, body, answer):
        """QUERY, and POST in its place: what GET answers to the same pairs, or POST to a body of its own."""
        if media_type(headers.get("Content-Type")) != "application/x-www-form-urlencoded":
            if method == "POST" or "application/json" in asked["x-query"]["types"]:
                return self.find_wrong_of(path, "post" if "post" in self.document["paths"][path] else "get", target,
                                          headers, body, answer)
        query = b"&".join(filter(None, [urlsplit(target).query.encode(), body or b""])).decode()
        return self.find_wrong_of(path, "get", f"{urlsplit(target).path}?{query}", headers, None, answer)

    def find_wrong_methods(self, path, answer):
        described = {name.upper() for name in self.document["paths"][path]}
        described |= set(self.document["paths"][path].get("get", {}).get("x-query", {}).get("methods", []))
        described |= {"OPTIONS"} | ({"HEAD"} if "GET" in described else set())
        allowed = set(answer.headers["Allow"].split(", "))
        return None if allowed == described else f"allows {allowed}, described are {described}"

    # ---- answers ----

    def find_wrong_problem(self, answer, codes):
        if answer.status < 400:
            return "neither the address nor the status is described"
        if not answer.body:  # to HEAD
            return None
        if media_type(answer.headers["Content-Type"]) == "text/html":
            return self.find_wrong_problem_page(answer, codes)
        if media_type(answer.headers["Content-Type"]) != "application/problem+json":
            return f"a problem of type {answer.headers['Content-Type']}"
        problem = json.loads(answer.body)
        code = problem["type"].rsplit("/", 1)[1]
        return self.schemas.check({"$ref": "#/components/schemas/Problem"}, problem) or \
            (None if code in codes else f"the problem {code} is not described")

    def find_wrong_problem_page(self, answer, codes):
        code = re.search(r'href="/problems/(\w+)\.html"', answer.body.decode("utf-8"))
        if code is None:
            return "a page that does not say which problem"
        return page.find_wrong(answer.body) or (None if code[1] in codes else f"the problem {code[1]} is not described")

    def find_wrong_names(self, operation, answer):
        """What the server says it takes is what is described."""
        is_json = answer.body and media_type(answer.headers["Content-Type"]) != "text/html"
        problem = json.loads(answer.body) if is_json else {"type": ""}
        if problem["type"] != "/problems/unknown_parameter":
            return None
        described = {parameter["name"] for parameter in map(self.whole, operation["parameters"])
                     if parameter["in"] == "query"}
        allowed = set(problem["errors"][0]["allowed"])
        return None if allowed == described - {"pretty"} | (allowed & {"pretty"}) else \
            f"takes {sorted(allowed)}, described are {sorted(described)}"

    def find_wrong_fields(self, response, answer):
        described = {name.lower() for name in response.get("headers", {})} | {"x-seq", "x-request-id", "cache-control",
                                                                             "ratelimit", "ratelimit-policy",
                                                                             "server-timing"}
        if answer.status < 400:
            described -= {"x-seq", "x-request-id", "cache-control"} - {name.lower() for name in response["headers"]}
        known = {name.lower() for name in self.document["components"]["headers"]}
        return next((f"the field {name} is not described" for name in answer.headers
                     if name.lower() in known - described), None)

    def find_wrong_content(self, response, target, answer):
        content = response.get("content", {})
        if answer.status in (204, 303, 304, 308) or (answer.status == 201 and not answer.body):
            return f"a body of {len(answer.body)} bytes" if answer.body else None
        media = content.get(media_type(answer.headers["Content-Type"]))
        if media is None:
            return f"the type {answer.headers['Content-Type']} is not described"
        if not answer.body:  # to HEAD
            return None
        if media_type(answer.headers["Content-Type"]) == "text/html" and urlsplit(target).path != "/docs.html":
            return page.find_wrong(answer.body)
        loose = any(name == "fields" for name, _ in parse_qsl(urlsplit(target).query, keep_blank_values=True))
        if "x-item-schema" in media:
            lines = [json.loads(line) for line in answer.body.splitlines()]
            return next(filter(None, (self.schemas.check(media["x-item-schema"], line, loose) for line in lines)), None)
        is_json = "$ref" in media["schema"]
        return self.schemas.check(media["schema"], json.loads(answer.body), loose) if is_json else None

    # ---- requests that were answered ----

    def find_wrong_query(self, operation, target):
        described = {parameter["name"]: parameter for parameter in map(self.whole, operation["parameters"])
                     if parameter["in"] == "query"}
        for name, text in parse_qsl(urlsplit(target).query, keep_blank_values=True):
            if EVERYWHERE.match(name):
                continue
            if name not in described:
                return f"the parameter {name} is not described"
            wrong = self.find_wrong_value(described[name]["schema"], text)
            if wrong:
                return f"the parameter {name}: {wrong}"
        return None

    def find_wrong_value(self, schema, text):
        if schema["type"] == "array":
            return next(filter(None, (self.find_wrong_value(schema["items"], item) for item in text.split(","))), None)
        if schema["type"] != "integer":
            return self.schemas.check(schema, text)
        if text == "" and "enum" in schema:  # a flag without a value
            return None
        return self.schemas.check(schema, int(text)) if re.fullmatch(r"-?\d+", text) else f"{text} is no integer"

    def find_wrong_request(self, operation, headers, body):
        if not body:
            return None
        content = operation.get("requestBody", {}).get("content")
        if content is None:
            return "the body of the request is not described"
        media = content.get(media_type(headers.get("Content-Type")))
        if media is None:
            return f"a body of type {headers.get('Content-Type')} is not described"
        is_json = "$ref" in media["schema"]  # lines of an import may be wrong one by one
        return self.schemas.check(media["schema"], json.loads(body)) if is_json else None
