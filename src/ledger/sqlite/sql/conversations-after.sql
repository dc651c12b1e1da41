-- Conversations by months with a message before ?2. ?1 service, ?2 month, ?3 and ?4 month and conversation to start
-- after, ?5 rows at most. `is_kept`: 1 when there was one in a later month, too.
SELECT month, conversation, EXISTS (
  SELECT 1 FROM conversation_months AS later
  WHERE later.service = ?1
    AND later.month IN (SELECT month FROM conversation_counts WHERE service = ?1 AND month >= ?2)
    AND later.conversation = old.conversation
) AS is_kept
FROM conversation_months AS old
WHERE service = ?1 AND month < ?2 AND (month, conversation) > (?3, ?4)
ORDER BY month, conversation
LIMIT ?5
