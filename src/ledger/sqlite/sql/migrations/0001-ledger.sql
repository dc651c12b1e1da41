-- The first schema. Months are numbers yyyymm, days 1 to 31, instants whole seconds since the epoch (UTC).

-- Services, classes, tenants, intents, rules and refusal codes as small numbers; `name` is JSON text.
CREATE TABLE names (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- Who is counted in a month: one row per identity, the set whose cardinality is the count.
-- A signal is NULL or its first minute in the month x 16 + the code of its source.
CREATE TABLE people (
  service INTEGER NOT NULL,
  month INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  identity TEXT NOT NULL,
  class INTEGER NOT NULL,
  tenant INTEGER,
  mask INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  mints INTEGER NOT NULL,
  last_issued_at INTEGER,
  last_life_seconds INTEGER,
  last_ordinal INTEGER,
  last_policy_mark INTEGER,
  signal_minted INTEGER,
  signal_connected INTEGER,
  signal_messaged INTEGER,
  signal_joined INTEGER,
  signal_read INTEGER,
  signal_left INTEGER,
  signal_created INTEGER,
  signal_updated INTEGER,
  signal_addressed INTEGER,
  PRIMARY KEY (service, month, bucket, identity)
) STRICT, WITHOUT ROWID;

-- The mint log. `subject` is NULL when the person's own identity is the one that was signed.
CREATE TABLE mints (
  service INTEGER NOT NULL,
  month INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  life_seconds INTEGER NOT NULL,
  identity TEXT NOT NULL,
  subject TEXT,
  class INTEGER NOT NULL,
  intent INTEGER NOT NULL,
  rule INTEGER NOT NULL,
  is_new INTEGER NOT NULL,
  PRIMARY KEY (service, month, ordinal)
) STRICT, WITHOUT ROWID;

-- Sums over `people` and `mints`, changed in the transaction that changes those.
CREATE TABLE months (
  service INTEGER NOT NULL,
  month INTEGER NOT NULL,
  identities INTEGER NOT NULL,
  minted INTEGER NOT NULL,
  PRIMARY KEY (service, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE masks (
  service INTEGER NOT NULL,
  month INTEGER NOT NULL,
  class INTEGER NOT NULL,
  mask INTEGER NOT NULL,
  identities INTEGER NOT NULL,
  PRIMARY KEY (service, month, class, mask)
) STRICT, WITHOUT ROWID;

CREATE TABLE tenants (
  service INTEGER NOT NULL,
  month INTEGER NOT NULL,
  tenant INTEGER NOT NULL,
  identities INTEGER NOT NULL,
  PRIMARY KEY (service, month, tenant)
) STRICT, WITHOUT ROWID;

-- When identities were counted first.
CREATE TABLE arrivals (
  service INTEGER NOT NULL,
  month INTEGER NOT NULL,
  day INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  class INTEGER NOT NULL,
  identities INTEGER NOT NULL,
  PRIMARY KEY (service, month, day, hour, class)
) STRICT, WITHOUT ROWID;

-- What was answered. kind 0: minted, 1: reused, both with code 0; 2: refused, code a name.
CREATE TABLE answers (
  service INTEGER NOT NULL,
  month INTEGER NOT NULL,
  day INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  code INTEGER NOT NULL,
  answers INTEGER NOT NULL,
  PRIMARY KEY (service, month, day, kind, code)
) STRICT, WITHOUT ROWID;

-- What holds from a month on, until a later row. NULL: no budget, not frozen. `budget` is JSON.
CREATE TABLE budgets (
  service INTEGER NOT NULL,
  from_month INTEGER NOT NULL,
  budget TEXT,
  PRIMARY KEY (service, from_month)
) STRICT, WITHOUT ROWID;

CREATE TABLE freezes (
  service INTEGER NOT NULL,
  from_month INTEGER NOT NULL,
  since TEXT,
  PRIMARY KEY (service, from_month)
) STRICT, WITHOUT ROWID;

CREATE TABLE blocks (
  service INTEGER NOT NULL,
  identity TEXT NOT NULL,
  PRIMARY KEY (service, identity)
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
  service INTEGER NOT NULL,
  own TEXT NOT NULL,
  effective TEXT NOT NULL,
  PRIMARY KEY (service, own)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
