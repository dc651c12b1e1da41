-- ?1 service, ?2 month, ?3 the least that the month's number of conversations must be.
INSERT INTO conversation_counts (service, month, conversations) VALUES (?1, ?2, ?3)
ON CONFLICT DO UPDATE SET conversations = max(conversations, excluded.conversations)
