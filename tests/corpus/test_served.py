"""The whole corpus through the program: imported, imported again, and read back over HTTP as its truth says."""

import json
import os
import pathlib
import re
import subprocess
import tarfile
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("PILCROW", str(ROOT / "build" / "release" / "pilcrow"))
CORPUS = ROOT.parent / "shared" / "corpus"
SETS = ["digitalgov", "f18"]


def environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("PILCROW_")}


def run(folder, *arguments):
    got = subprocess.run([PROGRAM, *arguments], cwd=folder, env=environment(), capture_output=True, text=True,
                         timeout=300, check=False)
    return got.returncode, got.stdout, got.stderr


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """(folder with the texts, list of truths)"""
    folder = tmp_path_factory.mktemp("corpus")
    truths = []
    for name in SETS:
        archive = CORPUS / f"{name}.tar.xz"
        if not archive.exists():
            pytest.skip("../shared/corpus is not there")
        with tarfile.open(archive) as tar:
            tar.extractall(folder / "texts")
        with open(folder / "texts" / name / "truth.ndjson", encoding="utf-8") as file:
            truths += [json.loads(line) for line in file]
    return folder, truths


@pytest.fixture(scope="module")
def imported(corpus):
    folder, truths = corpus
    return folder, truths, run(folder, "import", "texts")


@pytest.fixture(scope="module")
def url(imported):
    folder = imported[0]
    process = subprocess.Popen([PROGRAM, "serve", "--listen", "127.0.0.1:0", "--access-log", "off"], cwd=folder,
                               env=environment(), stdout=subprocess.PIPE, text=True)
    found = re.match(r"ready url=(\S+)", process.stdout.readline())
    yield found and found[1]
    process.terminate()
    assert process.wait(timeout=60) == 0


def as_truth(article):
    section = article["section"]
    return {"title": article["title"], "authors": [author["name"] for author in article["authors"]],
            "date": article["published"], "section": " / ".join(step["name"] for step in section["path"]) if section else "",
            "tags": [tag["name"] for tag in article["tags"]],
            "paragraphs": [paragraph["text"] for paragraph in article["paragraphs"]]}


def of_truth(truth):
    return {"title": truth["title"], "authors": truth["authors"], "date": truth["date"],
            "section": truth["section"] or "", "tags": truth["tags"], "paragraphs": truth["paragraphs"]}


def get(url, path):
    with urllib.request.urlopen(url + path, timeout=60) as answer:
        return json.load(answer)


def key(article):
    return json.dumps(article, sort_keys=True)


def test_everything_is_created(imported):
    status, out, err = imported[2]
    assert len(imported[1]) == 2317
    assert (status, out.split(" (")[0]) == (0, "created 2317, updated 0, unchanged 0, refused 0"), err


def test_every_article_comes_back_as_its_truth(imported, url):
    path, served = "/v1/articles?include=paragraphs&limit=1000", []
    while path:
        page = get(url, path)
        served += [as_truth(article) for article in page["data"]]
        following = page["links"].get("next")
        path = re.sub(r"^https?://[^/]+", "", following) if following else None
        assert len(served) <= len(imported[1])
    expected = [of_truth(truth) for truth in imported[1]]
    assert len(served) == len(expected)
    differences = {key(article) for article in served} ^ {key(article) for article in expected}
    assert not differences, sorted(differences)[:2]


def test_one_article_by_its_address(imported, url):
    first = get(url, "/v1/articles/1")
    assert key(as_truth(first)) in {key(of_truth(truth)) for truth in imported[1]}
    assert get(url, f"/v1/articles/{first['slug']}") == first


def test_second_import_changes_nothing(corpus, imported):
    copy = corpus[0] / "again"
    copy.mkdir()
    (copy / "pilcrow.db").write_bytes((corpus[0] / "pilcrow.db").read_bytes())
    status, out, err = run(copy, "import", "../texts")
    assert (status, out.split(" (")[0]) == (0, "created 0, updated 0, unchanged 2317, refused 0"), err


def test_printed_text_is_the_same_article_again(corpus, imported, url, tmp_path):
    for number in range(1, 2317, 97):
        with urllib.request.urlopen(f"{url}/v1/articles/{number}.txt", timeout=60) as answer:
            (tmp_path / f"{number}.txt").write_bytes(answer.read())
    (tmp_path / "pilcrow.db").write_bytes((corpus[0] / "pilcrow.db").read_bytes())
    status, out, err = run(tmp_path, "import", ".")
    assert (status, out.split(" (")[0]) == (0, "created 0, updated 0, unchanged 24, refused 0"), err
