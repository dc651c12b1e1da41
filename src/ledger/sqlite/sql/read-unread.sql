-- ?1 service, ?2 identity. Rows: conversation, messages that were not read.
SELECT c.conversation, c.messages - m.read
FROM memberships AS m JOIN conversations AS c ON c.service = m.service AND c.conversation = m.conversation
WHERE m.service = ?1 AND m.identity = ?2 AND m.state = 1 AND c.removed = 0 AND c.messages > m.read
ORDER BY c.conversation
