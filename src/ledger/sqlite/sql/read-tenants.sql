-- Identities by tenant in a month. ?1 service, ?2 month.
SELECT tenant, identities FROM tenants WHERE service = ?1 AND month = ?2
