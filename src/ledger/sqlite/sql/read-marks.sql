-- Scopes that hold a threshold. ?1 service, ?2 month.
SELECT scope FROM marks WHERE service = ?1 AND month = ?2 AND held > 0 ORDER BY scope
