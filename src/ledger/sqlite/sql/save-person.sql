-- Writes an identity's whole record in a month. ?1 service, ?2 month, ?3 bucket, ?4 identity, then the columns in
-- the order of `find-person`. REPLACE: measured a quarter faster than an upsert of as many columns.
REPLACE INTO people (
  service, month, bucket, identity,
  class, tenant, mask, first_seen, last_seen, mints,
  last_issued_at, last_life_seconds, last_ordinal, last_policy_mark,
  signal_minted, signal_connected, signal_messaged, signal_joined, signal_read, signal_left, signal_created,
  signal_updated, signal_addressed
)
VALUES (
  ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23
)
