-- Drops every link from or to an identity. ?1 service, ?2 identity.
DELETE FROM links WHERE service = ?1 AND (own = ?2 OR effective = ?2)
