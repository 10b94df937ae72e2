-- Service times with their history, and the log of readings.

-- name: lock_site
-- Keeps two readings of one site from mixing.
SELECT 1 FROM site WHERE id = $1 FOR NO KEY UPDATE;

-- name: current_identities
-- The services that the site showed at its last reading.
SELECT identity FROM service_time WHERE site_id = $1 AND ended_at IS NULL;

-- name: verify
-- A service was seen again, with newer evidence.
UPDATE service_time
SET last_seen = greatest(last_seen, $3), last_verified = greatest(last_verified, $3),
    evidence = $4, confidence = $5, extractor = $6, notes = $7, inferred = $8
WHERE site_id = $1 AND identity = $2 AND ended_at IS NULL;

-- name: begin
-- A service that the site did not show before.
INSERT INTO service_time (site_id, identity, first_seen, last_seen, last_verified, evidence, confidence, extractor,
                          notes, inferred, service, days, dates, kind, starts, ends, start_rel, end_rel, subtype,
                          language, rite, location, season, except_on, by_appointment, status)
VALUES ($1, $2, $3, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
        $23, $24);

-- name: end
-- Services that the site no longer shows.
UPDATE service_time SET ended_at = now() WHERE site_id = $1 AND identity = ANY ($2::text[]) AND ended_at IS NULL;

-- name: of_site
-- The times of a site, ended ones only on request.
SELECT * FROM service_time WHERE site_id = $1 AND ($2::boolean OR ended_at IS NULL) ORDER BY id;

-- name: note_reading
-- Writes one visit into the log.
INSERT INTO site_reading (site_id, outcome, reason, requests, pages, found, added, superseded)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: note_state
-- The last visit decides the state of the site.
UPDATE site
SET state = $2, reason = $3, last_attempt_at = now(),
    last_read_at = CASE WHEN $2 IN ('read', 'empty') THEN now() ELSE last_read_at END
WHERE id = $1;
