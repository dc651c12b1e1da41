-- ?1 service, ?2 identity. Rows: 1.
SELECT 1 FROM crowded WHERE service = ?1 AND identity = ?2
