-- How many identities a class has in a month. ?1 service, ?2 month, ?3 class.
SELECT coalesce(sum(identities), 0) FROM masks WHERE service = ?1 AND month = ?2 AND class = ?3
