-- Takes out some people of a month; the sums stay. ?1 service, ?2 month, ?3 people at most.
DELETE FROM people
WHERE service = ?1 AND month = ?2 AND (bucket, identity) IN (
  SELECT bucket, identity FROM people WHERE service = ?1 AND month = ?2 ORDER BY bucket, identity LIMIT ?3
)
