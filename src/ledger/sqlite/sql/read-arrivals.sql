-- When a month's identities were counted first. ?1 service, ?2 month.
SELECT day, hour, class, identities FROM arrivals WHERE service = ?1 AND month = ?2
