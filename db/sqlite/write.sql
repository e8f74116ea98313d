-- Statements of the one writer: what an import or an edit looks up and what it changes.

-- name: stored_article_by_identity (write)
SELECT id, version, content, published, paragraph_count, source, title, slug, identity, imported
FROM article WHERE identity = :identity ORDER BY id LIMIT 1;

-- A source has one article at a time: the last that came from it.
-- name: stored_article_by_source (write)
SELECT id, version, content, published, paragraph_count, source, title, slug, identity, imported
FROM article WHERE source = :source AND source <> '';

-- name: stored_article_by_imported (write)
SELECT id, version, content, published, paragraph_count, source, title, slug, identity, imported
FROM article WHERE imported = :imported AND imported <> '' ORDER BY id LIMIT 1;

-- name: stored_article_by_id (write)
SELECT id, version, content, published, paragraph_count, source, title, slug, identity, imported
FROM article WHERE id = :id;

-- name: stored_deletion (write)
SELECT version FROM deletion WHERE article_id = :id;

-- name: stored_deletion_by_imported (write)
SELECT article_id, version FROM deletion
WHERE imported = :imported AND imported <> '' ORDER BY article_id DESC LIMIT 1;

-- name: stored_article_slug (write)
SELECT id FROM article WHERE slug = :slug;

-- Also what an address that is made, and not asked for, leaves alone.
-- name: stored_article_slug_made (write)
SELECT id FROM article WHERE slug = :slug
UNION ALL SELECT target_id FROM old_slug WHERE kind = 0 AND slug = :slug;

-- name: stored_paragraphs
SELECT id, position, text FROM paragraph
WHERE article_id = :article_id AND position IS NOT NULL ORDER BY position;

-- name: stored_paragraph_gone (write)
SELECT text FROM paragraph WHERE id = :id AND article_id = :article_id AND position IS NULL;

-- name: stored_links
SELECT article_term.kind, article_term.name, term.key
FROM article_term JOIN term ON term.id = article_term.term_id
WHERE article_term.article_id = :article_id ORDER BY article_term.kind, article_term.position;

-- name: stored_term_by_key (write)
SELECT id FROM term WHERE kind = :kind AND key = :key;

-- name: stored_term_slug (write)
SELECT id FROM term WHERE kind = :kind AND slug = :slug
UNION ALL SELECT target_id FROM old_slug WHERE kind = :kind AND slug = :slug;

-- name: totals_add (write)
UPDATE store SET seq = seq + 1,
                 article_count = article_count + :articles,
                 paragraph_count = paragraph_count + :paragraphs
WHERE id = 1 RETURNING seq;

-- name: article_insert (write)
INSERT INTO article (slug, title, title_key, published, lead, paragraph_count, word_count, version,
                     seq, created_at, updated_at, identity, content, source, imported)
VALUES (:slug, :title, :title_key, :published, :lead, :paragraph_count, :word_count, 1,
        :seq, :now, :now, :identity, :content, :source, :imported)
RETURNING id;

-- What is empty of the last two leaves the old.
-- name: article_update (write)
UPDATE article
SET slug = :slug, title = :title, title_key = :title_key, published = :published, lead = :lead,
    paragraph_count = :paragraph_count, word_count = :word_count, version = :version, seq = :seq,
    updated_at = max(updated_at, :now), identity = :identity, content = :content,
    source = CASE :source WHEN '' THEN source ELSE :source END,
    imported = CASE :imported WHEN '' THEN imported ELSE :imported END
WHERE id = :id;

-- name: article_source_release (write)
UPDATE article SET source = '' WHERE source = :source AND source <> '' AND id <> :id;

-- No answer shows the source, so the article stays at its version and its seq.
-- name: article_source_set (write)
UPDATE article SET source = :source WHERE id = :id;

-- name: article_imported_set (write)
UPDATE article SET imported = :imported WHERE id = :id;

-- name: paragraph_insert (write)
INSERT INTO paragraph (article_id, position, text, words, first_version, last_version, match, related_id)
VALUES (:article_id, :position, :text, :words, :version, :version, :match, :related_id);

-- Out of the way, so that new positions never meet old ones.
-- name: paragraphs_lift (write)
UPDATE paragraph SET position = -position WHERE article_id = :article_id AND position IS NOT NULL;

-- name: paragraph_place (write)
UPDATE paragraph SET position = :position WHERE id = :id;

-- name: paragraph_change (write)
UPDATE paragraph
SET position = :position, text = :text, words = :words, last_version = :version, match = :match,
    related_id = NULL
WHERE id = :id;

-- name: paragraph_remove (write)
UPDATE paragraph SET position = NULL, last_version = :version, related_id = NULL WHERE id = :id;

-- name: paragraph_absorb (write)
UPDATE paragraph
SET position = NULL, last_version = :version, match = 'merged', related_id = :related_id
WHERE id = :id;

-- name: term_insert (write)
INSERT INTO term (kind, slug, name, key, parent_id, article_count)
VALUES (:kind, :slug, :name, :key, :parent_id, 0) RETURNING id;

-- A term that no other article carries is called as this one calls it: a spelling that was corrected
-- everywhere is gone.
-- name: term_count_add (write)
UPDATE term SET name = CASE article_count WHEN 0 THEN :name ELSE name END,
                article_count = article_count + 1
WHERE id = :id;

-- name: links_uncount (write)
UPDATE term SET article_count = article_count - 1
WHERE id IN (SELECT term_id FROM article_term WHERE article_id = :article_id);

-- name: links_delete (write)
DELETE FROM article_term WHERE article_id = :article_id;

-- name: link_insert (write)
INSERT INTO article_term (article_id, kind, position, term_id, name, published)
VALUES (:article_id, :kind, :position, :term_id, :name, :published);
