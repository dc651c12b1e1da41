-- The highest number of a journal that a month has. ?1 service, ?2 month, ?3 journal.
SELECT number FROM replayed WHERE service = ?1 AND month = ?2 AND journal = ?3
