"""Real articles come out of the parser as they should.

../shared/corpus holds sets of articles, each with truth.ndjson; ../shared/seeds one more. Both are
looked for beside the project and are not part of it: without them these tests are skipped.
"""

import json
import os
import pathlib
import subprocess
import tarfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
ARCHIVES = sorted(SHARED.glob("corpus/*.tar.xz"))
SEED = SHARED / "seeds" / "000_a23d22c2b7f6ea73.txt"
DUMP = os.environ.get("ARTICLE_DUMP", str(ROOT / "build" / "release" / "article_dump"))


def parse(folder, names):
    output = subprocess.run(
        [DUMP, *names], cwd=folder, check=True, capture_output=True, timeout=300
    ).stdout
    return [json.loads(line) for line in output.decode("utf-8").split("\n") if line]


def differences(got, truth):
    if "problem" in got:
        return [f"{got['file']}:{got['line']}:{got['column']}: {got['detail']}"]
    expected = {name: truth[name] for name in ("title", "authors", "date", "tags", "paragraphs")}
    expected["section"] = truth["section"].split(" / ") if truth["section"] else []
    expected["stable"] = True
    return [
        f"{got['file']}: {name}: {got[name]!r}, not {value!r}"
        for name, value in expected.items()
        if got[name] != value
    ]


@pytest.mark.skipif(not ARCHIVES, reason="../shared/corpus is not there")
@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.name.split(".")[0])
def test_corpus_is_what_its_truth_says(archive, tmp_path):
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path)
    (truth_path,) = tmp_path.rglob("truth.ndjson")
    lines = truth_path.read_text(encoding="utf-8").split("\n")
    truths = [json.loads(line) for line in lines if line]
    folder = truth_path.parent
    assert len(truths) == len(list(folder.glob("*.txt"))) > 0
    articles = parse(folder, [truth["file"] for truth in truths])
    assert len(articles) == len(truths)
    found = [line for got, truth in zip(articles, truths) for line in differences(got, truth)]
    assert found == [], f"{len(found)} differences"


@pytest.mark.skipif(not ARCHIVES, reason="../shared/corpus is not there")
def test_corpus_has_not_shrunk(tmp_path):
    count = 0
    for archive in ARCHIVES:
        with tarfile.open(archive) as tar:
            count += sum(name.endswith(".txt") for name in tar.getnames())
    assert count >= 2317


@pytest.mark.skipif(not SEED.exists(), reason="../shared/seeds is not there")
def test_seed():
    (got,) = parse(SEED.parent, [SEED.name])
    paragraphs = got.pop("paragraphs")
    assert got == {
        "file": SEED.name,
        "title": "Russian Foreign Minister Visits Pyongyang to Spur Peace Process",
        "authors": ["Alex GORKA"],
        "date": "2018-06-03",
        "section": ["WORLD", "Asia Pacific"],
        "tags": ["North Korea", "Lavrov"],
        "stable": True,
    }
    assert len(paragraphs) == 9
    assert "done its best\u00a0to spoil\u00a0things" in paragraphs[0]
    assert paragraphs[8].endswith("indispensable part of the process.")
