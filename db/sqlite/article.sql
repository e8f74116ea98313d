-- name: store_totals
SELECT seq, article_count, paragraph_count FROM store WHERE id = 1;

-- name: store_data_version
PRAGMA data_version;

-- name: store_birth
SELECT birth FROM store WHERE id = 1;

-- name: store_origin
SELECT origin FROM store WHERE id = 1;

-- name: article_version_by_id
SELECT version, id, updated_at FROM article WHERE id = :id;

-- name: article_version_by_slug
SELECT version, id, updated_at FROM article WHERE slug = :slug;

-- name: article_by_id
SELECT id, slug, title, published, lead, paragraph_count, word_count, version, seq, created_at, updated_at
FROM article WHERE id = :id;

-- name: article_by_slug
SELECT id, slug, title, published, lead, paragraph_count, word_count, version, seq, created_at, updated_at
FROM article WHERE slug = :slug;

-- name: article_newest_id
SELECT max(id) FROM article;

-- name: article_ids
SELECT id FROM article WHERE id > :after ORDER BY id;

-- Neighbours in the order of slugs: what a misspelt one was probably meant to be.
-- name: article_slug_up
SELECT slug FROM article WHERE slug >= :slug ORDER BY slug LIMIT :limit;

-- name: article_slug_down
SELECT slug FROM article WHERE slug < :slug ORDER BY slug DESC LIMIT :limit;

-- name: article_keys_by_id
SELECT published, title_key, updated_at, word_count, paragraph_count FROM article WHERE id = :id;

-- Walks give (id, key) in the order of one index, beginning behind a place in it.
-- name: article_walk_published_up
SELECT id, published FROM article
WHERE (published, id) > (:key, :id) AND published <= :last ORDER BY published, id;

-- name: article_walk_published_down
SELECT id, published FROM article
WHERE (published, id) < (:key, :id) AND published >= :first ORDER BY published DESC, id DESC;

-- name: article_walk_title_up
SELECT id, title_key FROM article WHERE (title_key, id) > (:key, :id) ORDER BY title_key, id;

-- name: article_walk_title_down
SELECT id, title_key FROM article WHERE (title_key, id) < (:key, :id) ORDER BY title_key DESC, id DESC;

-- name: article_walk_updated_up
SELECT id, updated_at FROM article WHERE (updated_at, id) > (:key, :id) ORDER BY updated_at, id;

-- name: article_walk_updated_down
SELECT id, updated_at FROM article WHERE (updated_at, id) < (:key, :id) ORDER BY updated_at DESC, id DESC;

-- name: article_walk_words_up
SELECT id, word_count FROM article WHERE (word_count, id) > (:key, :id) ORDER BY word_count, id;

-- name: article_walk_words_down
SELECT id, word_count FROM article WHERE (word_count, id) < (:key, :id) ORDER BY word_count DESC, id DESC;

-- name: article_walk_term_up
SELECT article_id, published FROM article_term
WHERE term_id = :term AND (published, article_id) > (:key, :id) AND published <= :last
ORDER BY published, article_id;

-- name: article_walk_term_down
SELECT article_id, published FROM article_term
WHERE term_id = :term AND (published, article_id) < (:key, :id) AND published >= :first
ORDER BY published DESC, article_id DESC;

-- Sets of ids, for filters that are combined; the order does not matter.
-- name: article_ids_by_date
SELECT id FROM article WHERE published BETWEEN :first AND :last;

-- name: article_ids_by_term
SELECT article_id FROM article_term WHERE term_id = :term AND published BETWEEN :first AND :last;

-- name: article_ids_since_seq
SELECT id FROM article WHERE seq > :seq;

-- name: article_ids_since_instant
SELECT id FROM article WHERE updated_at >= :instant;

-- name: article_count_by_date
SELECT count(*) FROM article WHERE published BETWEEN :first AND :last;

-- name: article_count_by_term
SELECT count(*) FROM article_term WHERE term_id = :term AND published BETWEEN :first AND :last;
