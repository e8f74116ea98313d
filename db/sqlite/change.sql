-- The feed of changes.

-- name: change_oldest
SELECT oldest_seq FROM store WHERE id = 1;

-- name: change_since
SELECT seq, op, type, id, version, changed, at FROM change WHERE seq > :since ORDER BY seq;

-- name: change_by_seq
SELECT op, changed FROM change WHERE seq = :seq;

-- name: change_newest_of
SELECT max(seq) FROM change WHERE type = :type AND id = :id;

-- name: change_times
SELECT at FROM change WHERE seq <= :seq ORDER BY seq DESC LIMIT 2;
