-- The first own identity stays; an identity that has a link of its own is not taken over. ?1 service, ?2 identity, ?3 the
-- own identity that is served as it.
INSERT INTO adoptions (service, identity, own)
SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM links WHERE service = ?1 AND own = ?2)
ON CONFLICT DO NOTHING
