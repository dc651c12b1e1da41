-- ?1 service, ?2 target, ?3 number of the alert, ?4 when it is due again unless settled before, ms.
UPDATE deliveries SET due_at = ?4 WHERE service = ?1 AND target = ?2 AND alert = ?3
