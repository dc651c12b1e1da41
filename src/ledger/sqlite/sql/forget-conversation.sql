-- ?1 service, ?2 conversation.
DELETE FROM conversations WHERE service = ?1 AND conversation = ?2
