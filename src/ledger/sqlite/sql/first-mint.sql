-- ?1 service, ?2 month. Rows: the lowest ordinal, NULL in an empty log.
SELECT min(ordinal) FROM mints WHERE service = ?1 AND month = ?2
