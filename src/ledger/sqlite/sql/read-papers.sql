-- Documents of a month. ?1 service, ?2 month, ?3 how their names begin.
SELECT name, text FROM papers
WHERE service = ?1 AND month = ?2 AND substr(name, 1, length(?3)) = ?3
ORDER BY name
