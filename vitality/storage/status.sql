-- What the operator sees.

-- name: totals
-- Counts of everything that is current.
SELECT (SELECT count(*) FROM diocese WHERE removed_at IS NULL) AS dioceses,
       (SELECT count(*) FROM directory WHERE state = 'found') AS directories_found,
       (SELECT count(*) FROM directory WHERE state = 'not_found') AS directories_not_found,
       (SELECT count(*) FROM directory WHERE state = 'blocked') AS directories_blocked,
       (SELECT count(*) FROM directory WHERE state = 'failed') AS directories_failed,
       (SELECT count(*) FROM parish WHERE missing_since IS NULL AND status = 'active') AS parishes,
       s.*, t.*
FROM (SELECT count(*) AS sites,
             count(*) FILTER (WHERE state = 'read') AS sites_read,
             count(*) FILTER (WHERE state = 'empty') AS sites_empty,
             count(*) FILTER (WHERE state = 'blocked') AS sites_blocked,
             count(*) FILTER (WHERE state = 'failed') AS sites_failed
      FROM site WHERE EXISTS (SELECT 1 FROM parish_site p WHERE p.site_id = site.id)) s,
     (SELECT count(*) AS service_times,
             count(*) FILTER (WHERE service IN ('mass', 'divine_liturgy')) AS masses,
             count(*) FILTER (WHERE service IN ('confession', 'penance_service')) AS confessions,
             count(*) FILTER (WHERE service IN ('adoration', 'holy_hour')) AS adorations
      FROM service_time t WHERE t.ended_at IS NULL AND t.status = 'active' AND EXISTS (
          SELECT FROM parish_site ps JOIN parish p ON p.id = ps.parish_id
          WHERE ps.site_id = t.site_id AND p.status = 'active' AND p.missing_since IS NULL)) t;

-- name: throughput
-- Runs that ended within a time, by kind.
SELECT kind,
       count(*) FILTER (WHERE outcome = 'done') AS done,
       count(*) FILTER (WHERE outcome IN ('failed', 'buried')) AS failed,
       count(*) FILTER (WHERE outcome = 'snoozed') AS snoozed,
       count(*) FILTER (WHERE outcome = 'expired') AS rescued,
       (count(*) FILTER (WHERE outcome = 'done') * 3600 / extract(epoch FROM $1::interval))::float8 AS per_hour
FROM work_run WHERE finished_at > now() - $1::interval GROUP BY kind ORDER BY kind;

-- name: parked_hosts
-- Hosts that are left alone for now.
SELECT host, closed_until AS until, failures, failure AS reason FROM host
WHERE closed_until > now() ORDER BY closed_until DESC LIMIT $1;

-- name: last_failures
-- The last runs that failed.
SELECT finished_at AS at, work_id, kind, subject, host, outcome, attempt, note AS reason FROM work_run
WHERE outcome IN ('failed', 'buried', 'expired') ORDER BY finished_at DESC LIMIT $1;

-- name: oldest_snapshot
-- How long the oldest open transaction with a snapshot of this database has lasted, one's own left aside.
SELECT coalesce(max(clock_timestamp() - xact_start), interval '0') FROM pg_stat_activity
WHERE datname = current_database() AND backend_xmin IS NOT NULL AND pid <> pg_backend_pid();

-- name: dead_rows
-- Dead rows of the tables of coordination.
SELECT relname AS "table", n_dead_tup AS dead FROM pg_stat_user_tables
WHERE schemaname = current_schema() AND relname IN ('work', 'host', 'lane', 'lease') ORDER BY relname;
