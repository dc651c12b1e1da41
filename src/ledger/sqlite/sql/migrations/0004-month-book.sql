-- Documents kept beside the figures of a month, such as those that were frozen at its end. `text` is JSON.
CREATE TABLE papers (
  service INTEGER NOT NULL,
  month INTEGER NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (service, month, name)
) STRICT, WITHOUT ROWID;
