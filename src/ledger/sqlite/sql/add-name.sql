-- Numbers a name that has none yet; answers the number. ?1 name as JSON text.
INSERT INTO names (name) VALUES (?1) RETURNING id
