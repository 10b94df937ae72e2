-- Stored pages and the ledger.

-- name: newest
-- The last version of an address that was fetched without a browser.
SELECT v.*, p.body, p.text FROM page_version v JOIN stored_page p USING (hash)
WHERE v.url = $1 AND NOT v.rendered ORDER BY v.fetched_at DESC LIMIT 1;

-- name: by_hash
-- A stored body, with the address that showed it last.
SELECT v.*, p.body, p.text FROM page_version v JOIN stored_page p USING (hash)
WHERE v.hash = $1 ORDER BY v.fetched_at DESC LIMIT 1;

-- name: keep_body
-- Stores a body that is not there yet.
INSERT INTO stored_page (hash, body, text, size) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING;

-- name: keep_version
-- Notes that an address showed a body.
INSERT INTO page_version AS v (url, hash, rendered, final_url, content_type, status, etag, last_modified, modified_at,
                               captured, first_fetched_at, fetched_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
ON CONFLICT (url, hash, rendered) DO UPDATE
SET final_url = excluded.final_url, content_type = excluded.content_type, status = excluded.status,
    etag = excluded.etag, last_modified = excluded.last_modified, modified_at = excluded.modified_at,
    captured = excluded.captured, fetched_at = greatest(v.fetched_at, excluded.fetched_at);

-- name: record
-- Writes one request into the ledger.
INSERT INTO request (started_at, host, url, outcome, status, duration_ms, bytes_on_wire, content_hash, reason,
                     by_browser)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: all_pages
-- Every version of every page, in the order of addresses.
SELECT v.*, p.body, p.text FROM page_version v JOIN stored_page p USING (hash)
WHERE $1::text IS NULL OR v.final_url LIKE $1 ORDER BY v.url, v.fetched_at;

-- name: all_requests
-- The ledger in the order of time.
SELECT url, host, started_at, duration_ms * interval '1 millisecond' AS duration, outcome, status, bytes_on_wire,
       content_hash, reason, by_browser
FROM request WHERE $1::text IS NULL OR host = $1 ORDER BY started_at;
