-- ?1 service, ?2 identity. Rows: how many.
SELECT count(*) FROM memberships WHERE service = ?1 AND identity = ?2
