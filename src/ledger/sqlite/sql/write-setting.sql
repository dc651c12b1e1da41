-- ?1 key, ?2 value.
REPLACE INTO settings (key, value) VALUES (?1, ?2)
