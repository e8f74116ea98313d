"""A JSON Schema as a function: compiled once, so that every answer of every test can be checked whole. It knows
the keywords that src/surface/openapi/schemas uses and no others; test_openapi.py holds it to the verdicts of python3-jsonschema."""

import re

TYPES = {
    "object": lambda v: isinstance(v, dict), "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str), "boolean": lambda v: isinstance(v, bool), "null": lambda v: v is None,
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
}
FORMATS = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"), "uri-reference": re.compile(r"[\x21-\x7e]*"), "int64": re.compile(""),
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"),
}
SAYS_NOTHING = {"description", "default", "readOnly", "examples"}


class Schemas:
    """Functions from a value to what is wrong with it (None when nothing is). Loose ones require no member: what
    `fields` leaves out is not there."""

    def __init__(self, document):
        self.document = document
        self.compiled = {}

    def resolve(self, ref):
        value = self.document
        for step in ref.removeprefix("#/").split("/"):
            value = value[step]
        return value

    def check(self, schema, value, loose=False):
        return self.compile(schema, loose)(value, "")

    def compile(self, schema, loose):
        if "$ref" not in schema:
            return self.compile_all(schema, loose)
        key = schema["$ref"], loose
        if key not in self.compiled:
            self.compiled[key] = lambda value, at: self.compiled[key](value, at)  # while it refers to itself
            self.compiled[key] = self.compile_all(self.resolve(schema["$ref"]), loose)
        return self.compiled[key]

    def compile_all(self, schema, loose):
        if "$ref" in schema:
            return self.compile(schema, loose)
        tests = [getattr(self, "on_" + word)(part, schema, loose) for word, part in schema.items()
                 if word not in SAYS_NOTHING and word != "additionalProperties" or
                 word == "additionalProperties" and "properties" not in schema]

        def check(value, at):
            for test in tests:
                wrong = test(value, at)
                if wrong:
                    return wrong
            return None
        return check

    def on_type(self, types, _schema, _loose):
        allowed = [TYPES[name] for name in ([types] if isinstance(types, str) else types)]
        return lambda value, at: None if any(is_one(value) for is_one in allowed) else \
            f"{at or '/'}: {value!r:.200} is not {types}"

    def on_enum(self, values, _schema, _loose):
        return lambda value, at: None if value in values else f"{at or '/'}: {value!r:.200} is none of {values}"

    def on_const(self, only, _schema, _loose):
        return lambda value, at: None if value == only else f"{at or '/'}: {value!r:.200} is not {only!r}"

    def on_properties(self, properties, schema, loose):
        tests = {name: self.compile(part, loose) for name, part in properties.items()}
        rest = schema.get("additionalProperties", True)
        test_rest = self.compile(rest, loose) if isinstance(rest, dict) else None

        def check(value, at):
            for name, member in value.items() if isinstance(value, dict) else ():
                test = tests.get(name, test_rest)
                wrong = test and test(member, f"{at}/{name}")
                if wrong or (test is None and rest is False):
                    return wrong or f"{at}/{name}: no member of this name is described"
            return None
        return check

    def on_additionalProperties(self, _part, schema, loose):
        return self.on_properties({}, schema, loose)

    def on_required(self, names, _schema, loose):
        if loose:
            return lambda value, at: None
        return lambda value, at: next((f"{at}/{name}: is not there" for name in names
                                       if isinstance(value, dict) and name not in value), None)

    def on_items(self, schema, _schema, loose):
        test = self.compile(schema, loose)
        return lambda value, at: next(filter(None, (test(item, f"{at}/{i}") for i, item in enumerate(value))), None) \
            if isinstance(value, list) else None

    def on_oneOf(self, schemas, _schema, loose):
        tests = [self.compile(schema, loose) for schema in schemas]

        def check(value, at):
            wrong = [test(value, at) for test in tests]
            fits = wrong.count(None)
            if fits == 1 or (fits > 1 and loose):
                return None
            return f"{at or '/'}: fits {fits} of {len(tests)}: {'; '.join(filter(None, wrong))}"
        return check

    def on_format(self, name, _schema, _loose):
        pattern = FORMATS[name]
        return lambda value, at: f"{at}: {value!r:.200} is no {name}" \
            if isinstance(value, str) and not pattern.fullmatch(value) else None

    def on_pattern(self, pattern, _schema, _loose):
        found = re.compile(pattern)
        return lambda value, at: f"{at}: {value!r:.200} does not match {pattern}" \
            if isinstance(value, str) and not found.search(value) else None

    @staticmethod
    def bound(is_wrong, word):
        return lambda value, at: f"{at or '/'}: {value!r:.200}: {word}" if is_wrong(value) else None

    def on_minimum(self, low, _schema, _loose):
        return self.bound(lambda v: TYPES["number"](v) and v < low, f"below {low}")

    def on_maximum(self, high, _schema, _loose):
        return self.bound(lambda v: TYPES["number"](v) and v > high, f"above {high}")

    def on_minLength(self, low, _schema, _loose):
        return self.bound(lambda v: isinstance(v, str) and len(v) < low, f"shorter than {low}")

    def on_maxLength(self, high, _schema, _loose):
        return self.bound(lambda v: isinstance(v, str) and len(v) > high, f"longer than {high}")

    def on_minItems(self, low, _schema, _loose):
        return self.bound(lambda v: isinstance(v, list) and len(v) < low, f"fewer than {low}")

    def on_maxItems(self, high, _schema, _loose):
        return self.bound(lambda v: isinstance(v, list) and len(v) > high, f"more than {high}")
