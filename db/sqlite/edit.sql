-- Statements of the one writer that keep what was there before: versions, changes, old addresses.

-- Before an article changes, it is copied as it is.
-- name: revision_keep (write)
INSERT INTO revision (article_id, version, seq, slug, title, published, lead, paragraph_count,
                      word_count, created_at, updated_at)
SELECT id, version, seq, slug, title, published, lead, paragraph_count, word_count, created_at,
       updated_at
FROM article WHERE id = :article_id;

-- name: revision_term_keep (write)
INSERT INTO revision_term (article_id, version, kind, position, slug, name)
SELECT article.id, article.version, article_term.kind, article_term.position, term.slug,
       article_term.name
FROM article JOIN article_term ON article_term.article_id = article.id
             JOIN term ON term.id = article_term.term_id
WHERE article.id = :article_id;

-- name: revision_paragraph_keep (write)
INSERT INTO revision_paragraph (article_id, version, position, id, text, words, first_version,
                                last_version, match, related_id)
SELECT article.id, article.version, paragraph.position, paragraph.id, paragraph.text,
       paragraph.words, paragraph.first_version, paragraph.last_version, paragraph.match,
       paragraph.related_id
FROM article JOIN paragraph ON paragraph.article_id = article.id AND paragraph.position IS NOT NULL
WHERE article.id = :article_id;

-- name: change_insert (write)
INSERT INTO change (seq, op, type, id, version, changed, at)
VALUES (:seq, :op, :type, :id, :version, :changed, :at);

-- name: old_slug_put (write)
INSERT INTO old_slug (kind, slug, target_id) VALUES (:kind, :slug, :target_id);

-- name: old_slug_claim (write)
DELETE FROM old_slug WHERE kind = :kind AND slug = :slug;

-- name: deletion_insert (write)
INSERT INTO deletion (article_id, slug, title, version, seq, deleted_at, imported)
SELECT id, slug, title, version, :seq, :now, imported FROM article WHERE id = :article_id;

-- They were in the last version, and go after it.
-- name: paragraphs_remove (write)
UPDATE paragraph
SET position = NULL, related_id = NULL,
    last_version = (SELECT version + 1 FROM article WHERE id = :article_id)
WHERE article_id = :article_id AND position IS NOT NULL;

-- name: article_delete (write)
DELETE FROM article WHERE id = :article_id;

-- Keeping so many, and taking at most so many away at once.
-- name: change_oldest_set (write)
UPDATE store SET oldest_seq = min(seq - :keep + 1, max(oldest_seq, history_seq) + :most)
WHERE id = 1 AND oldest_seq < seq - :keep + 1;

-- name: change_purge (write)
DELETE FROM change WHERE seq < (SELECT oldest_seq FROM store WHERE id = 1);

-- Tags that were given until now fit no more.
-- name: store_birth_renew (write)
UPDATE store SET birth = random() WHERE id = 1;

-- name: stored_revision (write)
SELECT title, published, paragraph_count FROM revision
WHERE article_id = :article_id AND version = :version;

-- name: stored_revision_links (write)
SELECT kind, name FROM revision_term
WHERE article_id = :article_id AND version = :version ORDER BY kind, position;

-- name: stored_revision_paragraphs (write)
SELECT id, position, text FROM revision_paragraph
WHERE article_id = :article_id AND version = :version ORDER BY position;

-- name: stored_term (write)
SELECT slug, name, key, parent_id, article_count FROM term WHERE id = :id AND kind = :kind;

-- name: stored_term_inner (write)
SELECT id FROM term WHERE parent_id = :id;

-- name: stored_term_articles (write)
SELECT article_id FROM article_term WHERE term_id = :term_id;

-- name: term_update (write)
UPDATE term SET slug = :slug, name = :name, key = :key WHERE id = :id;

-- name: term_delete (write)
DELETE FROM term WHERE id = :id;

-- name: old_slug_move (write)
UPDATE old_slug SET target_id = :into WHERE kind = :kind AND target_id = :from;

-- The first kind of terms from this one on that have old names. Mostly there is none.
-- name: old_key_kind (write)
SELECT kind FROM old_key WHERE kind >= :kind ORDER BY kind LIMIT 1;

-- name: old_key_target (write)
SELECT term.id, term.name FROM old_key JOIN term ON term.id = old_key.target_id
WHERE old_key.kind = :kind AND old_key.key = :key;

-- name: old_key_put (write)
INSERT INTO old_key (kind, key, target_id) VALUES (:kind, :key, :target_id);

-- name: old_key_claim (write)
DELETE FROM old_key WHERE kind = :kind AND key = :key;

-- name: old_key_move (write)
UPDATE old_key SET target_id = :into WHERE target_id = :from;
