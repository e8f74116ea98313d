-- name: store_totals
SELECT seq, article_count, paragraph_count FROM store WHERE id = 1;

-- name: article_version_by_id
SELECT version, id FROM article WHERE id = :id;

-- name: article_version_by_slug
SELECT version, id FROM article WHERE slug = :slug;
