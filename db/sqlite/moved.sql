-- Where something is that is not at the address that was asked for.

-- name: old_slug_target
SELECT target_id FROM old_slug WHERE kind = :kind AND slug = :slug;

-- name: deletion_by_id
SELECT article_id, slug, title, version, deleted_at FROM deletion WHERE article_id = :id;

-- name: deletion_by_slug
SELECT article_id, slug, title, version, deleted_at FROM deletion WHERE slug = :slug
ORDER BY seq DESC LIMIT 1;
