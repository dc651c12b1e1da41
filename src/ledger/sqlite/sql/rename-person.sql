-- ?1 service, ?2 month, ?3 bucket and ?4 identity as they are, ?5 and ?6 as they are from now on.
UPDATE people SET bucket = ?5, identity = ?6 WHERE service = ?1 AND month = ?2 AND bucket = ?3 AND identity = ?4
