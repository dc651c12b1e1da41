-- An identity that was taken over, or the own identity that is served as it, is forgotten. ?1 service, ?2 identity.
DELETE FROM adoptions WHERE service = ?1 AND (identity = ?2 OR own = ?2)
