-- ?1 service, ?2 first month it holds for, ?3 budget as JSON.
REPLACE INTO operator_budgets (service, from_month, budget) VALUES (?1, ?2, ?3)
