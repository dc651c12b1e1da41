-- How many identities a tenant has in a month. ?1 service, ?2 month, ?3 tenant.
SELECT identities FROM tenants WHERE service = ?1 AND month = ?2 AND tenant = ?3
