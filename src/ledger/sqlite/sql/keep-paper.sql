-- ?1 service, ?2 month, ?3 name, ?4 text.
REPLACE INTO papers (service, month, name, text) VALUES (?1, ?2, ?3, ?4)
