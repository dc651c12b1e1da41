-- Since when a month is frozen, or NULL. ?1 service, ?2 month.
SELECT since FROM freezes WHERE service = ?1 AND from_month <= ?2 ORDER BY from_month DESC LIMIT 1
