-- Parishes and the sites that speak for them. The columns stand in the order of the record's fields.

-- name: of_diocese
-- All parishes of a diocese.
SELECT p.*, d.name AS diocese FROM parish p JOIN diocese d ON d.id = p.diocese_id
WHERE p.diocese_id = $1 ORDER BY p.identity;

-- name: of_site
-- The parishes that a site speaks for: nobody goes by the times of one that is closed or that its directory lists no more.
SELECT p.*, d.name AS diocese FROM parish p JOIN diocese d ON d.id = p.diocese_id
JOIN parish_site s ON s.parish_id = p.id
WHERE s.site_id = $1 AND p.status = 'active' AND p.missing_since IS NULL ORDER BY p.diocese_id, p.identity;

-- name: get
-- One parish, locked.
SELECT p.*, d.name AS diocese FROM parish p JOIN diocese d ON d.id = p.diocese_id WHERE p.id = $1 FOR UPDATE OF p;

-- name: save
-- Adds a parish or replaces its values by values that the caller joined with the stored ones.
INSERT INTO parish AS p (
    diocese_id, identity, sources, derived, name, alternate_names, kind, status, merged_into, rite, street,
    city, state, zip, latitude, longitude, phone, email, website, pastor, deanery, mailing_address,
    mother_parish, languages, directory_url, detail_url, status_since)
VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
    $24, $25, $26, CASE WHEN $8 <> 'active' THEN now() END)
ON CONFLICT (diocese_id, identity) DO UPDATE
SET
    sources = excluded.sources, derived = excluded.derived, name = excluded.name, alternate_names =
    excluded.alternate_names, kind = excluded.kind, status = excluded.status, merged_into =
    excluded.merged_into, rite = excluded.rite, street = excluded.street, city = excluded.city, state =
    excluded.state, zip = excluded.zip, latitude = excluded.latitude, longitude = excluded.longitude, phone =
    excluded.phone, email = excluded.email, website = excluded.website, pastor = excluded.pastor, deanery =
    excluded.deanery, mailing_address = excluded.mailing_address, mother_parish = excluded.mother_parish,
    languages = excluded.languages, directory_url = excluded.directory_url, detail_url = excluded.detail_url,
    status_since = CASE WHEN p.status <> excluded.status THEN now() ELSE p.status_since END,
    last_seen = now(), missing_since = NULL, missed = 0
RETURNING id;

-- name: fill
-- The same of a parish whose own site was read: its directory said nothing.
UPDATE parish
SET
    sources = $2, derived = $3, name = $4, alternate_names = $5, kind = $6, status = $7, merged_into = $8, rite
    = $9, street = $10, city = $11, state = $12, zip = $13, latitude = $14, longitude = $15, phone = $16, email
    = $17, website = $18, pastor = $19, deanery = $20, mailing_address = $21, mother_parish = $22, languages =
    $23, directory_url = $24, detail_url = $25
WHERE id = $1;

-- name: merge
-- Notes that a parish that was active is part of another one now.
UPDATE parish SET status = 'merged', merged_into = $3, status_since = now(), sources = sources || $4
WHERE diocese_id = $1 AND identity = $2 AND status = 'active';

-- name: mark_missing
-- Counts the complete readings that left parishes out, and notes since when they are believed to be missing.
UPDATE parish
SET missed = least(missed + 1, 1000),
    missing_since = CASE WHEN missed + 1 >= $3::integer THEN coalesce(missing_since, now()) ELSE missing_since END
WHERE diocese_id = $1 AND identity = ANY ($2::text[]) AND status = 'active'
RETURNING coalesce(missing_since = now(), false) AS newly;

-- name: save_site
-- Adds a site or finds it, its first address kept and its row not locked: readings of it lock it before their parishes.
WITH made AS (
    INSERT INTO site (key, url, host) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING RETURNING id, url, host
)
SELECT * FROM made UNION ALL SELECT id, url, host FROM site WHERE key = $1;

-- name: unlink_old_sites
-- A parish that names another site now is no longer spoken for by the old one.
DELETE FROM parish_site l USING unnest($1::bigint[], $2::bigint[]) AS n (parish_id, site_id)
WHERE l.parish_id = n.parish_id AND l.site_id <> n.site_id;

-- name: link_sites
-- Notes which site speaks for which parish.
INSERT INTO parish_site (parish_id, site_id)
SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS n (parish_id, site_id) ORDER BY 1, 2
ON CONFLICT (parish_id, site_id) DO UPDATE SET last_seen = now();
