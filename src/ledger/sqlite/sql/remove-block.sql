-- ?1 service, ?2 identity.
DELETE FROM blocks WHERE service = ?1 AND identity = ?2
