-- ?1 service, ?2 the instant, ms.
DELETE FROM kept_answers WHERE service = ?1 AND until <= ?2
