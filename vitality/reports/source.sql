-- What the report and the exports read.

-- name: fingerprint
-- Changes when anything that a report shows has changed.
SELECT md5(concat_ws('|',
    (SELECT concat_ws(',', count(*), max(last_seen), count(removed_at)) FROM diocese),
    (SELECT concat_ws(',', count(*), max(checked_at)) FROM directory),
    (SELECT concat_ws(',', count(*), max(last_seen), max(missing_since)) FROM parish),
    (SELECT concat_ws(',', count(*), max(last_attempt_at)) FROM site),
    (SELECT concat_ws(',', count(*), max(last_verified), max(ended_at)) FROM service_time)));

-- name: last_report
-- The last report that was made.
SELECT fingerprint, made_at FROM report ORDER BY made_at DESC LIMIT 1;

-- name: note_report
-- Keeps that a report was made.
INSERT INTO report (fingerprint, folder, files, counts) VALUES ($1, $2, $3, $4);

-- name: dioceses
-- Each diocese with the state of its directory and how far its parishes are known.
SELECT d.id, d.name, d.city, d.state, d.website, d.source, r.state AS directory, r.reason, r.layout, r.checked_at,
       coalesce(r.override_url, r.url) AS directory_url, coalesce(p.parishes, 0) AS parishes,
       coalesce(p.known, 0) AS known, coalesce(p.read, 0) AS read, coalesce(p.blocked, 0) AS blocked,
       coalesce(p.failed, 0) AS failed, coalesce(p.sunday, 0) AS sunday, coalesce(p.times, 0) AS times
FROM diocese d
LEFT JOIN directory r ON r.diocese_id = d.id
LEFT JOIN (
    SELECT p.diocese_id, count(*) AS parishes, count(s.id) AS known,
           count(*) FILTER (WHERE s.state IN ('read', 'empty')) AS read,
           count(*) FILTER (WHERE s.state = 'blocked') AS blocked,
           count(*) FILTER (WHERE s.state = 'failed') AS failed,
           count(*) FILTER (WHERE t.sunday) AS sunday, sum(t.times) AS times
    FROM parish p
    LEFT JOIN LATERAL (
        SELECT site.id, site.state FROM parish_site ps JOIN site ON site.id = ps.site_id
        WHERE ps.parish_id = p.id ORDER BY ps.last_seen DESC, site.id DESC LIMIT 1
    ) s ON true
    LEFT JOIN LATERAL (
        SELECT count(*) AS times,
               bool_or(service IN ('mass', 'divine_liturgy') AND kind = 'regular'
                       AND (subtype = 'vigil' OR 'SU' = ANY(days))) AS sunday
        FROM service_time WHERE site_id = s.id AND ended_at IS NULL AND status = 'active'
    ) t ON true
    WHERE p.missing_since IS NULL AND p.status = 'active'
    GROUP BY p.diocese_id
) p ON p.diocese_id = d.id
WHERE d.removed_at IS NULL
ORDER BY d.name;

-- name: verified
-- How many current times were last verified on each day.
SELECT t.last_verified AS day, count(*) AS times FROM service_time t
WHERE t.ended_at IS NULL AND t.status = 'active' AND EXISTS (
    SELECT FROM parish_site ps JOIN parish p ON p.id = ps.parish_id
    WHERE ps.site_id = t.site_id AND p.status = 'active' AND p.missing_since IS NULL)
GROUP BY 1 ORDER BY 1;

-- name: oldest
-- The parishes whose current times were verified longest ago.
SELECT p.id, p.name, d.name AS diocese, min(t.last_verified) AS last_verified, count(*) AS times
FROM service_time t JOIN parish_site ps ON ps.site_id = t.site_id JOIN parish p ON p.id = ps.parish_id
JOIN diocese d ON d.id = p.diocese_id
WHERE t.ended_at IS NULL AND t.status = 'active' AND p.status = 'active' AND p.missing_since IS NULL
GROUP BY p.id, p.name, d.name ORDER BY 4, 1 LIMIT 20;

-- name: failures
-- The hosts that could not be read, or say no.
SELECT f.host, f.kind, min(f.reason) AS reason, min(f.since) AS since,
       coalesce(max(h.failures), 0) AS attempts, max(w.due_at) AS next_at
FROM (
    SELECT host, state AS kind, reason, last_attempt_at AS since FROM site WHERE state IN ('blocked', 'failed')
    UNION ALL
    SELECT coalesce(substring(d.website FROM '://([^/]+)'), d.name), 'directory ' || r.state, r.reason, r.checked_at
    FROM directory r JOIN diocese d ON d.id = r.diocese_id WHERE r.state <> 'found' AND r.reason IS NOT NULL
) f
LEFT JOIN host h ON h.host = f.host
LEFT JOIN work w ON w.host = f.host
GROUP BY f.host, f.kind ORDER BY f.kind, f.host;

-- name: counts
-- Service times by diocese, service, kind and status.
SELECT d.name AS diocese, t.service, t.kind, t.status, count(DISTINCT t.id) AS times
FROM service_time t JOIN parish_site ps ON ps.site_id = t.site_id JOIN parish p ON p.id = ps.parish_id
JOIN diocese d ON d.id = p.diocese_id
WHERE t.ended_at IS NULL AND p.status = 'active' AND p.missing_since IS NULL
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;

-- name: changes
-- What began and what ended since an instant.
SELECT 'added' AS change, 'service times' AS record, site.url AS subject, count(*) AS count
FROM service_time t JOIN site ON site.id = t.site_id WHERE t.first_seen > $1::timestamptz::date GROUP BY site.url
UNION ALL
SELECT 'ended', 'service times', site.url, count(*)
FROM service_time t JOIN site ON site.id = t.site_id WHERE t.ended_at > $1 GROUP BY site.url
UNION ALL
SELECT 'added', 'parishes', d.name, count(*)
FROM parish p JOIN diocese d ON d.id = p.diocese_id WHERE p.first_seen > $1 GROUP BY d.name
UNION ALL
SELECT 'missing', 'parishes', d.name, count(*)
FROM parish p JOIN diocese d ON d.id = p.diocese_id WHERE p.missing_since > $1 GROUP BY d.name
UNION ALL
SELECT 'closed or merged', 'parishes', d.name, count(*)
FROM parish p JOIN diocese d ON d.id = p.diocese_id
WHERE p.status_since > $1 AND p.status <> 'active' AND p.first_seen < p.status_since GROUP BY d.name
ORDER BY 2, 1, 3;

-- name: parishes
-- Parishes after an id, a batch at a time.
SELECT p.*, d.name AS diocese_name FROM parish p JOIN diocese d ON d.id = p.diocese_id
WHERE p.id > $1 ORDER BY p.id LIMIT 500;

-- name: sites
-- The sites of some parishes, with the names of all parishes that each serves.
SELECT ps.parish_id, s.id, s.url, s.state, s.reason, s.last_read_at,
       (SELECT array_agg(o.parish_id ORDER BY o.parish_id) FROM parish_site o WHERE o.site_id = s.id) AS serves,
       (SELECT array_agg(n.name ORDER BY n.id) FROM parish_site o JOIN parish n ON n.id = o.parish_id
        WHERE o.site_id = s.id AND o.parish_id <> ps.parish_id) AS others
FROM parish_site ps JOIN site s ON s.id = ps.site_id
WHERE ps.parish_id = ANY($1::bigint[]) ORDER BY ps.parish_id, s.id;

-- name: times
-- All service times of some sites, history included.
SELECT * FROM service_time WHERE site_id = ANY($1::bigint[]) ORDER BY site_id, id;
