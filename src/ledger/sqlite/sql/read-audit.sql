-- A page of the audit log, newest first. ?1 service, ?2 number to start before, ?3 rows at most.
SELECT number, entry FROM audit WHERE service = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3
