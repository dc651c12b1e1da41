-- ?1 service, ?2 identity.
DELETE FROM crowded WHERE service = ?1 AND identity = ?2
