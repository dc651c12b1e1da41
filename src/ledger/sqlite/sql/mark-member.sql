-- ?1 service, ?2 identity, ?3 conversation, ?4 read, ?5 state, ?6 since, ?7 changed.
INSERT INTO memberships (service, identity, conversation, read, state, since, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT DO UPDATE SET
  read = max(read, excluded.read),
  changed = max(changed, excluded.changed),
  state = iif((excluded.since, excluded.state) > (since, state), excluded.state, state),
  since = max(since, excluded.since)
