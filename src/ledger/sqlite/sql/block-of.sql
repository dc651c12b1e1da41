-- A row when issuing to an identity is stopped. ?1 service, ?2 identity.
SELECT 1 FROM blocks WHERE service = ?1 AND identity = ?2
