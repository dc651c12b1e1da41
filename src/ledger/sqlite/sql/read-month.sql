-- How many identities and mints a month has. ?1 service, ?2 month.
SELECT identities, minted FROM months WHERE service = ?1 AND month = ?2
