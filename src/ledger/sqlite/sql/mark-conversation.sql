-- ?1 service, ?2 conversation, ?3 messages, ?4 removed.
INSERT INTO conversations (service, conversation, messages, removed) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO UPDATE SET messages = max(messages, excluded.messages), removed = max(removed, excluded.removed)
