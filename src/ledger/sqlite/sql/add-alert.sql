-- ?1 service, ?2 alert as JSON.
INSERT INTO alerts (service, alert) VALUES (?1, ?2)
