-- Leaves one that is there. ?1 service, ?2 month, ?3 name, ?4 text.
INSERT OR IGNORE INTO papers (service, month, name, text) VALUES (?1, ?2, ?3, ?4)
