-- Dioceses and their directories.

-- name: of_source
-- The dioceses that one list named and that are not removed.
SELECT * FROM diocese WHERE source = $1 AND removed_at IS NULL;

-- name: rename
-- Gives a diocese its new name and remembers the old one.
UPDATE diocese SET name = $3, former_names = array_append(former_names, $2)
WHERE source = $1 AND name = $2 AND NOT EXISTS (SELECT 1 FROM diocese WHERE name = $3);

-- name: save
-- Adds a diocese or brings it up to date; what the list no longer states is kept.
INSERT INTO diocese AS d (name, address, city, state, zip, website, source) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (name) DO UPDATE
SET address = coalesce(excluded.address, d.address), city = coalesce(excluded.city, d.city),
    state = coalesce(excluded.state, d.state), zip = coalesce(excluded.zip, d.zip),
    website = coalesce(excluded.website, d.website), source = excluded.source, last_seen = now(), removed_at = NULL
RETURNING id;

-- name: remove
-- Notes that a list no longer names some dioceses.
UPDATE diocese SET removed_at = now() WHERE source = $1 AND name = ANY ($2::text[]) AND removed_at IS NULL
RETURNING id, name;

-- name: get
-- A diocese with its directory.
SELECT d.*, r.state AS directory_state, r.url, r.layout, r.data_url, r.parishes, r.reason, r.override_url
FROM diocese d LEFT JOIN directory r ON r.diocese_id = d.id WHERE d.id = $1;

-- name: everyone
-- All listed dioceses with their directories, by name.
SELECT d.*, r.state AS directory_state, r.url, r.layout, r.data_url, r.parishes, r.reason, r.override_url
FROM diocese d LEFT JOIN directory r ON r.diocese_id = d.id WHERE d.removed_at IS NULL ORDER BY d.name;

-- name: save_directory
-- Keeps a directory that was proved.
INSERT INTO directory AS r (diocese_id, state, url, layout, data_url, parishes, evidence, checked_at, found_at)
VALUES ($1, 'found', $2, $3, $4, $5, $6, now(), now())
ON CONFLICT (diocese_id) DO UPDATE
SET state = 'found', url = excluded.url, layout = excluded.layout, data_url = excluded.data_url,
    parishes = excluded.parishes, evidence = excluded.evidence, reason = NULL, checked_at = now(),
    found_at = CASE WHEN r.url = excluded.url AND r.found_at IS NOT NULL THEN r.found_at ELSE now() END;

-- name: save_no_directory
-- Keeps that none was found and why; the last one known stays.
INSERT INTO directory AS r (diocese_id, state, reason, evidence) VALUES ($1, $2, $3, $4)
ON CONFLICT (diocese_id) DO UPDATE
SET state = excluded.state, reason = excluded.reason, evidence = r.evidence || excluded.evidence, checked_at = now();

-- name: override
-- Keeps the directory that a person names; null takes it back.
INSERT INTO directory AS r (diocese_id, state, override_url, override_note)
SELECT id, 'not_found', $2, nullif($3, '') FROM diocese WHERE id = $1
ON CONFLICT (diocese_id) DO UPDATE SET override_url = excluded.override_url, override_note = excluded.override_note
RETURNING diocese_id;
