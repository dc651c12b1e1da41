-- ?1 service, ?2 month, ?3 conversation. The first time it is counted, by a trigger.
INSERT INTO conversation_months (service, month, conversation) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING
