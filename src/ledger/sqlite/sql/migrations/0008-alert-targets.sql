-- Which targets of alerts were named, and the newest alert that there was when each was first named, 0 for none.
CREATE TABLE alert_targets (
  service INTEGER NOT NULL,
  target TEXT NOT NULL,
  newest_before INTEGER NOT NULL,
  PRIMARY KEY (service, target)
) STRICT, WITHOUT ROWID;

-- Targets known to the version before.
INSERT INTO alert_targets (service, target, newest_before)
SELECT DISTINCT service, target, 0 FROM deliveries;
