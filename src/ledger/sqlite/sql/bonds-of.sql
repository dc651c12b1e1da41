-- What an own identity is served as, and the own identity that is served as it; each NULL when there is none.
-- ?1 service, ?2 identity.
SELECT
  (SELECT effective FROM links WHERE service = ?1 AND own = ?2),
  (SELECT own FROM adoptions WHERE service = ?1 AND identity = ?2)
