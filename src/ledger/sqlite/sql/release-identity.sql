-- An identity serves itself again. ?1 service, ?2 identity.
DELETE FROM adoptions WHERE service = ?1 AND identity = ?2
