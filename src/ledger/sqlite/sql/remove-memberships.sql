-- ?1 service, ?2 identity.
DELETE FROM memberships WHERE service = ?1 AND identity = ?2
