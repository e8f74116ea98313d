"""Many articles in one request."""

import http.client
import json
import subprocess

from conftest import ENVIRONMENT, PROGRAM

NDJSON = {"Content-Type": "application/x-ndjson"}
TEXT = {"Content-Type": "text/plain; charset=utf-8"}


def post(server, body, query="", headers=NDJSON):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    try:
        connection.request("POST", "/v1/import" + query, body=body,
                           headers={**headers, **server.authorization})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def imported(server, body, query="", headers=NDJSON):
    status, fields, answer = post(server, body, query, headers)
    assert status == 200, answer
    assert fields["Content-Type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.splitlines()]
    return lines[:-1], lines[-1]["summary"]


def article(title, *paragraphs, **more):
    return {"title": title, "authors": ["Ada Wren"], "published": "2020-02-03",
            "paragraphs": list(paragraphs) or ["Only one."], **more}


def lines_of(*articles):
    return b"".join((json.dumps(a, ensure_ascii=False) + "\n").encode() for a in articles)


def export_of(server):
    answer = server.ask("/v1/export.ndjson")
    assert answer.status == 200
    return answer, [json.loads(line) for line in answer.body.splitlines()]


def is_sound(db):
    done = subprocess.run([PROGRAM, "check", "--db", str(db)], capture_output=True, text=True,
                          env=ENVIRONMENT, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
