-- The store's clock in ms since the epoch, for the skew report; reads the file, so that a lost one is noticed.
SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER), (SELECT count(*) FROM settings)
