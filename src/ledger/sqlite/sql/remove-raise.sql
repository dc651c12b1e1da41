-- ?1 service, ?2 id.
DELETE FROM raises WHERE service = ?1 AND id = ?2
