-- What was answered in a month, by day. ?1 service, ?2 month.
SELECT day, kind, code, answers FROM answers WHERE service = ?1 AND month = ?2
