-- ?1 service, ?2 own identity, ?3 effective identity.
REPLACE INTO links (service, own, effective) VALUES (?1, ?2, ?3)
