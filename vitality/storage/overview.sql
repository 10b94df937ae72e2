-- How far the pipeline has come.

-- name: unfinished
-- How many pieces of work are held or claimable now; work of a host that is closed for now does not count.
SELECT count(*) FROM work w LEFT JOIN host h ON h.host = w.host
WHERE w.kind = ANY($1::text[])
  AND (w.state = 'leased' OR (w.state = 'waiting' AND w.due_at <= statement_timestamp()
                              AND coalesce(h.closed_until, '-infinity') <= statement_timestamp()));

-- name: postponed
-- How many pieces of work wait for another try or were put off midway, and when the first of them comes due.
SELECT count(*) AS pieces, min(greatest(w.due_at, coalesce(h.closed_until, '-infinity'))) AS next_at
FROM work w LEFT JOIN host h ON h.host = w.host
WHERE w.kind = ANY($1::text[]) AND w.state = 'waiting'
  AND (w.attempt > 0 OR (SELECT r.outcome FROM work_run r WHERE r.work_id = w.id
                         ORDER BY r.finished_at DESC LIMIT 1) = 'snoozed');

-- name: by_diocese
-- Each diocese with its directory and what was read below it.
SELECT d.id, d.name, coalesce(r.state, CASE WHEN d.website IS NULL THEN 'no web site' ELSE 'pending' END) AS directory, r.url, r.layout, r.reason,
       count(DISTINCT p.id) AS parishes,
       count(DISTINCT s.id) FILTER (WHERE s.state IN ('read', 'empty')) AS sites_read,
       count(DISTINCT s.id) FILTER (WHERE s.state = 'blocked') AS sites_blocked,
       count(DISTINCT s.id) FILTER (WHERE s.state = 'failed') AS sites_failed,
       count(DISTINCT t.id) AS service_times
FROM diocese d
LEFT JOIN directory r ON r.diocese_id = d.id
LEFT JOIN parish p ON p.diocese_id = d.id AND p.missing_since IS NULL AND p.status = 'active'
LEFT JOIN parish_site ps ON ps.parish_id = p.id
LEFT JOIN site s ON s.id = ps.site_id
LEFT JOIN service_time t ON t.site_id = s.id AND t.ended_at IS NULL AND t.status = 'active'
WHERE d.removed_at IS NULL
GROUP BY d.id, r.diocese_id ORDER BY d.name;
