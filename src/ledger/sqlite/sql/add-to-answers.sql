-- ?1 service, ?2 month, ?3 day, ?4 kind, ?5 code, ?6 answers to add.
INSERT INTO answers (service, month, day, kind, code, answers) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT DO UPDATE SET answers = answers + excluded.answers
