-- Version 3: every version of every article, deletions, old addresses, the feed of changes, and the
-- answers to requests that may be repeated.
--
-- The present version of an article lives in the tables of version 1 alone; before it changes, it is
-- copied here as it is. So an article that was never edited costs nothing.

CREATE TABLE revision (
    article_id      INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    slug            TEXT    NOT NULL,
    title           TEXT    NOT NULL,
    published       TEXT    NOT NULL,
    lead            TEXT    NOT NULL,
    paragraph_count INTEGER NOT NULL,
    word_count      INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,                  -- of the article
    updated_at      INTEGER NOT NULL,                  -- when this version was written
    PRIMARY KEY (article_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE revision_term (
    article_id INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    kind       INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    slug       TEXT    NOT NULL,                       -- as it was then
    name       TEXT    NOT NULL,
    PRIMARY KEY (article_id, version, kind, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE revision_paragraph (
    article_id    INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    position      INTEGER NOT NULL,
    id            INTEGER NOT NULL,
    text          TEXT    NOT NULL,
    words         INTEGER NOT NULL,
    first_version INTEGER NOT NULL,
    last_version  INTEGER NOT NULL,
    match         TEXT    NOT NULL,
    related_id    INTEGER,
    PRIMARY KEY (article_id, version, position)
) STRICT, WITHOUT ROWID;

-- What is left of a deleted article beside its revisions. Its paragraphs keep their rows, without a
-- position.
CREATE TABLE deletion (
    article_id INTEGER PRIMARY KEY,
    slug       TEXT    NOT NULL UNIQUE,
    title      TEXT    NOT NULL,
    version    INTEGER NOT NULL,                       -- the last one that can be read
    seq        INTEGER NOT NULL,
    deleted_at INTEGER NOT NULL
) STRICT;

-- Addresses that something had before. kind 0 = article, else as in term.
CREATE TABLE old_slug (
    kind      INTEGER NOT NULL,
    slug      TEXT    NOT NULL,
    target_id INTEGER NOT NULL,
    PRIMARY KEY (kind, slug)
) STRICT, WITHOUT ROWID;

-- One row for each seq: the truth about what changed.
CREATE TABLE change (
    seq     INTEGER PRIMARY KEY,
    op      TEXT    NOT NULL CHECK (op IN ('create', 'update', 'delete')),
    type    TEXT    NOT NULL,                          -- 'article'
    id      INTEGER NOT NULL,
    version INTEGER NOT NULL,
    changed TEXT    NOT NULL,                          -- names of fields, comma between: title,paragraphs:3
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX change_by_id ON change (type, id, seq);

-- What is there already appears as created, in the order of its last change.
INSERT INTO change SELECT seq, 'create', 'article', id, version, '', updated_at FROM article;

-- The answer to a request with an Idempotency-Key, written with its effect.
CREATE TABLE idempotency (
    token_id INTEGER NOT NULL,
    key      TEXT    NOT NULL,
    request  TEXT    NOT NULL,                         -- hash of method, target and body
    status   INTEGER NOT NULL,
    location TEXT    NOT NULL,
    etag     TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (token_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (at);

-- The oldest change that is kept; older ones can no longer be asked for.
ALTER TABLE store ADD COLUMN oldest_seq INTEGER NOT NULL DEFAULT 0;
