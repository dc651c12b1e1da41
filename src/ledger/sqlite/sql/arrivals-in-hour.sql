-- How many identities a class brought to a month in one hour. ?1 service, ?2 month, ?3 day, ?4 hour, ?5 class.
SELECT identities FROM arrivals WHERE service = ?1 AND month = ?2 AND day = ?3 AND hour = ?4 AND class = ?5
