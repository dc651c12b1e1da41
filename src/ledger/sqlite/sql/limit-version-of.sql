-- ?1 service.
SELECT version FROM limit_versions WHERE service = ?1
