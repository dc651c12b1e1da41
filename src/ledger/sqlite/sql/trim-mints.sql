-- Takes rows off the beginning of a month's mint log. ?1 service, ?2 month, ?3 ordinal of the last that may go, ?4 rows at
-- most.
DELETE FROM mints
WHERE service = ?1 AND month = ?2 AND ordinal IN (
  SELECT ordinal FROM mints WHERE service = ?1 AND month = ?2 AND ordinal <= ?3 ORDER BY ordinal LIMIT ?4
)
