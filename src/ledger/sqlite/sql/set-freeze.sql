-- ?1 service, ?2 first month it holds for, ?3 ISO instant, or NULL.
REPLACE INTO freezes (service, from_month, since) VALUES (?1, ?2, ?3)
