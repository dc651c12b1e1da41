-- Which identity a person is served as, when not as their own. ?1 service, ?2 own identity.
SELECT effective FROM links WHERE service = ?1 AND own = ?2
