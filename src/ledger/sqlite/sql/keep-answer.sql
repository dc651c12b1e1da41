-- ?1 service, ?2 key as JSON text, ?3 fingerprint, ?4 answer as JSON text, ?5 until, ms.
REPLACE INTO kept_answers (service, key, fingerprint, answer, until) VALUES (?1, ?2, ?3, ?4, ?5)
