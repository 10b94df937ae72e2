-- The record under the earlier system's names, for whoever still asks for it there. Only adds views.
-- works from: 2
-- What has no evidence here is not shown: a row of "ParishData" is a service time that a page states, in the page's words.

CREATE VIEW "Dioceses" AS
SELECT id,
       name AS "Name",
       address AS "Address",
       website AS "Website",
       to_char(last_seen AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS extracted_at
FROM diocese
WHERE removed_at IS NULL;

CREATE VIEW "DiocesesParishDirectory" AS
SELECT d.id AS diocese_id,
       d.website AS diocese_url,
       CASE WHEN f.state = 'found' THEN f.url END AS parish_directory_url,
       CASE WHEN f.state = 'found' THEN 'Success' ELSE 'Not Found' END AS found,
       f.layout AS found_method,
       f.state = 'blocked' AS is_blocked,
       f.reason AS status_description,
       to_char(f.checked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS updated_at
FROM directory f
JOIN diocese d ON d.id = f.diocese_id
WHERE d.removed_at IS NULL;

CREATE VIEW "DioceseParishDirectoryOverride" AS
SELECT diocese_id, override_url AS parish_directory_url
FROM directory
WHERE override_url IS NOT NULL;

CREATE VIEW "Parishes" AS
SELECT id,
       name AS "Name",
       initcap(status) AS "Status",
       street AS "Street Address",
       city AS "City",
       state AS "State",
       zip AS "Zip Code",
       phone AS "Phone Number",
       website AS "Web",
       diocese_id,
       latitude,
       longitude,
       directory_url AS parish_directory_url,
       to_char(last_seen AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS extracted_at
FROM parish
WHERE missing_since IS NULL;

CREATE VIEW "ParishData" AS
SELECT t.id,
       s.parish_id,
       CASE t.service WHEN 'confession' THEN 'ReconciliationSchedule' ELSE 'AdorationSchedule' END AS fact_type,
       t.evidence ->> 'quote' AS fact_value,
       t.evidence ->> 'url' AS fact_source_url,
       round(t.confidence::numeric, 2) AS confidence_score,
       t.extractor AS extraction_method,
       to_char(t.last_verified, 'YYYY-MM-DD') AS created_at
FROM service_time t
JOIN parish_site s ON s.site_id = t.site_id
JOIN parish p ON p.id = s.parish_id AND p.status = 'active' AND p.missing_since IS NULL
WHERE t.service IN ('confession', 'adoration') AND t.kind = 'regular' AND t.status = 'active' AND t.ended_at IS NULL;
COMMENT ON VIEW "ParishData" IS
    'A service time stands once for each parish of its site: which of them it is of says service_time.location.';
