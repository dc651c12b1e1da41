-- ?1 service, ?2 month.
DELETE FROM replayed WHERE service = ?1 AND month = ?2
