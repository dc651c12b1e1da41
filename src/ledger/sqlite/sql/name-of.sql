-- The name behind a number, as JSON text. ?1 number.
SELECT name FROM names WHERE id = ?1
