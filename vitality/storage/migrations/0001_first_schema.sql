-- The first schema. Valid on Postgres 15 and newer.
-- No foreign keys between the hot tables of coordination: their checks would lock a lease row at every claim.

-- ---------------------------------------------------------------- coordination: who works on what

CREATE TABLE worker (
    id          uuid PRIMARY KEY,
    name        text NOT NULL CHECK (name <> ''),
    roles       text[] NOT NULL CHECK (cardinality(roles) > 0),
    pid         integer,
    version     text,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at    timestamptz,
    ending      text CHECK (ending IN ('closed', 'expired')),
    CHECK ((ended_at IS NULL) = (ending IS NULL))
);
CREATE INDEX worker_recent ON worker (started_at);
COMMENT ON TABLE worker IS 'One row per lease of a process; the id is new at each start.';

CREATE TABLE lease (
    id          uuid PRIMARY KEY,
    renewed_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    draining    boolean NOT NULL DEFAULT false,
    CHECK (expires_at > renewed_at)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
COMMENT ON TABLE lease IS 'The live leases, one per process; work and hosts point here.';

CREATE TABLE host (
    host            text PRIMARY KEY CHECK (host <> '' AND host = lower(host)),
    holder          uuid,
    held_since      timestamptz,
    term            bigint NOT NULL DEFAULT 0,
    last_slot_at    timestamptz NOT NULL DEFAULT '-infinity',
    closed_until    timestamptz NOT NULL DEFAULT '-infinity',
    failures        integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    failure         text,
    failed_at       timestamptz,
    CHECK ((holder IS NULL) = (held_since IS NULL))
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000);
COMMENT ON COLUMN host.last_slot_at IS 'The latest instant at which the last request was allowed to start; the next slot counts from here.';
COMMENT ON COLUMN host.failures IS 'In a row; back to 0 at the first answer.';

CREATE TABLE host_robots (
    host        text PRIMARY KEY,
    status      integer,
    text        text NOT NULL,
    fetched_at  timestamptz NOT NULL
);

CREATE TABLE work (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL CHECK (kind IN
                     ('list_dioceses', 'find_directory', 'extract_parishes', 'read_schedule', 'write_report')),
    subject      text NOT NULL CHECK (subject <> ''),
    host         text CHECK (host <> '' AND host = lower(host)),
    priority     smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 3),
    details      jsonb NOT NULL DEFAULT '{}',
    state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'leased', 'buried')),
    due_at       timestamptz NOT NULL,
    holder       uuid,
    term         integer NOT NULL DEFAULT 0 CHECK (term >= 0),
    attempt      smallint NOT NULL DEFAULT 0,
    max_attempts smallint NOT NULL DEFAULT 5 CHECK (max_attempts BETWEEN 1 AND 100),
    claimed_at   timestamptz,
    settled_at   timestamptz,
    error        text,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (kind, subject),
    CHECK ((state = 'leased') = (holder IS NOT NULL)),
    CHECK (state <> 'leased' OR claimed_at IS NOT NULL),
    CHECK (attempt BETWEEN 0 AND max_attempts),
    CHECK (state <> 'waiting' OR attempt < max_attempts)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000,
        autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000);
CREATE INDEX work_of_host ON work (host, kind, priority, due_at) WHERE state = 'waiting' AND host IS NOT NULL;
CREATE INDEX work_of_none ON work (kind, priority, due_at) WHERE state = 'waiting' AND host IS NULL;
CREATE INDEX work_held ON work (holder) WHERE state = 'leased';
CREATE INDEX work_buried ON work (kind) WHERE state = 'buried';
COMMENT ON TABLE work IS 'Perpetual: one row per subject with the instant at which it is due again.';

CREATE TABLE lane (
    host        text NOT NULL,
    kind        text NOT NULL,
    priority    smallint NOT NULL,
    next_at     timestamptz NOT NULL,
    version     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (host, kind, priority)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000);
CREATE INDEX lane_due ON lane (kind, priority, next_at);
COMMENT ON TABLE lane IS 'What one host has waiting of one kind and priority; next_at is never later than the truth.';

CREATE TABLE work_run (
    finished_at timestamptz NOT NULL,
    work_id     bigint NOT NULL,
    kind        text NOT NULL,
    subject     text NOT NULL,
    host        text,
    worker      uuid NOT NULL,
    term        integer NOT NULL,
    attempt     smallint NOT NULL,
    claimed_at  timestamptz NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('done', 'failed', 'buried', 'snoozed', 'given_back', 'expired')),
    changed     boolean NOT NULL DEFAULT false,
    note        text
) PARTITION BY RANGE (finished_at);
CREATE TABLE work_run_default PARTITION OF work_run DEFAULT;
CREATE INDEX work_run_time ON work_run USING brin (finished_at);
COMMENT ON TABLE work_run IS 'Finished runs, apart from the hot table; pruned by dropping days.';

-- ---------------------------------------------------------------- requests and pages

CREATE TABLE request (
    started_at    timestamptz NOT NULL,
    host          text NOT NULL,
    url           text NOT NULL,
    outcome       text NOT NULL,
    status        integer,
    duration_ms   integer NOT NULL CHECK (duration_ms >= 0),
    bytes_on_wire bigint NOT NULL DEFAULT 0,
    content_hash  text,
    reason        text,
    by_browser    boolean NOT NULL DEFAULT false
) PARTITION BY RANGE (started_at);
CREATE TABLE request_default PARTITION OF request DEFAULT;
CREATE INDEX request_of_host ON request (host, started_at);

CREATE TABLE stored_page (
    hash        text PRIMARY KEY CHECK (hash ~ '^sha256:[0-9a-f]{64}$'),
    body        bytea NOT NULL,
    text        bytea,
    size        integer NOT NULL CHECK (size >= 0),
    stored_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE stored_page ALTER body SET STORAGE EXTERNAL, ALTER text SET STORAGE EXTERNAL;
COMMENT ON COLUMN stored_page.body IS 'zlib; the bytes that the hash is of.';
COMMENT ON COLUMN stored_page.text IS 'zlib of UTF-8; null when it is the body decoded as UTF-8.';

CREATE TABLE page_version (
    url           text NOT NULL,
    hash          text NOT NULL REFERENCES stored_page,
    rendered      boolean NOT NULL,
    final_url     text NOT NULL,
    content_type  text NOT NULL,
    status        integer NOT NULL,
    etag          text,
    last_modified text,
    modified_at   timestamptz,
    captured      jsonb NOT NULL DEFAULT '[]',
    first_fetched_at timestamptz NOT NULL,
    fetched_at    timestamptz NOT NULL,
    PRIMARY KEY (url, hash, rendered),
    CHECK (fetched_at >= first_fetched_at)
);
CREATE INDEX page_version_newest ON page_version (url, rendered, fetched_at DESC);
CREATE INDEX page_version_hash ON page_version (hash);

-- ---------------------------------------------------------------- what was found

CREATE TABLE diocese (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL UNIQUE CHECK (name <> ''),
    former_names text[] NOT NULL DEFAULT '{}',
    address      text,
    city         text,
    state        text,
    zip          text,
    website      text,
    source       text NOT NULL,
    first_seen   timestamptz NOT NULL DEFAULT now(),
    last_seen    timestamptz NOT NULL DEFAULT now(),
    removed_at   timestamptz
);

CREATE TABLE directory (
    diocese_id   bigint PRIMARY KEY REFERENCES diocese,
    state        text NOT NULL CHECK (state IN ('found', 'not_found', 'blocked', 'failed')),
    url          text,
    layout       text,
    data_url     text,
    parishes     integer CHECK (parishes >= 0),
    reason       text,
    evidence     jsonb NOT NULL DEFAULT '{}',
    override_url text,
    override_note text,
    checked_at   timestamptz NOT NULL DEFAULT now(),
    found_at     timestamptz,
    CHECK (state <> 'found' OR (url IS NOT NULL AND layout IS NOT NULL AND found_at IS NOT NULL)),
    CHECK (state NOT IN ('blocked', 'failed') OR reason IS NOT NULL)
);
COMMENT ON COLUMN directory.override_url IS 'Set by a person; no finder changes it.';

CREATE TABLE parish (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    diocese_id      bigint NOT NULL REFERENCES diocese,
    identity        text NOT NULL CHECK (identity <> ''),
    name            text NOT NULL CHECK (name <> ''),
    alternate_names text[] NOT NULL DEFAULT '{}',
    kind            text NOT NULL,
    status          text NOT NULL CHECK (status IN ('active', 'merged', 'closed')),
    merged_into     text,
    rite            text,
    street          text,
    city            text,
    state           text,
    zip             text,
    latitude        double precision CHECK (latitude BETWEEN -90 AND 90),
    longitude       double precision CHECK (longitude BETWEEN -180 AND 180),
    phone           text,
    email           text,
    website         text,
    pastor          text,
    deanery         text,
    mailing_address text,
    mother_parish   text,
    languages       text[] NOT NULL DEFAULT '{}',
    directory_url   text,
    detail_url      text,
    sources         jsonb NOT NULL DEFAULT '{}',
    first_seen      timestamptz NOT NULL DEFAULT now(),
    last_seen       timestamptz NOT NULL DEFAULT now(),
    missing_since   timestamptz,
    UNIQUE (diocese_id, identity)
);
COMMENT ON COLUMN parish.sources IS 'Field name to {"url", "last_seen"}.';
COMMENT ON COLUMN parish.missing_since IS 'No longer in the directory, though it was read; the row stays.';

CREATE TABLE church (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parish_id   bigint NOT NULL REFERENCES parish,
    name        text NOT NULL CHECK (name <> ''),
    street      text,
    city        text,
    state       text,
    zip         text,
    latitude    double precision CHECK (latitude BETWEEN -90 AND 90),
    longitude   double precision CHECK (longitude BETWEEN -180 AND 180),
    source      text NOT NULL,
    first_seen  timestamptz NOT NULL DEFAULT now(),
    last_seen   timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (parish_id, name, street, city)
);
COMMENT ON TABLE church IS 'Worship sites of a parish.';

CREATE TABLE site (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key             text NOT NULL UNIQUE CHECK (key <> ''),
    url             text NOT NULL CHECK (url <> ''),
    host            text NOT NULL CHECK (host <> '' AND host = lower(host)),
    state           text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'read', 'empty', 'blocked', 'failed')),
    reason          text,
    first_seen      timestamptz NOT NULL DEFAULT now(),
    last_attempt_at timestamptz,
    last_read_at    timestamptz,
    CHECK (state NOT IN ('blocked', 'failed') OR reason IS NOT NULL)
);

COMMENT ON COLUMN site.key IS 'The address without scheme, "www." and final slash: by it one site is known as one.';

CREATE TABLE parish_site (
    parish_id   bigint NOT NULL REFERENCES parish,
    site_id     bigint NOT NULL REFERENCES site,
    first_seen  timestamptz NOT NULL DEFAULT now(),
    last_seen   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (parish_id, site_id)
);
CREATE INDEX parish_site_site ON parish_site (site_id);

CREATE TABLE site_reading (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id     bigint NOT NULL REFERENCES site,
    read_at     timestamptz NOT NULL DEFAULT now(),
    outcome     text NOT NULL CHECK (outcome IN ('read', 'empty', 'blocked', 'failed')),
    reason      text,
    requests    integer NOT NULL DEFAULT 0,
    pages       text[] NOT NULL DEFAULT '{}',
    found       integer NOT NULL DEFAULT 0,
    added       integer NOT NULL DEFAULT 0,
    superseded  integer NOT NULL DEFAULT 0
);
CREATE INDEX site_reading_site ON site_reading (site_id, read_at);

CREATE TABLE service_time (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id        bigint NOT NULL REFERENCES site,
    identity       text NOT NULL,
    service        text NOT NULL,
    days           text[] NOT NULL DEFAULT '{}',
    dates          text[] NOT NULL DEFAULT '{}',
    kind           text NOT NULL CHECK (kind IN ('regular', 'dated')),
    starts         time,
    ends           time,
    start_rel      jsonb,
    end_rel        jsonb,
    subtype        text,
    language       text[] NOT NULL DEFAULT '{}',
    rite           text,
    location       text,
    season         text,
    except_on      text[] NOT NULL DEFAULT '{}',
    by_appointment boolean NOT NULL DEFAULT false,
    status         text NOT NULL CHECK (status IN ('active', 'cancelled', 'suspended', 'superseded')),
    notes          text,
    inferred       text[] NOT NULL DEFAULT '{}',
    evidence       jsonb NOT NULL CHECK (evidence ? 'quote' AND evidence ? 'content_hash' AND evidence ->> 'quote' <> ''),
    confidence     real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    extractor      text NOT NULL,
    first_seen     date NOT NULL,
    last_seen      date NOT NULL,
    last_verified  date NOT NULL,
    ended_at       timestamptz,
    CHECK (kind <> 'dated' OR days = '{}'),
    CHECK (first_seen <= last_seen AND last_seen <= last_verified)
);
CREATE UNIQUE INDEX service_time_current ON service_time (site_id, identity) WHERE ended_at IS NULL;
CREATE INDEX service_time_site ON service_time (site_id);
COMMENT ON COLUMN service_time.ended_at IS 'A later reading of the site no longer shows it; the row stays as history.';

CREATE TABLE report (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    made_at     timestamptz NOT NULL DEFAULT now(),
    fingerprint text NOT NULL,
    folder      text NOT NULL,
    files       jsonb NOT NULL DEFAULT '[]',
    counts      jsonb NOT NULL DEFAULT '{}'
);

-- ---------------------------------------------------------------- days of the partitioned tables

CREATE FUNCTION vitality_make_days(ahead integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    day    date;
    made   integer := 0;
BEGIN
    FOREACH parent IN ARRAY ARRAY['work_run', 'request'] LOOP
        FOR day IN SELECT generate_series(current_date, current_date + ahead, '1 day')::date LOOP
            IF to_regclass(format('%s_%s', parent, to_char(day, 'YYYYMMDD'))) IS NULL THEN
                BEGIN
                    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                                   parent || '_' || to_char(day, 'YYYYMMDD'), parent, day, day + 1);
                    made := made + 1;
                EXCEPTION WHEN check_violation THEN
                    NULL; -- upkeep came too late: rows of this day lie in the default partition and stay there
                END;
            END IF;
        END LOOP;
    END LOOP;
    RETURN made;
END $$;
COMMENT ON FUNCTION vitality_make_days IS 'Makes the partitions of today and of the days ahead; returns how many.';

CREATE FUNCTION vitality_drop_days(parent text, before date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    part    text;
    dropped integer := 0;
BEGIN
    FOR part IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = parent::regclass AND c.relname ~ '_\d{8}$'
          AND to_date(right(c.relname, 8), 'YYYYMMDD') < before
    LOOP
        EXECUTE format('DROP TABLE %I', part);
        dropped := dropped + 1;
    END LOOP;
    EXECUTE format('DELETE FROM %I WHERE %I < %L', parent || '_default',
                   CASE parent WHEN 'request' THEN 'started_at' ELSE 'finished_at' END, before);
    RETURN dropped;
END $$;
COMMENT ON FUNCTION vitality_drop_days IS 'Drops the days of a partitioned table before a date; returns how many.';

SELECT vitality_make_days(3);

-- ---------------------------------------------------------------- the old names, for whoever still watches them

CREATE VIEW pipeline_workers AS
SELECT w.id::text AS worker_id,
       w.name AS pod_name,
       CASE WHEN cardinality(w.roles) > 1 THEN 'all' ELSE w.roles[1] END AS worker_type,
       CASE WHEN l.expires_at > clock_timestamp() THEN 'active'
            WHEN w.ending = 'closed' THEN 'inactive'
            ELSE 'failed' END AS status,
       coalesce(l.renewed_at, w.ended_at, w.started_at) AS last_heartbeat,
       coalesce((SELECT array_agg(DISTINCT (k.details ->> 'diocese_id')::bigint)
                 FROM work k
                 WHERE k.holder = w.id AND k.state = 'leased' AND k.details ->> 'diocese_id' ~ '^\d+$'), '{}')
           AS assigned_dioceses,
       w.started_at AS created_at
FROM worker w LEFT JOIN lease l ON l.id = w.id;

CREATE VIEW diocese_work_assignments AS
SELECT k.id,
       (k.details ->> 'diocese_id')::bigint AS diocese_id,
       coalesce(k.holder, r.worker)::text AS worker_id,
       k.claimed_at AS assigned_at,
       CASE WHEN k.state = 'leased' THEN 'processing'
            WHEN k.state = 'buried' OR k.error IS NOT NULL THEN 'failed'
            ELSE 'completed' END AS status,
       k.settled_at AS completed_at
FROM work k
LEFT JOIN LATERAL (SELECT worker FROM work_run WHERE work_id = k.id AND k.state <> 'leased'
                   ORDER BY finished_at DESC LIMIT 1) r ON true
WHERE k.details ->> 'diocese_id' ~ '^\d+$' AND (k.state = 'leased' OR r.worker IS NOT NULL);
