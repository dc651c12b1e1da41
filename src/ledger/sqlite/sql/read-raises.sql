-- ?1 service, ?2 month.
SELECT entry FROM raises WHERE service = ?1 AND month = ?2 ORDER BY number
