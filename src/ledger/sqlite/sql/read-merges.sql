-- In order of recording. ?1 service.
SELECT guest, member, at FROM merges WHERE service = ?1 ORDER BY number
