#!/usr/bin/python3
"""Runs one suite of checks, shows its output as it comes, and counts what it says it did.

    tally.py run FILE SUITE COMMAND...   runs, appends `SUITE passed failed skipped seconds` to FILE
    tally.py sum FILE                    prints the table and the closing line `N passed, N failed`

Three kinds of output are understood, each by its own closing or result lines: cmocka, pytest, and plain
`ok - what` / `not ok - what` lines. A suite that ends with an error but names no failed check counts as one
failure; a suite that reports no check at all failed too, because a test that did not run proves nothing.
"""

import re
import subprocess
import sys
import time

CMOCKA = re.compile(r"\[\s+(PASSED|FAILED|SKIPPED)\s+\] (\d+) test\(s\)")
PYTEST = re.compile(r"^=*\s*(?:\d+ \w+(?:, )?)+ in [\d.]+s(?: \([\d:]+\))?\s*=*$")
PYTEST_PART = re.compile(r"(\d+) (passed|failed|error|errors|skipped|xfailed|xpassed)\b")
PLAIN = re.compile(r"^(ok|not ok)\b(.*)")

WORDS = {
    "PASSED": "passed", "FAILED": "failed", "SKIPPED": "skipped",
    "passed": "passed", "xfailed": "passed", "skipped": "skipped",
    "failed": "failed", "error": "failed", "errors": "failed", "xpassed": "failed",
}


def count_line(line, counts):
    line = re.sub(r"\x1b\[[\d;]*m", "", line).rstrip("\n")
    match = CMOCKA.search(line)
    if match:
        counts[WORDS[match.group(1)]] += int(match.group(2))
        return
    if PYTEST.match(line):
        for number, word in PYTEST_PART.findall(line):
            counts[WORDS[word]] += int(number)
        return
    match = PLAIN.match(line)
    if match:
        skipped = match.group(1) == "ok" and "# skip" in match.group(2).lower()
        counts["skipped" if skipped else "passed" if match.group(1) == "ok" else "failed"] += 1


def run(path, suite, command):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    print(f"== {suite}", flush=True)
    began = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, errors="replace")
    for line in process.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        count_line(line, counts)
    status = process.wait()
    if status != 0 and counts["failed"] == 0:
        print(f"{suite}: ended with status {status} and named no failed check: counted as one failure")
        counts["failed"] = 1
    if sum(counts.values()) == 0:
        print(f"{suite}: reported no check: counted as one failure")
        counts["failed"] = 1
    with open(path, "a", encoding="utf-8") as out:
        out.write(f"{suite} {counts['passed']} {counts['failed']} {counts['skipped']} "
                  f"{time.monotonic() - began:.1f}\n")
    return 1 if counts["failed"] or status else 0


def summary(path):
    try:
        with open(path, encoding="utf-8") as lines:
            rows = [line.split() for line in lines]
    except FileNotFoundError:
        rows = []
    print(f"{'suite':24} {'passed':>7} {'failed':>7} {'skipped':>8} {'seconds':>8}")
    for suite, passed, failed, skipped, seconds in rows:
        print(f"{suite:24} {passed:>7} {failed:>7} {skipped:>8} {seconds:>8}")
    passed = sum(int(row[1]) for row in rows)
    failed = sum(int(row[2]) for row in rows)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or passed == 0 else 0


def main(arguments):
    if len(arguments) >= 4 and arguments[0] == "run":
        return run(arguments[1], arguments[2], arguments[3:])
    if len(arguments) == 2 and arguments[0] == "sum":
        return summary(arguments[1])
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
