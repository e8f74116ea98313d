-- name: term_by_article
SELECT t.kind, t.slug, a.name, t.id, t.article_count
FROM article_term AS a JOIN term AS t ON t.id = a.term_id
WHERE a.article_id = :article ORDER BY a.kind, a.position;

-- name: term_by_slug
SELECT id, slug, name, article_count, parent_id FROM term WHERE kind = :kind AND slug = :slug;

-- name: term_by_id
SELECT id, slug, name, article_count, parent_id FROM term WHERE id = :id;

-- name: term_slug_up
SELECT slug FROM term WHERE kind = :kind AND slug >= :slug ORDER BY slug LIMIT :limit;

-- name: term_slug_down
SELECT slug FROM term WHERE kind = :kind AND slug < :slug ORDER BY slug DESC LIMIT :limit;

-- A term that no article carries any more keeps its row and its slug, but is not shown.
-- name: term_count
SELECT count(*) FROM term WHERE kind = :kind AND article_count > 0;

-- name: term_count_by_key
SELECT count(*) FROM term WHERE kind = :kind AND key BETWEEN :first AND :last AND article_count > 0;

-- name: term_walk_name_from
SELECT id, key, article_count FROM term
WHERE kind = :kind AND key >= :first AND key <= :last AND article_count > 0 ORDER BY key;

-- name: term_walk_name_up
SELECT id, key, article_count FROM term
WHERE kind = :kind AND key > :key AND key <= :last AND article_count > 0 ORDER BY key;

-- name: term_walk_name_down
SELECT id, key, article_count FROM term
WHERE kind = :kind AND key < :key AND key >= :first AND article_count > 0 ORDER BY key DESC;

-- name: term_walk_count_up
SELECT id, key, article_count FROM term
WHERE kind = :kind AND (article_count, id) > (:count, :id) AND key BETWEEN :first AND :last
ORDER BY article_count, id;

-- name: term_walk_count_down
SELECT id, key, article_count FROM term
WHERE kind = :kind AND (article_count, id) < (:count, :id) AND article_count > 0
    AND key BETWEEN :first AND :last
ORDER BY article_count DESC, id DESC;

-- What `related` is made of: the newest articles of a term, and what else they carry.
-- name: term_newest_articles
SELECT article_id FROM article_term WHERE term_id = :term
ORDER BY published DESC, article_id DESC LIMIT :limit;

-- When the newest article of a term was written last.
-- name: term_newest_update
SELECT a.updated_at FROM article_term AS t JOIN article AS a ON a.id = t.article_id WHERE t.term_id = :term
ORDER BY t.published DESC, t.article_id DESC LIMIT 1;

-- name: term_ids_by_article
SELECT term_id FROM article_term WHERE article_id = :article AND kind = :kind;
