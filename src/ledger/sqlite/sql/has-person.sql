-- A row when the identity is counted in the month. ?1 service, ?2 month, ?3 bucket, ?4 identity.
SELECT 1 FROM people WHERE service = ?1 AND month = ?2 AND bucket = ?3 AND identity = ?4
