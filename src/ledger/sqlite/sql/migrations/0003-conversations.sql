-- What is known of conversations: how many messages, who has read how far, and in which months there was a message.
-- Counts of messages are the highest index and one, 0 for none. Instants in ms since the epoch.
CREATE TABLE conversations (
  service INTEGER NOT NULL,
  conversation TEXT NOT NULL,
  messages INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  PRIMARY KEY (service, conversation)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation_months (
  service INTEGER NOT NULL,
  month INTEGER NOT NULL,
  conversation TEXT NOT NULL,
  PRIMARY KEY (service, month, conversation)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation_counts (
  service INTEGER NOT NULL,
  month INTEGER NOT NULL,
  conversations INTEGER NOT NULL,
  PRIMARY KEY (service, month)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER count_conversation AFTER INSERT ON conversation_months
BEGIN
  INSERT INTO conversation_counts (service, month, conversations) VALUES (NEW.service, NEW.month, 1)
  ON CONFLICT DO UPDATE SET conversations = conversations + 1;
END;

-- state 0: not known, such as of an author who may be no member; 1: member; 2: not any more. `since`: instant of the mark
-- that says so. `changed`: whole seconds, of the latest mark.
CREATE TABLE memberships (
  service INTEGER NOT NULL,
  identity TEXT NOT NULL,
  conversation TEXT NOT NULL,
  read INTEGER NOT NULL,
  state INTEGER NOT NULL,
  since INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  PRIMARY KEY (service, identity, conversation)
) STRICT, WITHOUT ROWID;

-- Identities who are in more conversations than are kept.
CREATE TABLE crowded (
  service INTEGER NOT NULL,
  identity TEXT NOT NULL,
  PRIMARY KEY (service, identity)
) STRICT, WITHOUT ROWID;
