-- What was taken over from the earlier system (`vitality import-legacy`). Only adds; older programs do not look at it.

CREATE TABLE legacy_row (
    old_table   text NOT NULL CHECK (old_table IN ('Dioceses', 'Parishes')),
    old_id      text NOT NULL,
    new_id      bigint NOT NULL,
    imported_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (old_table, old_id)
);
COMMENT ON TABLE legacy_row IS 'Which diocese or parish a row of the earlier system became: a second import takes nothing twice.';

CREATE TABLE legacy_note (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parish_id   bigint NOT NULL REFERENCES parish,
    kind        text NOT NULL CHECK (kind <> ''),
    text        text NOT NULL CHECK (text <> ''),
    source_url  text,
    confidence  text,
    method      text,
    imported_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX legacy_note_once ON legacy_note (parish_id, kind, md5(text), coalesce(source_url, ''));
COMMENT ON TABLE legacy_note IS 'Facts of the earlier system as it wrote them: not verified, without evidence, never shown as service times.';
