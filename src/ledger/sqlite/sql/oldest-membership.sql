-- ?1 service, ?2 identity. Rows: conversation, state; of the one that changed longest ago.
SELECT conversation, state FROM memberships WHERE service = ?1 AND identity = ?2 ORDER BY changed, conversation LIMIT 1
