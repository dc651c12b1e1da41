-- ?1 service, ?2 month, ?3 scope, ?4 highest threshold held, 0 for none.
REPLACE INTO marks (service, month, scope, held) VALUES (?1, ?2, ?3, ?4)
