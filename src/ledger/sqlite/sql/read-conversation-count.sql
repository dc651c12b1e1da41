-- ?1 service, ?2 month. Rows: conversations with a message.
SELECT conversations FROM conversation_counts WHERE service = ?1 AND month = ?2
