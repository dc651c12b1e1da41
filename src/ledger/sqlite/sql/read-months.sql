-- Months with at least one identity, newest first. ?1 service.
SELECT month FROM months WHERE service = ?1 AND identities > 0 ORDER BY month DESC
