-- ?1 service, ?2 identity, ?3 conversation.
DELETE FROM memberships WHERE service = ?1 AND identity = ?2 AND conversation = ?3
