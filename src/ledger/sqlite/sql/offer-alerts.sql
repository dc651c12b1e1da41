-- Makes a delivery, due at once, of every alert that a target was not offered before. Alerts are offered in the order
-- of writing, so the latest one tells. ?1 service, ?2 target, ?3 the instant, ms.
INSERT INTO deliveries (service, target, alert, state, attempts, due_at)
SELECT service, ?2, number, 0, 0, ?3
FROM alerts
WHERE service = ?1
  AND number > coalesce((SELECT max(alert) FROM deliveries WHERE service = ?1 AND target = ?2), 0)
