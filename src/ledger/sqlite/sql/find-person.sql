-- One identity's record in a month. ?1 service, ?2 month, ?3 bucket, ?4 identity. Signals in bit order.
SELECT
  class, tenant, mask, first_seen, last_seen, mints,
  last_issued_at, last_life_seconds, last_ordinal, last_policy_mark,
  signal_minted, signal_connected, signal_messaged, signal_joined, signal_read, signal_left, signal_created,
  signal_updated, signal_addressed
FROM people
WHERE service = ?1 AND month = ?2 AND bucket = ?3 AND identity = ?4
