-- Answers a row for the first spike of an hour only. ?1 service, ?2 month, ?3 hour of the month.
INSERT INTO spikes (service, month, hour) VALUES (?1, ?2, ?3)
ON CONFLICT DO UPDATE SET hour = excluded.hour WHERE excluded.hour > hour
RETURNING 1
