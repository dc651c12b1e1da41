-- ?1 service, ?2 month, ?3 journal, ?4 the highest number of it that the month has.
REPLACE INTO replayed (service, month, journal, number) VALUES (?1, ?2, ?3, ?4)
