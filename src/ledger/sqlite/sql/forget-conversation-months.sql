-- How many conversations each month had stays. ?1 service, ?2 conversation.
DELETE FROM conversation_months
WHERE service = ?1
  AND month IN (SELECT month FROM conversation_counts WHERE service = ?1)
  AND conversation = ?2
