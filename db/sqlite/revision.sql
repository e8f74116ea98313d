-- Versions of articles. The present one is in the tables of articles, those before it are in the
-- tables of revisions; of a deleted article all are there. Each statement looks in both, so that a
-- version is read the same way before and after the next one.

-- The current version, or the last one and when it was deleted.
-- name: revision_place_by_id
SELECT id, version, NULL FROM article WHERE id = :id
UNION ALL
SELECT article_id, version, deleted_at FROM deletion WHERE article_id = :id;

-- Of several that were deleted under one slug the last one is meant.
-- name: revision_place_by_slug
SELECT id, version, NULL, 9223372036854775807 AS rank FROM article WHERE slug = :slug
UNION ALL
SELECT article_id, version, deleted_at, seq FROM deletion WHERE slug = :slug
ORDER BY rank DESC LIMIT 1;

-- The columns of article_by_id.
-- name: revision_by_version
SELECT id, slug, title, published, lead, paragraph_count, word_count, version, seq, created_at, updated_at
FROM article WHERE id = :article AND version = :version
UNION ALL
SELECT article_id, slug, title, published, lead, paragraph_count, word_count, version, seq, created_at,
    updated_at
FROM revision WHERE article_id = :article AND version = :version;

-- The columns of term_by_article.
-- name: revision_terms
SELECT a.kind AS kind, t.slug, a.name, a.position AS position
FROM article AS x JOIN article_term AS a ON a.article_id = x.id JOIN term AS t ON t.id = a.term_id
WHERE x.id = :article AND x.version = :version
UNION ALL
SELECT kind, slug, name, position FROM revision_term WHERE article_id = :article AND version = :version
ORDER BY kind, position;

-- The columns of paragraph_by_place, and more.
-- name: revision_paragraphs
SELECT p.id, p.position AS position, p.text, p.words, p.first_version, p.last_version, p.match, p.related_id
FROM article AS x JOIN paragraph AS p ON p.article_id = x.id
WHERE x.id = :article AND x.version = :version AND p.position IS NOT NULL
UNION ALL
SELECT id, position, text, words, first_version, last_version, match, related_id
FROM revision_paragraph WHERE article_id = :article AND version = :version
ORDER BY position;

-- name: revision_walk_down
SELECT version AS version, seq, updated_at, title, paragraph_count, word_count
FROM article WHERE id = :article AND version < :before
UNION ALL
SELECT version, seq, updated_at, title, paragraph_count, word_count
FROM revision WHERE article_id = :article AND version < :before
ORDER BY version DESC;

-- name: revision_walk_up
SELECT version AS version, seq, updated_at, title, paragraph_count, word_count
FROM article WHERE id = :article AND version > :after
UNION ALL
SELECT version, seq, updated_at, title, paragraph_count, word_count
FROM revision WHERE article_id = :article AND version > :after
ORDER BY version;

-- name: revision_count
SELECT count(*) FROM revision WHERE article_id = :article;

-- Instants rise with versions.
-- name: revision_version_at
SELECT version AS version FROM article WHERE id = :article AND updated_at <= :instant
UNION ALL
SELECT version FROM revision WHERE article_id = :article AND updated_at <= :instant
ORDER BY version DESC LIMIT 1;

-- What a paragraph was in the versions before the present one.
-- name: revision_paragraph_texts
SELECT version, position, text, words FROM revision_paragraph
WHERE article_id = :article AND id = :id ORDER BY version;

-- name: revision_written_at
SELECT updated_at FROM revision WHERE article_id = :article AND version = :version;
