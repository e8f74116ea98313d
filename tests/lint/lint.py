#!/usr/bin/python3
"""The house rules, proved over the tree. One line a rule: `ok - rule: n files` or `not ok - rule`.

    lint.py [ROOT] [RULE...]      all rules, or the ones named; ROOT defaults to the project

Rules stand in rules_source.py (what is in a file) and rules_build.py (what needs a compiler or the program).
Each has a planted violation in test_lint.py that it must catch.
"""

import pathlib
import sys

import rules_build
import rules_source
from tree import Tree

RULES = {**rules_source.RULES, **rules_build.RULES}


def main(arguments):
    root = pathlib.Path(__file__).resolve().parents[2]
    if arguments and arguments[0] not in RULES:
        root = pathlib.Path(arguments.pop(0)).resolve()
    tree = Tree(root)
    status = 0
    for name in arguments or RULES:
        findings, seen = RULES[name](tree)
        for finding in findings:
            print(f"{name}: {finding}")
        print(f"{'not ok' if findings else 'ok'} - {name}: {seen}, {len(findings)} findings", flush=True)
        status |= bool(findings)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
