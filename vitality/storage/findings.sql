-- What was found: dioceses, directories, parishes, sites and service times.

-- name: current_dioceses
-- The dioceses that the last list named.
SELECT id, name, website FROM diocese WHERE removed_at IS NULL ORDER BY id;

-- name: save_diocese
-- Enters a diocese or brings it up to date; what the list no longer prints is not overwritten with nothing.
INSERT INTO diocese AS d (name, address, city, state, zip, website, source)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (name) DO UPDATE SET
    address = coalesce(excluded.address, d.address), city = coalesce(excluded.city, d.city),
    state = coalesce(excluded.state, d.state), zip = coalesce(excluded.zip, d.zip),
    website = coalesce(excluded.website, d.website), source = excluded.source,
    last_seen = now(), removed_at = NULL
RETURNING id, (xmax = 0) AS added;

-- name: rename_diocese
-- Gives a diocese its new name and keeps the old one.
UPDATE diocese SET former_names = former_names || name, name = $2 WHERE id = $1;

-- name: remove_dioceses
-- Marks the dioceses that the list no longer names.
UPDATE diocese SET removed_at = now() WHERE id = ANY($1::bigint[]) AND removed_at IS NULL;

-- name: diocese
-- One diocese with what is known of its directory.
SELECT d.id, d.name, d.address, d.city, d.state, d.zip, d.website, r.state AS directory_state,
       r.url, r.layout, r.data_url, r.parishes, r.override_url
FROM diocese d LEFT JOIN directory r ON r.diocese_id = d.id
WHERE d.id = $1;

-- name: save_directory
-- Records how the search for a directory ended; a failed search does not forget a directory once found.
INSERT INTO directory AS r
    (diocese_id, state, url, layout, data_url, parishes, reason, evidence, found_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $2 = 'found' THEN now() END)
ON CONFLICT (diocese_id) DO UPDATE SET
    state = CASE WHEN r.state = 'found' AND excluded.state <> 'found' AND excluded.state <> 'blocked'
                 THEN r.state ELSE excluded.state END,
    url = coalesce(excluded.url, r.url), layout = coalesce(excluded.layout, r.layout),
    data_url = CASE WHEN excluded.state = 'found' THEN excluded.data_url ELSE r.data_url END,
    parishes = coalesce(excluded.parishes, r.parishes), reason = excluded.reason, evidence = excluded.evidence,
    checked_at = now(), found_at = coalesce(excluded.found_at, r.found_at);

-- name: override_directory
-- Keeps the directory that a person named.
INSERT INTO directory (diocese_id, state, override_url, override_note) VALUES ($1, 'not_found', $2, $3)
ON CONFLICT (diocese_id) DO UPDATE SET override_url = excluded.override_url, override_note = excluded.override_note;

-- name: parishes_of_diocese
-- Every parish of a diocese, with its identity.
SELECT * FROM parish WHERE diocese_id = $1 ORDER BY id;

-- name: save_parish
-- Enters a parish or brings it up to date; a field that this reading lacks keeps its value.
INSERT INTO parish AS p
    (diocese_id, identity, name, alternate_names, kind, status, merged_into, rite, street, city, state, zip,
     latitude, longitude, phone, email, website, pastor, deanery, mailing_address, mother_parish, languages,
     directory_url, detail_url, sources)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)
ON CONFLICT (diocese_id, identity) DO UPDATE SET
    name = excluded.name,
    alternate_names = (SELECT coalesce(array_agg(DISTINCT n), '{}')
                       FROM unnest(p.alternate_names || excluded.alternate_names) AS n),
    kind = excluded.kind, status = excluded.status,
    merged_into = coalesce(excluded.merged_into, p.merged_into), rite = coalesce(excluded.rite, p.rite),
    street = coalesce(excluded.street, p.street), city = coalesce(excluded.city, p.city),
    state = coalesce(excluded.state, p.state), zip = coalesce(excluded.zip, p.zip),
    latitude = coalesce(excluded.latitude, p.latitude), longitude = coalesce(excluded.longitude, p.longitude),
    phone = coalesce(excluded.phone, p.phone), email = coalesce(excluded.email, p.email),
    website = coalesce(excluded.website, p.website), pastor = coalesce(excluded.pastor, p.pastor),
    deanery = coalesce(excluded.deanery, p.deanery),
    mailing_address = coalesce(excluded.mailing_address, p.mailing_address),
    mother_parish = coalesce(excluded.mother_parish, p.mother_parish),
    languages = CASE WHEN excluded.languages = '{}' THEN p.languages ELSE excluded.languages END,
    directory_url = coalesce(excluded.directory_url, p.directory_url),
    detail_url = coalesce(excluded.detail_url, p.detail_url),
    sources = p.sources || excluded.sources, last_seen = now(), missing_since = NULL
RETURNING id, (xmax = 0) AS added;

-- name: miss_parishes
-- Marks the parishes that a complete reading of the directory no longer names; the rows stay.
UPDATE parish SET missing_since = now()
WHERE diocese_id = $1 AND id <> ALL($2::bigint[]) AND missing_since IS NULL;

-- name: sites_of_hosts
-- The sites known on some hosts.
SELECT id, url, host FROM site WHERE host = ANY($1::text[]);

-- name: save_site
-- Enters a parish web site.
INSERT INTO site AS s (url, host) VALUES ($1, $2) ON CONFLICT (url) DO UPDATE SET host = s.host RETURNING id;

-- name: link_site
-- Notes that a parish names a site as its own.
INSERT INTO parish_site (parish_id, site_id) VALUES ($1, $2)
ON CONFLICT (parish_id, site_id) DO UPDATE SET last_seen = now();

-- name: parishes_of_site
-- The parishes that name a site as their own.
SELECT p.* FROM parish p JOIN parish_site s ON s.parish_id = p.id WHERE s.site_id = $1 ORDER BY p.id;

-- name: fill_parish
-- Gives a parish what its own site states and no directory did.
UPDATE parish SET
    street = coalesce(street, $2), zip = coalesce(zip, $3), phone = coalesce(phone, $4),
    email = coalesce(email, $5), pastor = coalesce(pastor, $6), sources = $7::jsonb || sources
WHERE id = $1;

-- name: note_reading
-- Keeps the log of one reading of a site.
INSERT INTO site_reading (site_id, outcome, reason, requests, pages, found, added, superseded)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: update_site
-- Says how the last reading of a site ended.
UPDATE site SET state = $2, reason = $3, last_attempt_at = now(),
    last_read_at = CASE WHEN $2 IN ('read', 'empty') THEN now() ELSE last_read_at END
WHERE id = $1;

-- name: current_times
-- What the last reading of a site showed.
SELECT id, identity FROM service_time WHERE site_id = $1 AND ended_at IS NULL;

-- name: save_time
-- Enters a service time, or notes that it was seen again.
INSERT INTO service_time AS t
    (site_id, identity, service, days, dates, kind, starts, ends, start_rel, end_rel, subtype, language, rite, location,
     season, except_on, by_appointment, status, notes, inferred, evidence, confidence, extractor,
     first_seen, last_seen, last_verified)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
        $24, $24, $24)
ON CONFLICT (site_id, identity) WHERE ended_at IS NULL DO UPDATE SET
    ends = excluded.ends, end_rel = excluded.end_rel, subtype = excluded.subtype, rite = excluded.rite,
    except_on = excluded.except_on, by_appointment = excluded.by_appointment, status = excluded.status,
    notes = excluded.notes, inferred = excluded.inferred, evidence = excluded.evidence,
    confidence = excluded.confidence, extractor = excluded.extractor,
    last_seen = greatest(t.last_seen, excluded.last_seen), last_verified = greatest(t.last_verified, excluded.last_verified)
RETURNING (xmax = 0) AS added;

-- name: end_times
-- Ends the service times that the site no longer shows; they stay as history.
UPDATE service_time SET ended_at = now() WHERE id = ANY($1::bigint[]);
