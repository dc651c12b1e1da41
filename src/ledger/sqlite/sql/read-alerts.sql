-- A page of alerts, newest first. ?1 service, ?2 number to start before, ?3 rows at most.
SELECT number, alert FROM alerts WHERE service = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3
