-- ?1 service.
INSERT INTO limit_versions (service, version) VALUES (?1, 1) ON CONFLICT DO UPDATE SET version = version + 1
