-- How far journals of mints that were given out without the ledger were replayed into a month.
CREATE TABLE replayed (
  service INTEGER NOT NULL,
  month INTEGER NOT NULL,
  journal TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (service, month, journal)
) STRICT, WITHOUT ROWID;
