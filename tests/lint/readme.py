#!/usr/bin/python3
"""README.md's tables are what the program says about itself: `pilcrow docs TABLE` between two marker lines.

    <!-- table: settings -->
    ...
    <!-- end -->

    readme.py --write PROGRAM README     writes them anew
"""

import pathlib
import re
import subprocess
import sys

BLOCK = re.compile(r"(<!-- table: (\w+) -->\n)(.*?)(<!-- end -->)", re.S)


def table_of(program, name):
    got = subprocess.run([program, "docs", name], capture_output=True, text=True, check=False)
    if got.returncode != 0 or not got.stdout.strip():
        raise ValueError(f"{program} docs {name}: status {got.returncode} {got.stderr.strip()}")
    return got.stdout.rstrip("\n") + "\n"


def check(program, path):
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    blocks = BLOCK.findall(text)
    findings = [] if blocks else [f"{path.name}: has no generated table"]
    for _, name, body, _ in blocks:
        try:
            if table_of(program, name).strip() != body.strip():
                findings.append(f"{path.name}: table `{name}` is not what the program says: make docs")
        except (OSError, ValueError) as error:
            findings.append(str(error))
    return findings, f"{len(blocks)} tables"


def write(program, path):
    text = path.read_text(encoding="utf-8")
    path.write_text(BLOCK.sub(lambda block: f"{block[1]}\n{table_of(program, block[2])}\n{block[4]}", text),
                    encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] != "--write":
        sys.exit(__doc__)
    write(sys.argv[2], pathlib.Path(sys.argv[3]))
