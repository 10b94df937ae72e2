-- The sample web as the earlier system would have kept it: its tables, its text times, its prose, and its slips.
CREATE TABLE "Dioceses" (id serial PRIMARY KEY, "Name" varchar, "Address" varchar, "Website" varchar, extracted_at varchar);
INSERT INTO "Dioceses" VALUES
    (1, 'Archdiocese of Port Merrow', '12 Harbor Street, Port Merrow, ME 04990', 'http://www.portmerrow.example.org/', '2025-03-01 08:00:00'),
    (2, 'Diocese of Cedar Plains', NULL, 'http://www.cedarplains.example.org', '2025-03-01 08:00:00'),
    (3, 'Diocese of Cedar Plains', NULL, 'http://www.cedarplains.example.org/', '2025-04-01 08:00:00'),
    (4, 'Diocese of Lake Hollis', NULL, NULL, 'unknown');
CREATE TABLE "DiocesesParishDirectory" (
    diocese_id integer, diocese_url varchar, parish_directory_url varchar, found varchar, found_method varchar, is_blocked boolean
);
INSERT INTO "DiocesesParishDirectory" VALUES
    (1, 'http://www.portmerrow.example.org/', 'http://www.portmerrow.example.org/parishes', 'Success', 'search', false);
CREATE TABLE "DioceseParishDirectoryOverride" (diocese_id integer, parish_directory_url varchar);
CREATE TABLE "Parishes" (
    id serial PRIMARY KEY, "Name" varchar, "Status" varchar, "Street Address" varchar, "City" varchar, "State" varchar, "Zip Code" varchar,
    "Phone Number" varchar, "Web" varchar, diocese_id integer, latitude double precision, longitude double precision, extracted_at varchar
);
INSERT INTO "Parishes" VALUES
    (1, 'St. Joseph', 'Active', '77 Main Street', 'Easton Mills', 'ME', '04991', NULL, 'http://stjosepheastonmills.example.org/', 1, NULL, NULL, '2025-03-02 08:00:00'),
    (2, 'St. Joseph', 'Active', '140 Church Street', 'Norbury', 'ME', '04992', NULL, 'http://stjosephnorbury.example.org/', 1, NULL, NULL, '2025-03-02 08:00:00'),
    (3, 'St. Peter', 'Active', '2 Dory Lane', 'Kelp Cove', 'ME', '04995', NULL, 'http://harborislandparishes.example.org/', 1, NULL, NULL, '2025-03-02 08:00:00'),
    (4, 'Star of the Sea', 'Active', '15 Beacon Hill', 'Gull Island', 'ME', '04996', NULL, 'http://harborislandparishes.example.org/', 1, NULL, NULL, '2025-03-02 08:00:00'),
    (5, 'St. Nobody', 'Active', '1 Nowhere Road', 'Port Merrow', 'ME', '04990', NULL, NULL, 1, NULL, NULL, '2025-03-02 08:00:00');
CREATE TABLE "ParishData" (
    id serial PRIMARY KEY, parish_id integer, fact_type varchar, fact_value text, fact_source_url varchar, confidence_score integer, extraction_method varchar
);
INSERT INTO "ParishData" VALUES
    (1, 1, 'ReconciliationSchedule', 'Any time at all', 'http://stjosepheastonmills.example.org/', 80, 'keyword'),
    (2, 3, 'AdorationSchedule', '{"schedule": ', NULL, NULL, 'model');
CREATE TABLE pipeline_workers (
    worker_id varchar PRIMARY KEY, pod_name varchar, worker_type varchar, status varchar, last_heartbeat timestamptz, assigned_dioceses integer[], created_at timestamptz
);
INSERT INTO pipeline_workers VALUES ('old', 'pipeline-deployment-7', 'all', 'inactive', now() - interval '1 hour', '{}', now() - interval '1 day');
CREATE TABLE diocese_work_assignments (
    id serial PRIMARY KEY, diocese_id integer, worker_id varchar, assigned_at timestamptz, status varchar, completed_at timestamptz
);
