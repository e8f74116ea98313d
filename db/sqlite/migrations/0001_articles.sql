-- Version 1: articles, their paragraphs, and the terms (authors, sections, tags) they carry.
--
-- Everything that is shown with a list is stored where the list reads it: counts are kept by the
-- writer in the same transaction, so that no answer has to count.

-- One row: the number of the last committed write, and the totals.
CREATE TABLE store (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    seq             INTEGER NOT NULL,
    article_count   INTEGER NOT NULL,
    paragraph_count INTEGER NOT NULL
) STRICT;
INSERT INTO store VALUES (1, 0, 0, 0);

CREATE TABLE article (
    id              INTEGER PRIMARY KEY AUTOINCREMENT, -- an id is never given twice
    slug            TEXT    NOT NULL UNIQUE,           -- keeps its value when the title changes
    title           TEXT    NOT NULL,
    title_key       TEXT    NOT NULL,                  -- what titles sort by
    published       TEXT    NOT NULL,                  -- YYYY-MM-DD; '' when unknown
    lead            TEXT    NOT NULL,                  -- the first paragraph, cut after about 500 characters
    paragraph_count INTEGER NOT NULL,
    word_count      INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    seq             INTEGER NOT NULL,                  -- of the write that made this version
    created_at      INTEGER NOT NULL,                  -- seconds since 1970
    updated_at      INTEGER NOT NULL,
    identity        TEXT    NOT NULL,                  -- hash of title, authors and date
    content         TEXT    NOT NULL,                  -- hash of everything the author wrote
    source          TEXT    NOT NULL                   -- where it was imported from; '' when unknown
) STRICT;
CREATE INDEX article_by_published ON article (published, id);
CREATE INDEX article_by_title     ON article (title_key, id);
CREATE INDEX article_by_words     ON article (word_count, id);
CREATE INDEX article_by_seq       ON article (seq, id);
CREATE INDEX article_by_updated   ON article (updated_at, id);
CREATE INDEX article_by_identity  ON article (identity);
CREATE INDEX article_by_source    ON article (source) WHERE source <> '';

-- A paragraph keeps its id while its article is edited. One that is gone stays, without a position,
-- so that its address can say so.
CREATE TABLE paragraph (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id    INTEGER NOT NULL REFERENCES article (id),
    position      INTEGER,                             -- 1-based; NULL when removed
    text          TEXT    NOT NULL,
    words         INTEGER NOT NULL,
    first_version INTEGER NOT NULL,                    -- of the article in which it appeared
    last_version  INTEGER NOT NULL,                    -- in which it last changed, moved or went
    match         TEXT    NOT NULL CHECK (match IN ('new', 'exact', 'edited', 'moved', 'split', 'merged')),
    related_id    INTEGER                              -- split: where it comes from; removed by a merge: what holds its text now
) STRICT;
CREATE UNIQUE INDEX paragraph_by_place ON paragraph (article_id, position) WHERE position IS NOT NULL;
CREATE INDEX        paragraph_by_words ON paragraph (words, article_id, position) WHERE position IS NOT NULL;

-- Authors, sections and tags have the same shape: a name with an address that articles carry.
CREATE TABLE term (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    kind          INTEGER NOT NULL CHECK (kind IN (1, 2, 3)), -- author, section, tag
    slug          TEXT    NOT NULL,
    name          TEXT    NOT NULL,                    -- as the first of those that carry it wrote it
    key           TEXT    NOT NULL,                    -- in which spellings are equal; a section's is its whole path
    parent_id     INTEGER REFERENCES term (id),        -- of a section inside another
    article_count INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX term_by_slug  ON term (kind, slug);
CREATE UNIQUE INDEX term_by_key   ON term (kind, key);
CREATE INDEX        term_by_count ON term (kind, article_count, id);

-- An article carries each section of its path: its own and those around it, outermost first.
CREATE TABLE article_term (
    article_id INTEGER NOT NULL REFERENCES article (id),
    kind       INTEGER NOT NULL,
    position   INTEGER NOT NULL,                       -- 1-based
    term_id    INTEGER NOT NULL REFERENCES term (id),
    name       TEXT    NOT NULL,                       -- as this article writes it
    published  TEXT    NOT NULL,                       -- the article's, so that a term's list is one index
    PRIMARY KEY (article_id, kind, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX article_term_by_term ON article_term (term_id, published, article_id);
