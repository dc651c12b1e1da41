-- ?1 service, ?2 entry as JSON.
INSERT INTO audit (service, entry) VALUES (?1, ?2)
