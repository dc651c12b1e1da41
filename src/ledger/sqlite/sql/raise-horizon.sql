-- ?1 service, ?2 identity, ?3 conversation, ?4 month, ?5 highest, ?6 before, ?7 by_other, ?8 by_other_at, ?9 below_other,
-- ?10 others_from.
UPDATE memberships SET horizon_month = ?4, horizon_highest = ?5, horizon_before = ?6, horizon_by_other = ?7,
  horizon_by_other_at = ?8, horizon_below_other = ?9, horizon_others_from = ?10
WHERE service = ?1 AND identity = ?2 AND conversation = ?3
