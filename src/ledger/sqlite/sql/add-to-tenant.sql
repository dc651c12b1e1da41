-- ?1 service, ?2 month, ?3 tenant, ?4 identities to add.
INSERT INTO tenants (service, month, tenant, identities) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO UPDATE SET identities = identities + excluded.identities
