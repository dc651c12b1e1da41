-- Puts a row of the mint log back, unless it is there. Columns as in `add-mint`.
INSERT INTO mints (
  service, month, ordinal, issued_at, life_seconds, identity, subject, class, intent, rule, is_new
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
ON CONFLICT DO NOTHING
