-- The queries of coordination. $1 is the lease id wherever a lease is asked for.
-- statement_timestamp() where an index must bound the scan (clock_timestamp() is volatile and cannot);
-- clock_timestamp() where it is decided whether a lease is alive.
-- What ends a claim names its key, term and holder and not the state: with the state the planner may take the small
-- index of leased rows, which is full of dead entries. A row with a holder is leased (a CHECK holds it).
-- {limit} (a whole number) and {kinds} (pairs of kind and priority) are written into the text: with parameters the
-- planner assumes a tenth of the table, and plans each claim anew. For the same reason a bound of a range, and
-- the first of arrays, stand in a subselect: what the planner cannot look into costs the same with the values and
-- without, so the plan made once is kept.
-- Rows that another part of the statement chose are taken by `= ANY (ARRAY(…))`: joined, a small table is scanned.

-- name: open_lease
-- Enters a process under a new id, with its lease.
WITH entered AS (
    INSERT INTO worker (id, name, roles, pid, version) VALUES ($1, $2, $3, $4, $5)
)
INSERT INTO lease (id, renewed_at, expires_at) VALUES ($1, clock_timestamp(), clock_timestamp() + $6::interval);

-- name: renew
-- Prolongs a lease that has not run out, and with it everything that is held under it.
UPDATE lease SET renewed_at = clock_timestamp(), expires_at = clock_timestamp() + $2::interval
WHERE id = $1 AND expires_at > clock_timestamp()
RETURNING id;

-- name: drain
-- Marks a lease so that nothing more is claimed under it.
UPDATE lease SET draining = true WHERE id = $1;

-- name: close_lease
-- Ends a lease in good order; what is still held goes back without costing an attempt.
WITH left_over AS MATERIALIZED (
    SELECT id, host FROM work WHERE holder = $1 AND state = 'leased' ORDER BY id FOR NO KEY UPDATE
), back AS (
    UPDATE work w SET state = 'waiting', holder = NULL, attempt = w.attempt - 1
    FROM left_over o WHERE w.id = o.id
), freed AS (
    UPDATE host h SET holder = NULL, held_since = NULL FROM left_over o WHERE h.host = o.host AND h.holder = $1
), gone AS (
    DELETE FROM lease WHERE id = $1
)
UPDATE worker SET ended_at = clock_timestamp(), ending = 'closed' WHERE id = $1 AND ended_at IS NULL;

-- name: rescue
-- Frees what is held under leases that ran out or are gone, buries what has no attempt left, and ends those workers.
-- The last row tells when the next lease runs out.
WITH dead AS MATERIALIZED (
    SELECT id FROM lease WHERE expires_at <= clock_timestamp() ORDER BY id FOR UPDATE SKIP LOCKED
), lost AS MATERIALIZED (
    SELECT w.id, w.host, w.holder, w.attempt, w.claimed_at
    FROM work w LEFT JOIN lease l ON l.id = w.holder
    WHERE w.state = 'leased' AND (l.id IS NULL OR l.expires_at <= clock_timestamp())
    ORDER BY w.id FOR NO KEY UPDATE OF w SKIP LOCKED
), freed AS (
    UPDATE work w
    SET state = CASE WHEN w.attempt >= w.max_attempts THEN 'buried' ELSE 'waiting' END,
        holder = NULL, settled_at = clock_timestamp(),
        error = format('the lease of worker %s ran out in attempt %s of %s', lost.holder, w.attempt, w.max_attempts)
    FROM lost WHERE w.id = lost.id
    RETURNING w.id, w.kind, w.subject, w.host, w.term, w.attempt, w.claimed_at, w.state, w.error, lost.holder AS was
), hosts AS (
    UPDATE host h SET holder = NULL, held_since = NULL FROM lost WHERE h.host = lost.host AND h.holder = lost.holder
), history AS (
    INSERT INTO work_run (finished_at, work_id, kind, subject, host, worker, term, attempt, claimed_at, outcome, note)
    SELECT clock_timestamp(), id, kind, subject, host, was, term, attempt, claimed_at,
           CASE state WHEN 'buried' THEN 'buried' ELSE 'expired' END, error
    FROM freed
), ended AS (
    UPDATE worker SET ended_at = clock_timestamp(), ending = 'expired'
    FROM dead WHERE worker.id = dead.id AND ended_at IS NULL
), swept AS (
    DELETE FROM lease USING dead WHERE lease.id = dead.id
)
SELECT kind, count(*) FILTER (WHERE state = 'waiting') AS freed, count(*) FILTER (WHERE state = 'buried') AS buried,
       NULL::interval AS expires_in
FROM freed GROUP BY kind
UNION ALL
SELECT NULL, 0, 0, min(expires_at) - clock_timestamp() FROM lease WHERE expires_at > clock_timestamp();

-- name: drop_unknown
-- Frees what this lease holds but its process does not know of, because the answer to a statement was lost.
WITH lost AS MATERIALIZED (
    SELECT id, host FROM work
    WHERE holder = $1 AND state = 'leased'
      AND (id, term) NOT IN (SELECT * FROM unnest($2::bigint[], $3::integer[]) AS known (id, term))
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
), hosts AS (
    UPDATE host h SET holder = NULL, held_since = NULL FROM lost WHERE h.host = lost.host AND h.holder = $1
)
UPDATE work w
SET state = CASE WHEN w.attempt >= w.max_attempts THEN 'buried' ELSE 'waiting' END,
    holder = NULL, settled_at = clock_timestamp(),
    error = format('the connection to the database was lost in attempt %s of %s', w.attempt, w.max_attempts)
FROM lost WHERE w.id = lost.id;

-- name: claim_hosted
-- Takes the most urgent due work on free hosts, one piece a host: the host's locked row is the limit.
WITH me AS MATERIALIZED (
    SELECT id FROM lease WHERE id = $1 AND expires_at > clock_timestamp() AND NOT draining
), open AS MATERIALIZED (
    SELECT lanes.*
    FROM me CROSS JOIN (VALUES {kinds}) AS k (kind, priority)
    CROSS JOIN LATERAL (
        SELECT l.host, l.kind, l.priority, l.next_at, l.version
        FROM lane l JOIN host h ON h.host = l.host
        WHERE l.kind = k.kind AND l.priority = k.priority
          AND l.next_at >= (SELECT $2::timestamptz) AND l.next_at <= statement_timestamp()
          AND h.holder IS NULL AND h.closed_until <= statement_timestamp()
        ORDER BY l.next_at
        LIMIT {limit}
        FOR NO KEY UPDATE OF h SKIP LOCKED
    ) lanes
), chosen AS MATERIALIZED (
    SELECT * FROM (
        SELECT DISTINCT ON (host) * FROM open ORDER BY host, next_at - priority * interval '1 hour'
    ) one_a_host
    ORDER BY next_at - priority * interval '1 hour'
    LIMIT {limit}
), due AS MATERIALIZED (
    SELECT c.host, c.kind, c.priority, c.version, w.id
    FROM chosen c LEFT JOIN LATERAL (
        SELECT id FROM work
        WHERE host = c.host AND kind = c.kind AND priority = c.priority
          AND state = 'waiting' AND due_at <= statement_timestamp()
        ORDER BY due_at
        LIMIT 1
        FOR NO KEY UPDATE SKIP LOCKED
    ) w ON true
), held AS (
    UPDATE host SET holder = $1, held_since = clock_timestamp(), term = term + 1
    WHERE host = ANY (ARRAY(SELECT host FROM due WHERE id IS NOT NULL))
), corrected AS (
    UPDATE lane l
    SET next_at = coalesce((SELECT w.due_at FROM work w
                            WHERE w.host = due.host AND w.kind = due.kind AND w.priority = due.priority
                              AND w.state = 'waiting' ORDER BY w.due_at LIMIT 1), 'infinity'),
        version = l.version + 1
    FROM due
    WHERE due.id IS NULL AND l.host = due.host AND l.kind = due.kind AND l.priority = due.priority
      AND l.version = due.version
)
UPDATE work
SET state = 'leased', holder = $1, term = term + 1, attempt = attempt + 1, claimed_at = clock_timestamp()
WHERE id = ANY (ARRAY(SELECT id FROM due WHERE id IS NOT NULL))
RETURNING id, kind, subject, host, details, term, attempt, max_attempts, claimed_at, due_at;

-- name: claim_free
-- Takes the most urgent due work that belongs to no host.
WITH me AS MATERIALIZED (
    SELECT id FROM lease WHERE id = $1 AND expires_at > clock_timestamp() AND NOT draining
), due AS MATERIALIZED (
    SELECT ready.id
    FROM me CROSS JOIN (VALUES {kinds}) AS k (kind, priority)
    CROSS JOIN LATERAL (
        SELECT id, due_at, priority FROM work
        WHERE host IS NULL AND state = 'waiting' AND kind = k.kind AND priority = k.priority
          AND due_at >= (SELECT $2::timestamptz) AND due_at <= statement_timestamp()
        ORDER BY due_at
        LIMIT {limit}
        FOR NO KEY UPDATE SKIP LOCKED
    ) ready
    ORDER BY ready.due_at - ready.priority * interval '1 hour'
    LIMIT {limit}
)
UPDATE work
SET state = 'leased', holder = $1, term = term + 1, attempt = attempt + 1, claimed_at = clock_timestamp()
WHERE id = ANY (ARRAY(SELECT id FROM due))
RETURNING id, kind, subject, host, details, term, attempt, max_attempts, claimed_at, due_at;

-- name: fence
-- Locks a claim's row if it is still its holder's, under a live lease, so that nobody can take it before the commit.
SELECT w.id FROM work w
WHERE w.id = $2 AND w.term = $3 AND w.holder = $1
  AND EXISTS (SELECT 1 FROM lease l WHERE l.id = $1 AND l.expires_at > clock_timestamp())
FOR NO KEY UPDATE OF w;

-- name: finish
-- Ends claims that are still their holder's: done, failed (buried after the last attempt), snoozed or given back.
-- `finish_hosts` is put in before the last line where a claim has a host.
WITH input AS MATERIALIZED (
    SELECT * FROM unnest((SELECT $2::bigint[]), $3::integer[], $4::smallint[], $5::text[], $6::interval[], $7::timestamptz[],
                         $8::boolean[], $9::text[])
        AS i (id, term, attempt, outcome, due_in, until, changed, note)
), ended AS (
    UPDATE work w
    SET state = CASE WHEN i.outcome = 'failed' AND w.attempt >= w.max_attempts THEN 'buried' ELSE 'waiting' END,
        holder = NULL,
        settled_at = clock_timestamp(),
        due_at = CASE i.outcome WHEN 'given_back' THEN w.due_at WHEN 'snoozed' THEN i.until
                                ELSE clock_timestamp() + i.due_in END,
        attempt = CASE i.outcome WHEN 'done' THEN 0 WHEN 'failed' THEN w.attempt ELSE w.attempt - 1 END,
        error = CASE i.outcome WHEN 'done' THEN NULL WHEN 'failed' THEN i.note ELSE w.error END
    FROM input i
    WHERE w.id = i.id AND w.term = i.term AND w.holder = $1
      AND EXISTS (SELECT 1 FROM lease l WHERE l.id = $1 AND l.expires_at > clock_timestamp())
    RETURNING w.id, w.kind, w.subject, w.host, w.priority, w.term, i.attempt, w.claimed_at, w.state, w.due_at,
              i.outcome, i.changed, i.note
), history AS (
    INSERT INTO work_run (finished_at, work_id, kind, subject, host, worker, term, attempt, claimed_at, outcome,
                          changed, note)
    SELECT clock_timestamp(), id, kind, subject, host, $1, term, attempt, claimed_at,
           CASE state WHEN 'buried' THEN 'buried' ELSE outcome END, changed, note
    FROM ended
){hosts}
SELECT id, state FROM ended;

-- name: finish_hosts
-- Frees the hosts of what has ended, and moves their lanes on to what waits there next.
, freed AS (
    UPDATE host SET holder = NULL, held_since = NULL
    WHERE host = ANY (ARRAY(SELECT host FROM ended WHERE host IS NOT NULL)) AND holder = $1
    RETURNING host, closed_until
), seen AS MATERIALIZED (
    SELECT l.host, l.kind, l.priority, l.version,
           greatest(f.closed_until,
                    least(CASE e.state WHEN 'waiting' THEN e.due_at ELSE 'infinity' END,
                          (SELECT w.due_at FROM work w
                           WHERE w.host = l.host AND w.kind = l.kind AND w.priority = l.priority
                             AND w.state = 'waiting' ORDER BY w.due_at LIMIT 1))) AS next_at
    FROM ended e
    JOIN freed f ON f.host = e.host
    JOIN lane l ON l.host = e.host AND l.kind = e.kind AND l.priority = e.priority
    ORDER BY l.host
), lanes AS (
    UPDATE lane l SET next_at = s.next_at, version = l.version + 1
    FROM seen s
    WHERE l.host = s.host AND l.kind = s.kind AND l.priority = s.priority AND l.version = s.version
)

-- name: add
-- Makes work that does not exist, updates what is waiting, leaves what is leased or buried alone.
-- $9 says to wake others at once: only where this statement is the whole transaction, since a NOTIFY locks at commit.
WITH input AS MATERIALIZED (
    SELECT DISTINCT ON (kind, subject) *
    FROM unnest((SELECT $1::text[]), $2::text[], $3::text[], $4::jsonb[], $5::smallint[], $6::interval[], $7::boolean[],
                $8::smallint[])
        AS i (kind, subject, host, details, priority, due_in, hasten, max_attempts)
    ORDER BY kind, subject
), hosts AS (
    INSERT INTO host (host) SELECT DISTINCT host FROM input WHERE host IS NOT NULL ORDER BY host
    ON CONFLICT DO NOTHING
), made AS (
    INSERT INTO work (kind, subject, host, details, priority, due_at, max_attempts)
    SELECT kind, subject, host, details, priority, clock_timestamp() + due_in, max_attempts FROM input
    ON CONFLICT (kind, subject) DO NOTHING
    RETURNING kind, host, priority, due_at
), updated AS (
    UPDATE work w
    SET host = i.host, details = i.details,
        due_at = CASE WHEN i.hasten THEN least(w.due_at, clock_timestamp() + i.due_in) ELSE w.due_at END
    FROM input i
    WHERE w.kind = i.kind AND w.subject = i.subject AND w.state = 'waiting'
      AND (w.host IS DISTINCT FROM i.host OR w.details <> i.details
           OR (i.hasten AND w.due_at > clock_timestamp() + i.due_in))
    RETURNING w.kind, w.host, w.priority, w.due_at
), touched AS (
    SELECT * FROM made UNION ALL SELECT * FROM updated
), lanes AS (
    INSERT INTO lane (host, kind, priority, next_at)
    SELECT t.host, t.kind, t.priority, greatest(min(t.due_at), max(h.closed_until))
    FROM touched t LEFT JOIN host h ON h.host = t.host
    WHERE t.host IS NOT NULL
    GROUP BY t.host, t.kind, t.priority ORDER BY t.host, t.kind, t.priority
    ON CONFLICT (host, kind, priority)
    DO UPDATE SET next_at = least(lane.next_at, excluded.next_at), version = lane.version + 1
)
SELECT made, due_kinds,
       CASE WHEN $9::boolean AND due_kinds IS NOT NULL THEN pg_notify('vitality_work', array_to_string(due_kinds, ',')) END AS announced
FROM (SELECT (SELECT count(*) FROM made) AS made,
             (SELECT array_agg(DISTINCT kind) FROM touched WHERE due_at <= clock_timestamp()) AS due_kinds) answer;

-- name: withdraw
-- Forgets work whose subjects are gone; what is leased is left to its holder.
DELETE FROM work WHERE kind = ANY ($1::text[]) AND subject = ANY ($2::text[]) AND state <> 'leased' RETURNING id;

-- name: supersede
-- Forgets the work of a kind but for one subject; what is leased is left to its holder.
DELETE FROM work WHERE kind = $1 AND subject <> $2 AND state <> 'leased' RETURNING id;

-- name: next_due
-- How long until work of these kinds becomes claimable, or another's lease runs out; null when neither is in sight.
SELECT least(
    (SELECT min(lanes.at)
     FROM unnest($2::text[]) AS k (kind) CROSS JOIN (VALUES (3), (2), (1), (0)) AS p (priority)
     CROSS JOIN LATERAL (
         SELECT greatest(l.next_at, h.closed_until) AS at FROM lane l JOIN host h ON h.host = l.host
         WHERE l.kind = k.kind AND l.priority = p.priority AND h.holder IS NULL AND l.next_at < 'infinity'
         ORDER BY l.next_at LIMIT 1) lanes),
    (SELECT min(ready.due_at)
     FROM unnest($2::text[]) AS k (kind) CROSS JOIN (VALUES (3), (2), (1), (0)) AS p (priority)
     CROSS JOIN LATERAL (
         SELECT due_at FROM work
         WHERE host IS NULL AND state = 'waiting' AND kind = k.kind AND priority = p.priority
         ORDER BY due_at LIMIT 1) ready),
    (SELECT min(expires_at) FROM lease WHERE id <> $1)
) - clock_timestamp();

-- name: backlog
-- Counts work by kind and state, with the age of the oldest due piece.
SELECT k.kind,
       count(*) FILTER (WHERE w.state = 'waiting' AND w.due_at <= statement_timestamp()) AS due,
       count(*) FILTER (WHERE w.state = 'waiting' AND w.due_at > statement_timestamp()) AS waiting,
       count(*) FILTER (WHERE w.state = 'leased') AS leased,
       count(*) FILTER (WHERE w.state = 'buried') AS buried,
       statement_timestamp() - min(w.due_at) FILTER (WHERE w.state = 'waiting' AND w.due_at <= statement_timestamp())
           AS oldest
FROM unnest($1::text[]) AS k (kind) LEFT JOIN work w ON w.kind = k.kind
GROUP BY k.kind;

-- name: notify
-- Wakes the workers that wait for these kinds.
SELECT pg_notify('vitality_work', $1);

-- name: reserve
-- Takes the host's next start slot, or moves one's own unused slot; answers when it begins, and whether it was taken.
-- $2 delay, $3 within, $4 guard, $5 the end of one's own slot that was answered too late, $6 the guard of that one.
-- last_slot_at is the end of the slot: the latest instant at which its request may start.
WITH taken AS (
    INSERT INTO host AS h (host, last_slot_at) VALUES ($1, clock_timestamp() + $4::interval)
    ON CONFLICT (host) DO UPDATE
    SET last_slot_at = $4::interval + greatest(clock_timestamp(), CASE
            WHEN h.last_slot_at = $5::timestamptz THEN $5::timestamptz - $6::interval
            ELSE h.last_slot_at + $2::interval END)
    WHERE h.last_slot_at = $5::timestamptz
       OR h.last_slot_at + $2::interval <= clock_timestamp() + $3::interval
    RETURNING last_slot_at
)
SELECT last_slot_at - $4::interval - clock_timestamp() AS wait, last_slot_at AS ends, true AS taken FROM taken
UNION ALL
SELECT last_slot_at + $2::interval - clock_timestamp(), last_slot_at, false FROM host
WHERE host = $1 AND NOT EXISTS (SELECT 1 FROM taken);

-- name: closed_until
-- Until when a host is left alone, if it is.
SELECT closed_until FROM host WHERE host = $1 AND closed_until > clock_timestamp();

-- name: host_failed
-- Notes a failure and closes the host for a time that doubles with each failure in a row; its lanes wait as long.
WITH closed AS (
    INSERT INTO host AS h (host, failures, failure, failed_at, closed_until)
    VALUES ($1, 1, $2, clock_timestamp(), clock_timestamp() + greatest($3::interval, $4::float8 * $5::interval))
    ON CONFLICT (host) DO UPDATE
    SET failures = h.failures + 1, failure = excluded.failure, failed_at = clock_timestamp(),
        closed_until = greatest(h.closed_until, clock_timestamp() + greatest(
            $3::interval, $4::float8 * least($5::interval * power(2, least(h.failures, 20)), $6::interval)))
    RETURNING host, closed_until
), lanes AS (
    UPDATE lane l SET next_at = greatest(l.next_at, c.closed_until), version = l.version + 1
    FROM closed c WHERE l.host = c.host
)
SELECT closed_until FROM closed;

-- name: host_succeeded
-- Starts the count of failures in a row at zero; the next slot counts from the answer, begun $2 ago, if that was later.
UPDATE host
SET failures = 0, failure = NULL,
    last_slot_at = greatest(last_slot_at, clock_timestamp() - $2::interval)
WHERE host = $1 AND (failures > 0 OR last_slot_at < clock_timestamp() - $2::interval);

-- name: robots
-- The host's robots.txt as last asked for, if that is not too long ago.
SELECT status, text, fetched_at FROM host_robots WHERE host = $1 AND fetched_at > clock_timestamp() - $2::interval;

-- name: keep_robots
-- Keeps the newest robots.txt of a host; a worker whose clock is ahead does not make it newer than it is.
INSERT INTO host_robots AS r (host, status, text, fetched_at) VALUES ($1, $2, $3, least($4, clock_timestamp()))
ON CONFLICT (host) DO UPDATE SET status = excluded.status, text = excluded.text, fetched_at = excluded.fetched_at
WHERE r.fetched_at <= excluded.fetched_at;

-- name: workers
-- The workers with a live lease, and those that ended lately.
SELECT w.id, w.name, w.roles, w.pid, w.version, w.started_at, w.ended_at, w.ending, l.renewed_at, l.expires_at,
       coalesce(l.draining, false) AS draining,
       (SELECT count(*) FROM work k WHERE k.holder = w.id AND k.state = 'leased') AS held
FROM worker w LEFT JOIN lease l ON l.id = w.id
WHERE l.id IS NOT NULL OR w.ended_at > clock_timestamp() - $1::interval
ORDER BY w.started_at;

-- name: list_work
-- Pieces of work, the next due first.
SELECT * FROM work WHERE ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR state = $2)
ORDER BY due_at, id LIMIT $3;

-- name: show_work
-- One piece of work.
SELECT * FROM work WHERE id = $1;

-- name: runs_of_work
-- The last runs of a piece of work.
SELECT finished_at, claimed_at, outcome, attempt, term, worker, changed, note
FROM work_run WHERE work_id = $1 ORDER BY finished_at DESC LIMIT $2;

-- name: bring_back
-- Makes waiting or buried work due now, its attempts forgotten; without ids, all buried work (of a kind).
WITH back AS (
    UPDATE work SET state = 'waiting', attempt = 0, error = NULL, due_at = least(due_at, clock_timestamp())
    WHERE CASE WHEN $1::bigint[] IS NOT NULL THEN id = ANY ($1) AND state <> 'leased' ELSE state = 'buried' END
      AND ($2::text IS NULL OR kind = $2)
    RETURNING id, kind, host, priority, due_at
), lanes AS (
    INSERT INTO lane (host, kind, priority, next_at)
    SELECT host, kind, priority, min(due_at) FROM back WHERE host IS NOT NULL
    GROUP BY host, kind, priority ORDER BY host, kind, priority
    ON CONFLICT (host, kind, priority)
    DO UPDATE SET next_at = least(lane.next_at, excluded.next_at), version = lane.version + 1
)
SELECT id, kind FROM back;

-- name: bury
-- Takes waiting work out of the rounds.
UPDATE work SET state = 'buried', error = $2 WHERE id = ANY ($1::bigint[]) AND state = 'waiting' RETURNING id;
