#!/usr/bin/python3
"""What gcovr counted (--json-summary), by floor and for the rooms that are pure: text in, text out, no system. Ends
with an error when less is reached than is asked for.

    coverage.py SUMMARY
"""

import json
import pathlib
import sys

# Per cent of branches.
WANTED_OF_ALL = 85
WANTED_OF_PURE = 95

# Modules in which every branch can be reached by a test that needs nothing but memory: by floor, each with its parts
# (router: router.c, router_check.c), whatever folder they stand in.
PURE = {
    "ground": "arena buffer date fault html lines markup nearest network problem utf8",
    "engine": "cursor idset params precondition range router target",
    "domain": "article_form article_markdown article_text byline name_list query rune slug source_decode source_text"
              " text_diff words written_date",
}


def share(covered, total):
    return 100.0 * covered / total if total else 100.0


class Sum:
    def __init__(self):
        self.lines, self.all_lines, self.branches, self.all_branches = 0, 0, 0, 0

    def add(self, entry):
        self.lines += entry["line_covered"]
        self.all_lines += entry["line_total"]
        self.branches += entry["branch_covered"]
        self.all_branches += entry["branch_total"]

    def branch_share(self):
        return share(self.branches, self.all_branches)

    def row(self, name):
        return (f"{name:32} {share(self.lines, self.all_lines):6.1f} % of {self.all_lines:6} lines"
                f" {self.branch_share():6.1f} % of {self.all_branches:6} branches")


def pure_module(path):
    """The module of PURE that a file belongs to, or None."""
    floor, stem = pathlib.Path(path).parts[1], pathlib.Path(path).stem
    for module in PURE.get(floor, "").split():
        if stem == module or stem.startswith(module + "_"):
            return module
    return None


def missing_modules(files):
    """What PURE names and no file is: renamed or gone, and no longer watched."""
    seen = {pure_module(entry["filename"]) for entry in files}
    return [module for modules in PURE.values() for module in modules.split() if module not in seen]


def main(path):
    with open(path, encoding="utf-8") as summary:
        files = json.load(summary)["files"]
    floors, pure, everything = {}, Sum(), Sum()
    lowest = []
    for entry in files:
        floors.setdefault(entry["filename"].split("/")[1], Sum()).add(entry)
        everything.add(entry)
        if pure_module(entry["filename"]) is not None:
            pure.add(entry)
            lowest.append((share(entry["branch_covered"], entry["branch_total"]), entry["filename"]))
    for name, total in floors.items():
        print(total.row(name))
    for percent, name in sorted(lowest)[:12]:
        print(f"  {percent:5.1f} % {name}")
    print(pure.row("pure rooms"))
    print(everything.row("everything"))
    ok = True
    for name, total, wanted in (("pure rooms", pure, WANTED_OF_PURE), ("everything", everything, WANTED_OF_ALL)):
        reached = total.all_branches > 0 and total.branch_share() >= wanted
        print(f"{'ok' if reached else 'not ok'} - {name}: {wanted} % of branches")
        ok = ok and reached
    for module in missing_modules(files):
        print(f"not ok - the pure room {module} has no file any more")
        ok = False
    return 0 if ok else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
