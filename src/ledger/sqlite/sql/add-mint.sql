-- Logs a mint. ?1 service, ?2 month, ?3 ordinal, ?4 issued at, ?5 life (s), ?6 identity, ?7 own identity or NULL when
-- the same, ?8 class, ?9 intent, ?10 rule, ?11 1 when the mint counted the identity, else 0.
INSERT INTO mints (
  service, month, ordinal, issued_at, life_seconds, identity, subject, class, intent, rule, is_new
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
