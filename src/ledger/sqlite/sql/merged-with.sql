-- ?1 service, ?2 guest.
SELECT member FROM merges WHERE service = ?1 AND guest = ?2
