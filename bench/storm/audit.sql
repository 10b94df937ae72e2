-- What the storm has Postgres write down beside the program: who claimed, ended and wrote what, over which connection.
-- The connection's port tells the process (the wires know whose it is); the program knows nothing of this.

CREATE SCHEMA audit;

CREATE TABLE audit.turn (
    n            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    xid          xid8 NOT NULL DEFAULT pg_current_xact_id(),
    port         integer NOT NULL DEFAULT coalesce(inet_client_port(), 0),
    what         text NOT NULL,
    work_id      bigint NOT NULL,
    host         text,
    holder       uuid NOT NULL,
    term         bigint NOT NULL,
    attempt      integer NOT NULL,
    max_attempts integer NOT NULL,
    becomes      text NOT NULL,
    lease_left   interval
);

CREATE TABLE audit.finding (
    at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    xid   xid8 NOT NULL DEFAULT pg_current_xact_id(),
    port  integer NOT NULL DEFAULT coalesce(inet_client_port(), 0),
    place text NOT NULL,
    PRIMARY KEY (xid, place)
);

CREATE TABLE audit.entry (
    at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    worker uuid PRIMARY KEY,
    pid    integer
);

CREATE FUNCTION audit.note_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.holder IS NOT NULL AND (NEW.holder IS DISTINCT FROM OLD.holder OR NEW.term <> OLD.term) THEN
        INSERT INTO audit.turn (what, work_id, host, holder, term, attempt, max_attempts, becomes, lease_left)
        VALUES ('end', OLD.id, OLD.host, OLD.holder, OLD.term, OLD.attempt, OLD.max_attempts, NEW.state,
                (SELECT expires_at - clock_timestamp() FROM lease WHERE id = OLD.holder));
    END IF;
    IF NEW.holder IS NOT NULL AND (NEW.holder IS DISTINCT FROM OLD.holder OR NEW.term <> OLD.term) THEN
        INSERT INTO audit.turn (what, work_id, host, holder, term, attempt, max_attempts, becomes, lease_left)
        VALUES ('claim', NEW.id, NEW.host, NEW.holder, NEW.term, NEW.attempt, NEW.max_attempts, NEW.state,
                (SELECT expires_at - clock_timestamp() FROM lease WHERE id = NEW.holder));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note_turn AFTER UPDATE ON work FOR EACH ROW EXECUTE FUNCTION audit.note_turn();

CREATE FUNCTION audit.note_finding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit.finding (place) VALUES (TG_TABLE_NAME) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION audit.note_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit.entry (worker, pid) VALUES (NEW.id, NEW.pid);
    RETURN NULL;
END $$;
CREATE TRIGGER note_entry AFTER INSERT ON worker FOR EACH ROW EXECUTE FUNCTION audit.note_entry();

DO $$
DECLARE
    place text;
BEGIN
    FOR place IN SELECT t FROM unnest(ARRAY['diocese', 'directory', 'parish', 'church', 'site', 'parish_site',
                                            'site_reading', 'service_time', 'report']) AS t
                 WHERE to_regclass(t) IS NOT NULL LOOP
        EXECUTE format('CREATE TRIGGER note_finding AFTER INSERT OR UPDATE OR DELETE ON %I
                        FOR EACH ROW EXECUTE FUNCTION audit.note_finding()', place);
    END LOOP;
END $$;
