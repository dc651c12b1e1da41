-- A page of a month's identities in the order of bucket, then identity bytes.
-- ?1 service, ?2 month, ?3 and ?4 bucket and identity to start after, ?5 rows at most. Signals in bit order.
SELECT
  bucket, identity, class, tenant, mask, first_seen, last_seen, mints,
  signal_minted, signal_connected, signal_messaged, signal_joined, signal_read, signal_left, signal_created,
  signal_updated, signal_addressed
FROM people
WHERE service = ?1 AND month = ?2 AND (bucket, identity) > (?3, ?4)
ORDER BY bucket, identity
LIMIT ?5
