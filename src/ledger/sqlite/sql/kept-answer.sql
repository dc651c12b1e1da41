-- The answer kept under a key. ?1 service, ?2 key as JSON text, ?3 the instant, ms.
SELECT fingerprint, answer FROM kept_answers WHERE service = ?1 AND key = ?2 AND until > ?3
