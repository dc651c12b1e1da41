-- The highest threshold held by a scope. ?1 service, ?2 month, ?3 scope.
SELECT held FROM marks WHERE service = ?1 AND month = ?2 AND scope = ?3
