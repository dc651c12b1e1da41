-- Deliveries that are due, oldest alert first, and whether the alert was there when the target was first named. ?1 service,
-- ?2 targets as a JSON array, ?3 the instant, ms, ?4 rows at most.
SELECT d.target, d.alert, d.attempts, d.alert <= t.newest_before, a.alert
FROM deliveries AS d
JOIN alerts AS a ON a.number = d.alert
JOIN alert_targets AS t ON t.service = d.service AND t.target = d.target
WHERE d.service = ?1 AND d.state = 0 AND d.due_at <= ?3 AND d.target IN (SELECT value FROM json_each(?2))
ORDER BY d.alert, d.target
LIMIT ?4
