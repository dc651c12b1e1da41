-- Notes the newest alert that there is when a target is first named. ?1 service, ?2 target.
INSERT OR IGNORE INTO alert_targets (service, target, newest_before)
VALUES (?1, ?2, (SELECT coalesce(max(number), 0) FROM alerts WHERE service = ?1))
