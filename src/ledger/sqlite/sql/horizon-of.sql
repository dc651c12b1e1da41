-- ?1 service, ?2 identity, ?3 conversation. Rows: month, highest, before, by_other, by_other_at, below_other, others_from of
-- the horizon, if it has one.
SELECT horizon_month, horizon_highest, horizon_before, horizon_by_other, horizon_by_other_at, horizon_below_other,
  horizon_others_from
FROM memberships WHERE service = ?1 AND identity = ?2 AND conversation = ?3 AND horizon_month > 0
