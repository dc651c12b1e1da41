-- ?1 service, ?2 identity. Rows: conversation, state; of the one to be forgotten next: that changed longest ago, of those that
-- they are not in, if any.
SELECT conversation, state FROM memberships WHERE service = ?1 AND identity = ?2 ORDER BY state = 1, changed, conversation LIMIT 1
