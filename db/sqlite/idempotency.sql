-- Answers that are kept for requests that may be repeated.

-- name: idempotency_find (write)
SELECT request, status, location, etag, body FROM idempotency
WHERE token_id = :token_id AND key = :key AND at >= :oldest;

-- name: idempotency_put (write)
INSERT INTO idempotency (token_id, key, request, status, location, etag, body, at)
VALUES (:token_id, :key, :request, :status, :location, :etag, :body, :at)
ON CONFLICT (token_id, key) DO UPDATE
SET request = excluded.request, status = excluded.status, location = excluded.location,
    etag = excluded.etag, body = excluded.body, at = excluded.at;

-- A few at a time, oldest first, so that no write has to wait for many.
-- name: idempotency_purge (write)
DELETE FROM idempotency WHERE at <= coalesce(
    (SELECT at FROM idempotency WHERE at < :oldest ORDER BY at LIMIT 1 OFFSET :limit), :oldest - 1);
