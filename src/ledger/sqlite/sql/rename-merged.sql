-- ?1 service, ?2 identity, ?3 what to call it from now on.
UPDATE merges
SET
  guest = CASE guest WHEN ?2 THEN ?3 ELSE guest END,
  member = CASE member WHEN ?2 THEN ?3 ELSE member END
WHERE service = ?1 AND (guest = ?2 OR member = ?2)
