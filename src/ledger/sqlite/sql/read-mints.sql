-- A page of a month's mint log. ?1 service, ?2 month, ?3 ordinal to start after, ?4 rows at most.
SELECT ordinal, issued_at, life_seconds, identity, subject, class, intent, rule, is_new
FROM mints
WHERE service = ?1 AND month = ?2 AND ordinal > ?3
ORDER BY ordinal
LIMIT ?4
