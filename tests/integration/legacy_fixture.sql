-- A small database in the earlier system's form: quoted names, varchar times, text facts, and what went wrong there.
CREATE TABLE "Dioceses" (id bigint PRIMARY KEY, "Name" varchar, "Address" varchar, "Website" varchar, extracted_at varchar);
INSERT INTO "Dioceses" VALUES
    (1, 'Diocese of Salina', '103 N. 9th, Salina KS 67401', 'https://salina.example.org/', '2025-03-01 00:00:00'),
    (2, 'Diocese of Joplin', NULL, 'http://joplin.example.org', 'yesterday'),
    (3, 'diocese of  Salina', NULL, 'https://salina.example.org', '2025-03-02 00:00:00'),
    (4, '  ', NULL, NULL, NULL),
    (5, 'Eparchy without a site', NULL, NULL, '2025-03-01 00:00:00');

CREATE TABLE "DiocesesParishDirectory" (
    diocese_id bigint, diocese_url varchar, parish_directory_url varchar, found varchar, found_method varchar, is_blocked boolean
);
INSERT INTO "DiocesesParishDirectory" VALUES
    (1, 'https://salina.example.org', 'https://salina.example.org/find', 'Success', 'search', false),
    (3, 'https://salina.example.org', 'https://salina.example.org/find-a-parish', 'Success', 'model', false),
    (2, 'http://joplin.example.org', NULL, 'Failed', NULL, true),
    (5, NULL, NULL, 'Failed', NULL, NULL),
    (77, 'http://nowhere.example.org', 'http://nowhere.example.org/p', 'Success', 'search', false);

CREATE TABLE "DioceseParishDirectoryOverride" (diocese_id bigint, parish_directory_url varchar);
INSERT INTO "DioceseParishDirectoryOverride" VALUES
    (1, 'https://salina.example.org/parishes'),
    (3, 'https://salina.example.org/parishes'),
    (3, 'https://salina.example.org/zz-other'),
    (2, 'ask the chancery');

CREATE TABLE "Parishes" (
    id bigint PRIMARY KEY, "Name" varchar, "Status" varchar, "Street Address" varchar, "City" varchar, "State" varchar, "Zip Code" varchar,
    "Phone Number" varchar, "Web" varchar, diocese_id bigint, latitude varchar, longitude double precision, extracted_at varchar
);
INSERT INTO "Parishes" VALUES
    (1, 'St. Mary', 'Active', '230 Main St', 'Salina', 'Kansas', '67401', NULL, 'http://cluster.example.org', 1, '38.84', -97.61, '2025-03-04 05:06:07'),
    (2, 'Saint Mary Parish', 'Active', '230 Main Street', 'Salina', 'KS', NULL, '785-555-0101', NULL, 3, NULL, NULL, '2025-03-04 05:06:07'),
    (3, 'St. Mary', NULL, '9 Elm St', 'Salina', 'KS', NULL, NULL, NULL, 1, NULL, NULL, '2025-03-04 05:06:07'),
    (4, 'St. Mary', 'Active', NULL, 'Glasco', 'KS', NULL, NULL, 'https://www.cluster.example.org/', 1, '0', 0, '03/04/2025'),
    (5, 'St. Mary', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
    (6, 'Holy Family', 'see website', NULL, 'Hays', 'KS', NULL, NULL, 'https://salina.example.org', 1, '138.9', 12, 'last Tuesday'),
    (7, 'Holy Family', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
    (8, 'St. Rose', 'Closed', NULL, 'Salina', 'KS', NULL, NULL, 'rose.example.org', 1, NULL, NULL, '2025-03-04'),
    (9, NULL, 'Active', '1 A St', 'Salina', 'KS', NULL, NULL, NULL, 1, NULL, NULL, NULL),
    (10, 'St. Peter', 'Mission', NULL, 'Joplin', 'MO', NULL, NULL, 'ask at the office', 2, NULL, NULL, NULL),
    (11, 'St. Jude', 'Active', NULL, 'Elsewhere', 'KS', NULL, NULL, NULL, 99, NULL, NULL, NULL),
    (12, 'St. Mary', 'Active', NULL, 'Joplin', 'MO', NULL, NULL, NULL, 2, NULL, NULL, NULL);

CREATE TABLE "ParishData" (
    parish_id bigint, fact_type varchar, fact_value text, fact_source_url varchar, confidence_score varchar, extraction_method varchar
);
INSERT INTO "ParishData" VALUES
    (1, 'ReconciliationSchedule', 'Saturdays 3 to 4', 'http://cluster.example.org/times', '0.8', 'keyword'),
    (2, 'ReconciliationSchedule', 'Saturdays 3 to 4', 'http://cluster.example.org/times', '0.8', 'keyword'),
    (1, 'AdorationSchedule', '{"schedule": "Sat 3-4pm", "x": ', 'http://cluster.example.org/times', NULL, 'model'),
    (7, 'AdorationSchedule', 'First Fridays', NULL, NULL, NULL),
    (10, 'ReconciliationSchedule', '{"schedule": "By appointment"}', NULL, '1', NULL),
    (4, 'AdorationSchedule', '  ', NULL, NULL, NULL),
    (3, 'AdorationSchedule', 'Tuesdays', NULL, NULL, NULL),
    (404, 'AdorationSchedule', 'Mondays', NULL, NULL, NULL);

CREATE TABLE pipeline_workers (worker_id varchar PRIMARY KEY, pod_name varchar, worker_type varchar, status varchar);
INSERT INTO pipeline_workers VALUES ('pipeline-deployment-0', 'pipeline-deployment-0', 'all', 'active');
CREATE TABLE diocese_work_assignments (id bigint PRIMARY KEY, diocese_id bigint, worker_id varchar, status varchar);
