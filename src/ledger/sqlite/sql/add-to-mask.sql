-- ?1 service, ?2 month, ?3 class, ?4 mask, ?5 identities to add, negative when they left for another mask.
INSERT INTO masks (service, month, class, mask, identities) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT DO UPDATE SET identities = identities + excluded.identities
