-- What follows from printed addresses, since when a parish is closed, and how often its directory left it out.
-- Only adds, but for a table that no version ever wrote or read: older programs go on beside it.
-- works from: 2

ALTER TABLE parish
    ADD COLUMN derived jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN status_since timestamptz,
    ADD COLUMN missed smallint NOT NULL DEFAULT 0 CHECK (missed >= 0);
COMMENT ON COLUMN parish.derived IS
    'Printed nowhere: "state", "latitude", "longitude" (middle of the ZIP code), "timezone", and "doubts" about what is printed.';
COMMENT ON COLUMN parish.status_since IS 'The first reading that gave the status; null for one that was always active.';
COMMENT ON COLUMN parish.missed IS 'Complete readings of the directory in a row that left the parish out.';

-- Worship sites that a directory lists are parishes of their own kind that share a site (parish_site) or name their
-- mother parish; where a service is held stands in service_time.location. A second place for it would be a second truth.
DROP TABLE church;
