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
-- position. A freed slug may be taken and freed again: the newest deletion has it.
CREATE TABLE deletion (
    article_id INTEGER PRIMARY KEY,
    slug       TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    version    INTEGER NOT NULL,                       -- the last one that can be read
    seq        INTEGER NOT NULL,
    deleted_at INTEGER NOT NULL
) STRICT;
CREATE INDEX deletion_by_slug ON deletion (slug, seq);

-- A removed paragraph outlives its article, so that its address can still say so. Until version 2 a paragraph referred
-- to the article's row and would forbid that; SQLite drops a reference only with the table.
CREATE TABLE paragraph_kept (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id    INTEGER NOT NULL,                    -- of article or deletion
    position      INTEGER,                             -- 1-based; NULL when removed
    text          TEXT    NOT NULL,
    words         INTEGER NOT NULL,
    first_version INTEGER NOT NULL,                    -- of the article in which it appeared
    last_version  INTEGER NOT NULL,                    -- in which it last changed, moved or went; deletion.version + 1: with its article
    match         TEXT    NOT NULL CHECK (match IN ('new', 'exact', 'edited', 'moved', 'split', 'merged')),
    related_id    INTEGER                              -- split: where it comes from; removed by a merge: what holds its text now
) STRICT;
INSERT INTO paragraph_kept SELECT id, article_id, position, text, words, first_version, last_version, match, related_id
FROM paragraph ORDER BY id;
DROP TABLE paragraph;
ALTER TABLE paragraph_kept RENAME TO paragraph;
CREATE UNIQUE INDEX paragraph_by_place ON paragraph (article_id, position) WHERE position IS NOT NULL;
CREATE INDEX        paragraph_by_words ON paragraph (words, article_id, position) WHERE position IS NOT NULL;

-- The sections inside a section, which are renamed with it.
CREATE INDEX term_by_parent ON term (parent_id) WHERE parent_id IS NOT NULL;

-- Addresses that something had before. kind 0 = article, else as in term. An address that is made
-- from a title or name leaves these alone; one that is asked for by itself takes the row away.
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
    type    TEXT    NOT NULL,                          -- 'article'; 'author', 'section', 'tag': renamed, or merged away
    id      INTEGER NOT NULL,
    version INTEGER NOT NULL,                          -- of an article; else 0
    changed TEXT    NOT NULL,                          -- fields, comma between; places last: title,tags,paragraphs:3,4
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

-- Version 2 kept neither versions nor changes: up to this seq `change` has a row for each article
-- and not for each seq, which is all a reader needs, as nothing was ever deleted.
ALTER TABLE store ADD COLUMN history_seq INTEGER NOT NULL DEFAULT 0;
UPDATE store SET history_seq = seq;
