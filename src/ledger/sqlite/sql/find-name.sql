-- The number of a name. ?1 name as JSON text.
SELECT id FROM names WHERE name = ?1
