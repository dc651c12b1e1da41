-- What became of an alert at each target. ?1 number of the alert.
SELECT target, state, attempts, last_attempt_at, due_at, error FROM deliveries WHERE alert = ?1 ORDER BY target
