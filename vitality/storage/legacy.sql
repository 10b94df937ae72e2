-- The earlier system's tables, read as text whatever their columns' types; and what is kept of them.

-- name: tables
-- Which of the earlier system's tables are missing; views of these names are our own.
SELECT name
FROM unnest($1::text[]) WITH ORDINALITY AS t (name, place)
WHERE NOT EXISTS (SELECT FROM pg_class WHERE oid = to_regclass(quote_ident(name)) AND relkind IN ('r', 'p', 'f'))
ORDER BY place;

-- name: look_there
-- Looks from now on only in the first schema of the search path that has one of these as a table: our views stay out.
SELECT set_config('search_path', (
    SELECT quote_ident(n.nspname)
    FROM unnest(current_schemas(false)) WITH ORDINALITY AS s (nspname, place)
    JOIN pg_namespace n USING (nspname)
    JOIN pg_class c ON c.relnamespace = n.oid
    WHERE c.relname = ANY ($1::text[]) AND c.relkind IN ('r', 'p', 'f')
    ORDER BY s.place
    LIMIT 1
), true);

-- name: old_dioceses
-- Dioceses of the earlier system.
SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t))) AS cells FROM "Dioceses" t ORDER BY to_jsonb(t) ->> 'id';

-- name: old_directories
-- Directories that the earlier system found or not.
SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t))) AS cells FROM "DiocesesParishDirectory" t ORDER BY to_jsonb(t)::text;

-- name: old_overrides
-- Directories that a person named.
SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t))) AS cells FROM "DioceseParishDirectoryOverride" t ORDER BY to_jsonb(t)::text;

-- name: old_parishes
-- Parishes of the earlier system.
SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t))) AS cells FROM "Parishes" t ORDER BY to_jsonb(t) ->> 'id';

-- name: old_facts
-- Free-text facts of the earlier system.
SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t))) AS cells FROM "ParishData" t ORDER BY to_jsonb(t)::text;

-- name: known_rows
-- What earlier imports made of one old table's rows.
SELECT old_id, new_id FROM legacy_row WHERE old_table = $1;

-- name: keep_row
-- Remembers what an old row became.
INSERT INTO legacy_row (old_table, old_id, new_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: diocese_names
-- All dioceses, removed ones too.
SELECT id, name FROM diocese;

-- name: date_diocese
-- Dates a diocese that was just taken over as the earlier system did.
UPDATE diocese SET first_seen = $2, last_seen = $2 WHERE id = $1;

-- name: date_parishes
-- Dates parishes that were just taken over as the earlier system did.
UPDATE parish SET first_seen = $3, last_seen = $3 WHERE diocese_id = $1 AND identity = ANY ($2::text[])
RETURNING id, identity;

-- name: keep_note
-- Keeps a fact as a note, once.
INSERT INTO legacy_note (parish_id, kind, text, source_url, confidence, method) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING RETURNING id;
