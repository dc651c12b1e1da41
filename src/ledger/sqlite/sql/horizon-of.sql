-- ?1 service, ?2 identity, ?3 conversation. Rows: month, highest, before, by_other, by_other_at of the horizon, if it has one.
SELECT horizon_month, horizon_highest, horizon_before, horizon_by_other, horizon_by_other_at
FROM memberships WHERE service = ?1 AND identity = ?2 AND conversation = ?3 AND horizon_month > 0
