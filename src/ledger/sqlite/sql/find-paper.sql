-- ?1 service, ?2 month, ?3 name.
SELECT text FROM papers WHERE service = ?1 AND month = ?2 AND name = ?3
