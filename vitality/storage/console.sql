-- What an operator asks: who works, what waits, what fails.

-- name: unfinished
-- How many pieces of work are held or claimable now; work of a host that is closed for now does not count.
SELECT count(*) FROM work w LEFT JOIN host h ON h.host = w.host
WHERE w.kind = ANY($1::text[])
  AND (w.state = 'leased' OR (w.state = 'waiting' AND w.due_at <= statement_timestamp()
                              AND coalesce(h.closed_until, '-infinity') <= statement_timestamp()));

-- name: workers
-- The workers that live, and those that ended within the last hour.
SELECT w.id::text AS id, w.name, w.roles, w.pid, w.version, w.started_at, w.ended_at, w.ending,
       l.renewed_at, l.expires_at, coalesce(l.draining, false) AS draining,
       (SELECT count(*) FROM work k WHERE k.holder = w.id AND k.state = 'leased') AS held
FROM worker w LEFT JOIN lease l ON l.id = w.id
WHERE l.id IS NOT NULL OR w.ended_at > now() - interval '1 hour'
ORDER BY w.started_at;

-- name: backlog
-- Work by kind and state, the age of the oldest due piece, and what was done in the last hour.
SELECT w.kind,
       count(*) FILTER (WHERE state = 'waiting' AND due_at <= now()) AS due,
       count(*) FILTER (WHERE state = 'waiting' AND due_at > now()) AS waiting,
       count(*) FILTER (WHERE state = 'leased') AS leased,
       count(*) FILTER (WHERE state = 'buried') AS buried,
       extract(epoch FROM now() - min(due_at) FILTER (WHERE state = 'waiting' AND due_at <= now()))::float AS oldest_s,
       (SELECT count(*) FROM work_run r WHERE r.kind = w.kind AND r.outcome = 'done'
        AND r.finished_at > now() - interval '1 hour') AS done_last_hour
FROM work w GROUP BY w.kind ORDER BY w.kind;

-- name: parked_hosts
-- Hosts that must not be asked now.
SELECT host, failures, failure, closed_until FROM host WHERE closed_until > now() ORDER BY closed_until DESC LIMIT 50;

-- name: failures
-- The last runs that did not end well.
SELECT finished_at, kind, subject, host, outcome, attempt, note FROM work_run
WHERE outcome IN ('failed', 'buried', 'expired') ORDER BY finished_at DESC LIMIT 20;

-- name: list
-- Pieces of work, the next due first.
SELECT id, kind, subject, host, state, priority, due_at, attempt, max_attempts, error FROM work
WHERE ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR state = $2) ORDER BY due_at, id LIMIT $3;

-- name: show
-- One piece of work.
SELECT id, kind, subject, host, state, priority, details, due_at, holder::text AS holder, term, attempt, max_attempts,
       claimed_at, settled_at, error, created_at FROM work WHERE id = $1;

-- name: runs
-- The last runs of one piece of work.
SELECT finished_at, worker::text AS worker, term, attempt, outcome, changed, note FROM work_run
WHERE work_id = $1 ORDER BY finished_at DESC LIMIT 20;

-- name: retry
-- Makes work due now with all its attempts before it; what is held is left alone.
UPDATE work SET state = 'waiting', attempt = 0, due_at = now()
WHERE state <> 'leased' AND (id = ANY($1::bigint[]) OR ($2::text IS NOT NULL AND kind = $2 AND state = 'buried'))
RETURNING host, kind, priority;

-- name: bury
-- Takes work out of the rounds; what is held is left alone.
UPDATE work SET state = 'buried', error = $2 WHERE id = ANY($1::bigint[]) AND state <> 'leased' RETURNING id;

-- name: hasten_lanes
-- Lets claimers see at once that these lanes have something due.
INSERT INTO lane AS l (host, kind, priority, next_at)
SELECT DISTINCT u.host, u.kind, u.priority, now()
FROM unnest($1::text[], $2::text[], $3::smallint[]) AS u (host, kind, priority)
ON CONFLICT (host, kind, priority) DO UPDATE SET next_at = least(l.next_at, excluded.next_at), version = l.version + 1;

-- name: totals
-- What the record holds in all.
SELECT (SELECT count(*) FROM diocese WHERE removed_at IS NULL) AS dioceses,
       (SELECT count(*) FROM directory WHERE state = 'found') AS directories,
       (SELECT count(*) FROM directory WHERE state <> 'found') AS directories_not_found,
       (SELECT count(*) FROM parish WHERE missing_since IS NULL AND status = 'active') AS parishes,
       (SELECT count(*) FROM site) AS sites,
       (SELECT count(*) FROM site WHERE state = 'read') AS sites_read,
       (SELECT count(*) FROM site WHERE state = 'empty') AS sites_without_times,
       (SELECT count(*) FROM site WHERE state = 'blocked') AS sites_blocked,
       (SELECT count(*) FROM site WHERE state = 'failed') AS sites_failed,
       (SELECT count(*) FROM service_time WHERE ended_at IS NULL AND status = 'active') AS service_times,
       (SELECT count(*) FROM request) AS requests;

-- name: by_diocese
-- Each diocese with its directory and what was read below it.
SELECT d.id, d.name, coalesce(r.state, 'pending') AS directory, r.url, r.layout, r.reason,
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
