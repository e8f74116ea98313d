"""/metrics: who may read it, that it is OpenMetrics, that it counts what happened, and that docs/grafana.json shows
nothing but what is there."""

import json
import re
import shutil
import subprocess

import pytest
from conftest import ROOT, authorization_of, end, serve

SAMPLE = re.compile(r'^([a-z_:]+)(?:\{(.*)\})? (-?[0-9.]+(?:e[+-]?\d+)?)$')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)')
ARTICLES = ROOT / "db/samples"


@pytest.fixture
def start(tmp_path):
    started = []

    def begin(*settings):
        started.append(serve(tmp_path, [ARTICLES], settings=settings))
        return started[-1]

    yield begin
    for one in started:
        end(one)


def read(server):
    """{(name, labels): value} of all samples, and {family: type}."""
    answer = server.ask("/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    return parse(answer.body.decode())


def parse(text):
    assert text.endswith("\n# EOF\n") and text.count("# EOF") == 1
    samples, types = {}, {}
    for line in text.splitlines()[:-1]:
        if line.startswith("# TYPE "):
            _, _, family, kind = line.split()
            assert family not in types, f"{family} stands in two places"
            types[family] = kind
            current = family
        elif line.startswith("# HELP "):
            assert line.split()[2] == current
        else:
            match = SAMPLE.match(line)
            assert match, line
            assert match[1].startswith(current), f"{line} is not of {current}"
            labels = tuple(sorted(LABEL.findall(match[2] or "")))
            assert (match[1], labels) not in samples, f"twice: {line}"
            samples[match[1], labels] = float(match[3])
    return samples, types


def value(samples, name, **labels):
    return samples.get((name, tuple(sorted(labels.items()))), 0)


@pytest.mark.parametrize("setting, nobody, someone", [("token", 401, 200), ("open", 200, 200), ("off", 404, 404)])
def test_who_may_read(tmp_path, start, setting, nobody, someone):
    server = start("--metrics", setting)
    assert server.ask("/metrics").status == nobody
    assert server.ask("/metrics", headers=authorization_of(tmp_path / "test.db")).status == someone


def test_default_needs_a_token(start):
    answer = start().ask("/metrics")
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="pilcrow"'


def test_counts_what_happened(start):
    server = start("--metrics", "open")
    before, _ = read(server)
    for _ in range(3):
        server.get("/v1/articles/1")  # the second and the third may be out of the answer cache
    etag = server.ask("/v1/articles/1").headers["ETag"]
    assert server.ask("/v1/articles/1", headers={"If-None-Match": etag}).status == 304
    assert server.ask("/v1/articles/1", "HEAD").status == 200
    assert server.ask("/v1/articles?limit=x").status == 400
    assert server.ask("/no/such/thing").status == 404
    after, types = read(server)

    def grown(name, **labels):
        return value(after, name, **labels) - value(before, name, **labels)

    article = {"method": "GET", "route": "/v1/articles/{article}"}
    assert grown("pilcrow_http_requests_total", code="200", **article) == 4
    assert grown("pilcrow_http_requests_total", code="304", **article) == 1
    assert grown("pilcrow_http_requests_total", code="200", method="HEAD", route=article["route"]) == 1
    assert grown("pilcrow_http_requests_total", code="400", method="GET", route="/v1/articles") == 1
    assert grown("pilcrow_http_requests_total", code="404", method="GET", route="none") == 1
    assert grown("pilcrow_problems_total", code="not_found") == 1
    assert grown("pilcrow_http_request_duration_seconds_count", **article) == 6
    assert grown("pilcrow_http_request_duration_seconds_bucket", le="+Inf", **article) == 6
    assert grown("pilcrow_http_response_body_bytes_total") > 1000
    assert grown("pilcrow_answer_cache_hits_total") >= 1
    assert value(after, "pilcrow_store_seq") == 12
    assert value(after, "pilcrow_database_bytes") > 4096
    assert value(after, "process_resident_memory_bytes") > 1 << 20
    assert 5 < value(after, "process_open_fds") < 200
    assert sum(amount for (name, _), amount in after.items() if name == "pilcrow_connections") == 1
    assert types["pilcrow_http_request_duration_seconds"] == "histogram"


def test_buckets_grow_and_end_with_the_count(start):
    server = start("--metrics", "open")
    for path in ["/v1/articles", "/v1/tags", "/healthz"]:
        server.get(path)
    samples, _ = read(server)
    name = "pilcrow_http_request_duration_seconds"
    rows = {}
    for (sample, labels), amount in samples.items():
        labels = dict(labels)
        if sample == name + "_bucket":
            rows.setdefault((labels["method"], labels["route"]), []).append((float(labels["le"]), amount))
    assert len(rows) >= 3
    for (method, route), buckets in rows.items():
        assert len(buckets) == 16 and buckets == sorted(buckets)
        assert [amount for _, amount in buckets] == sorted(amount for _, amount in buckets)
        assert buckets[-1][1] == value(samples, name + "_count", method=method, route=route)


def test_addresses_make_no_series(start):
    server = start("--metrics", "open")
    for number in range(50):
        server.ask(f"/v1/articles/{number}")
        server.ask_unchecked(f"/nothing/{number}")
        server.ask_unchecked("/", method=f"M{number}")
    first, _ = read(server)
    for number in range(50, 100):
        server.ask(f"/v1/articles/{number}")
        server.ask_unchecked(f"/nothing/{number}")
        server.ask_unchecked("/", method=f"M{number}")
    second, _ = read(server)
    new = {name for name in second.keys() - first.keys() if dict(name[1]).get("route") != "/metrics"}
    assert not new


def test_imports_are_counted(tmp_path, start):
    server = start("--metrics", "open")
    headers = {**authorization_of(tmp_path / "test.db"), "Content-Type": "application/x-ndjson"}
    body = b'{"title": "One", "paragraphs": ["a b"]}\n{"title": ""}\n'
    for path in ["/v1/import?dry_run=1", "/v1/import", "/v1/import"]:
        assert server.ask_unchecked(path, "POST", headers, body).status == 200
    samples, _ = read(server)
    counts = {outcome: value(samples, "pilcrow_import_items_total", outcome=outcome)
              for outcome in ["created", "updated", "unchanged"]}
    assert counts == {"created": 1, "updated": 0, "unchanged": 1}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool (Debian package prometheus) is not here")
def test_prometheus_reads_it(tmp_path, start):
    server = start("--metrics", "open")
    for path in ["/v1/articles/1", "/v1/articles", "/v1/search?q=ferry"]:
        server.get(path)
    server.ask("/no/such/thing")
    text = server.ask("/metrics").body.decode()
    # Its reader of OpenMetrics stands in the command that fills a database, which wants to know when.
    timed = "".join(line if line.startswith("#") else line.rstrip("\n") + " 1700000000.0\n"
                    for line in text.splitlines(keepends=True))
    (tmp_path / "m.txt").write_text(timed)
    done = subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", tmp_path / "m.txt", tmp_path / "tsdb"],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    # Its check of names and help texts knows the older format alone: counters by their whole name, no info.
    older = re.sub(r"^# (TYPE|HELP) (\S+) counter", r"# \1 \2_total counter", text, flags=re.M)
    for family in re.findall(r"^# TYPE (\S+) counter", text, re.M):
        older = older.replace(f"# HELP {family} ", f"# HELP {family}_total ")
    older = older.replace("# TYPE pilcrow_build info", "# TYPE pilcrow_build_info gauge")
    older = older.replace("# HELP pilcrow_build ", "# HELP pilcrow_build_info ").replace("# EOF\n", "")
    done = subprocess.run(["promtool", "check", "metrics"], input=older, capture_output=True, text=True, timeout=60,
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_dashboard_shows_what_is_there(start):
    server = start("--metrics", "open")
    server.get("/v1/articles/1")
    server.ask("/no/such/thing")
    samples, _ = read(server)
    known = {name for name, _ in samples}
    dashboard = json.loads((ROOT / "docs/grafana.json").read_text("utf-8"))
    asked = set()
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            names = set(re.findall(r"\b(?:pilcrow|process)_\w+", target["expr"]))
            assert names, panel["title"]
            asked |= names
    assert asked <= known, f"no such metric: {asked - known}"
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
    forgotten = {name for name in known if name.startswith("pilcrow_") and name.endswith("_total")} - asked
    assert not forgotten, "counters that no panel shows"
