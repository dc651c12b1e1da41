-- A row when there is somebody in the month. ?1 service, ?2 month.
SELECT 1 FROM people WHERE service = ?1 AND month = ?2 LIMIT 1
