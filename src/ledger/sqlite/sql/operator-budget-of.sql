-- The budget of an operator that holds in a month. ?1 service, ?2 month.
SELECT budget FROM operator_budgets WHERE service = ?1 AND from_month <= ?2 ORDER BY from_month DESC LIMIT 1
