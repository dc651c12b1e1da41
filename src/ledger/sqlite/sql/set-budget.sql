-- ?1 service, ?2 first month it holds for, ?3 budget as JSON, or NULL.
REPLACE INTO budgets (service, from_month, budget) VALUES (?1, ?2, ?3)
