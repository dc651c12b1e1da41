-- ?1 service, ?2 month, ?3 day, ?4 hour, ?5 class, ?6 identities to add.
INSERT INTO arrivals (service, month, day, hour, class, identities) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT DO UPDATE SET identities = identities + excluded.identities
