-- ?1 service, ?2 guest, ?3 member, ?4 the instant, ms.
INSERT INTO merges (service, guest, member, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING
