-- Renames in the mint log, wherever it stands. Reads the log of the month. ?1 service, ?2 month, ?3 identity, ?4 what
-- to call it from now on.
UPDATE mints
SET
  identity = CASE identity WHEN ?3 THEN ?4 ELSE identity END,
  subject = CASE subject WHEN ?3 THEN ?4 ELSE subject END
WHERE service = ?1 AND month = ?2 AND (identity = ?3 OR subject = ?3)
