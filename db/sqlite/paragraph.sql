-- name: paragraph_by_place
SELECT id, position, text, words, first_version, last_version FROM paragraph
WHERE article_id = :article AND position BETWEEN :first AND :last ORDER BY position;

-- name: paragraph_by_id
SELECT id, position, text, words, first_version, last_version, article_id, match, related_id
FROM paragraph WHERE id = :id;

-- Those that are gone are no good advice.
-- name: paragraph_newest_id
SELECT id FROM paragraph WHERE id > 0 AND position IS NOT NULL ORDER BY id DESC LIMIT 1;

-- name: paragraph_places_up
SELECT position FROM paragraph
WHERE article_id = :article AND position > :after AND words >= :min_words ORDER BY position;

-- name: paragraph_places_down
SELECT position FROM paragraph
WHERE article_id = :article AND position < :before AND words >= :min_words ORDER BY position DESC;
