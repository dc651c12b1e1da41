-- Budgets that operators steer, their alerts, the audit log, and identities that are one person.
-- The table `answers` has a further kind since here. 3: a rule in shadow would have refused, code a name.

-- Budgets that an operator has set, from a month on. Where there is one, what is configured no longer matters.
CREATE TABLE operator_budgets (
  service INTEGER NOT NULL,
  from_month INTEGER NOT NULL,
  budget TEXT NOT NULL,
  PRIMARY KEY (service, from_month)
) STRICT, WITHOUT ROWID;

-- Limits lifted for a time, in order of creation. `entry` is JSON.
CREATE TABLE raises (
  number INTEGER PRIMARY KEY,
  service INTEGER NOT NULL,
  month INTEGER NOT NULL,
  id TEXT NOT NULL,
  entry TEXT NOT NULL,
  UNIQUE (service, id)
) STRICT;

CREATE INDEX raises_by_month ON raises (service, month);

-- How often the limits of a service were changed.
CREATE TABLE limit_versions (
  service INTEGER PRIMARY KEY,
  version INTEGER NOT NULL
) STRICT;

-- What operators did. `entry` is JSON.
CREATE TABLE audit (
  number INTEGER PRIMARY KEY,
  service INTEGER NOT NULL,
  entry TEXT NOT NULL
) STRICT;

CREATE INDEX audit_by_service ON audit (service, number);

-- Answers kept for repeated requests. `key` and `answer` are JSON text, `until` ms since the epoch.
CREATE TABLE kept_answers (
  service INTEGER NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  answer TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (service, key)
) STRICT, WITHOUT ROWID;

-- Thresholds reached, or left again. `alert` is JSON.
CREATE TABLE alerts (
  number INTEGER PRIMARY KEY,
  service INTEGER NOT NULL,
  alert TEXT NOT NULL
) STRICT;

CREATE INDEX alerts_by_service ON alerts (service, number);

-- The highest threshold (percent) whose alert was written and not taken back; scope is a name.
CREATE TABLE marks (
  service INTEGER NOT NULL,
  month INTEGER NOT NULL,
  scope INTEGER NOT NULL,
  held INTEGER NOT NULL,
  PRIMARY KEY (service, month, scope)
) STRICT, WITHOUT ROWID;

-- The latest hour of a month, from 0, in which the spike guard has tripped.
CREATE TABLE spikes (
  service INTEGER NOT NULL,
  month INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  PRIMARY KEY (service, month)
) STRICT, WITHOUT ROWID;

-- What became of an alert at a target. state 0: pending, 1: delivered, 2: given up. Instants in ms since the epoch;
-- `due_at` is NULL when no attempt is due, `error` is JSON text or NULL.
CREATE TABLE deliveries (
  service INTEGER NOT NULL,
  target TEXT NOT NULL,
  alert INTEGER NOT NULL,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  last_attempt_at INTEGER,
  due_at INTEGER,
  error TEXT,
  PRIMARY KEY (service, target, alert)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_by_alert ON deliveries (alert);
CREATE INDEX deliveries_pending ON deliveries (service, alert) WHERE state = 0;

-- Identities that somebody else's own identity is served as: they serve nobody as themselves any more.
CREATE TABLE adoptions (
  service INTEGER NOT NULL,
  identity TEXT NOT NULL,
  own TEXT NOT NULL,
  PRIMARY KEY (service, identity)
) STRICT, WITHOUT ROWID;

-- Links made before this version took their identities over, too.
INSERT INTO adoptions (service, identity, own)
SELECT service, effective, min(own)
FROM links AS l
WHERE NOT EXISTS (SELECT 1 FROM links WHERE service = l.service AND own = l.effective)
GROUP BY service, effective;

-- Pairs of identities that are one person, in order of recording. `at` in ms since the epoch.
CREATE TABLE merges (
  number INTEGER PRIMARY KEY,
  service INTEGER NOT NULL,
  guest TEXT NOT NULL,
  member TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (service, guest, member)
) STRICT;
