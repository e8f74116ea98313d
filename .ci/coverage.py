#!/usr/bin/python3
"""What gcovr counted (--json-summary), by floor and for the rooms that are pure: text in, text out, no system. Ends
with an error when less is reached than is asked for.

    coverage.py SUMMARY
"""

import json
import re
import sys

# Per cent of branches.
WANTED_OF_ALL = 85
WANTED_OF_PURE = 95

# Rooms in which every branch can be reached by a test that needs nothing but memory.
PURE = re.compile(r"src/(ground/(arena|buffer|date|decimal|fault|html|lines|markup|nearest|network|problem|utf8)"
                  r"|engine/(target|router|params|precondition|range|cursor|idset)(_\w+)?"
                  r"|domain/(article_text|article_form|article_markdown|byline|name_list|query|rune|slug|source_text"
                  r"|source_decode|text_diff|words|written_date)(_\w+)?)\.c")


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


def main(path):
    with open(path, encoding="utf-8") as summary:
        files = json.load(summary)["files"]
    floors, pure, everything = {}, Sum(), Sum()
    lowest = []
    for entry in files:
        floors.setdefault(entry["filename"].split("/")[1], Sum()).add(entry)
        everything.add(entry)
        if PURE.fullmatch(entry["filename"]):
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
    return 0 if ok else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
