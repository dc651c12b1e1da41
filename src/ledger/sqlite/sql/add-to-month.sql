-- ?1 service, ?2 month, ?3 further identities, ?4 further mints.
INSERT INTO months (service, month, identities, minted) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO UPDATE SET identities = identities + excluded.identities, minted = minted + excluded.minted
