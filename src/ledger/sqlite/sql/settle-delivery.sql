-- What was delivered stays so: a gateway that was thought dead may come late. What is skipped (state 3) was no attempt.
-- ?1 service, ?2 target, ?3 number of the alert, ?4 state, ?5 the instant of the attempt, ms, ?6 when the next one is due,
-- ms or NULL, ?7 error as JSON text or NULL.
UPDATE deliveries
SET state = ?4, attempts = attempts + (?4 <> 3), last_attempt_at = CASE ?4 WHEN 3 THEN last_attempt_at ELSE ?5 END,
  due_at = ?6, error = ?7
WHERE service = ?1 AND target = ?2 AND alert = ?3 AND state <> 1
