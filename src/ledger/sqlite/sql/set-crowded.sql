-- ?1 service, ?2 identity.
INSERT INTO crowded (service, identity) VALUES (?1, ?2) ON CONFLICT DO NOTHING
