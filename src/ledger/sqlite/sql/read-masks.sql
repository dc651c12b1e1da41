-- The histogram of masks of a month. ?1 service, ?2 month.
SELECT class, mask, identities FROM masks WHERE service = ?1 AND month = ?2 AND identities > 0 ORDER BY class, mask
