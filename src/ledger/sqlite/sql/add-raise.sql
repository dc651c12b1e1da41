-- ?1 service, ?2 month, ?3 id, ?4 raise as JSON.
REPLACE INTO raises (service, month, id, entry) VALUES (?1, ?2, ?3, ?4)
