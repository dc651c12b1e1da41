-- A newcomer's record, already counted, which the caller still has to write. `entry` says where (key, day_key), who
-- (class, tenant, returning), when (`at`, seconds since the month began) and why (signal, source, hidden).
local function insert_person(month, entry)
  local record = {
    class = entry.class, mask = 0, tenant = entry.tenant, first = entry.at, last = entry.at, mints = 0,
    issued = 0, life = 0, ordinal = 0, policy = 0, signals = '',
  }
  set_signal(record, entry.signal, math.floor(entry.at / 60), entry.source)
  if entry.hidden then set_mark(record, HIDDEN) end
  if entry.returning then set_mark(record, RETURNING) end
  count_newcomer(month, entry.key, entry.day_key, record.class, record.tenant, record.mask, entry.at)
  return record
end
