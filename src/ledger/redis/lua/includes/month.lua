-- One month inside one script call: changes are gathered and written once, when all is decided.
local function open_month(name, totals_key, index_key)
  return { name = name, totals_key = totals_key, index_key = index_key, deltas = {}, days = {}, used = {}, writes = {}, written = 0, filled = {} }
end

local function add(deltas, field, amount)
  deltas[field] = (deltas[field] or 0) + amount
end

local function day_deltas(month, day_key)
  local deltas = month.days[day_key]
  if not deltas then
    deltas = {}
    month.days[day_key] = deltas
  end
  return deltas
end

-- Has the bytes of a record written at the end.
local function write_person(month, key, identity, bytes)
  local writes, n = month.writes, month.written
  writes[n + 1], writes[n + 2], writes[n + 3] = key, identity, bytes
  month.written = n + 3
end

-- Formatting by `%d` costs half of what joining a number to a text does.
local function mask_field(class, mask)
  return string.format('mask:%d:%d', class, mask)
end

-- Moves a known person in the histogram when the record's mask has changed.
local function move_mask(month, record, mask_before)
  if mask_before ~= record.mask then
    add(month.deltas, mask_field(record.class, mask_before), -1)
    add(month.deltas, mask_field(record.class, record.mask), 1)
  end
end

-- Counts a person the month does not know and answers the record, which the caller still has to write. `entry` says
-- where (key, previous_key, day_key), who (identity, class, tenant), when (`at`, seconds since the month began) and why
-- (signal, source, hidden).
local function insert_person(month, entry)
  local record = {
    class = entry.class, mask = 0, tenant = entry.tenant, first = entry.at, last = entry.at, mints = 0,
    issued = 0, life = 0, ordinal = 0, policy = 0, signals = '',
  }
  set_signal(record, entry.signal, math.floor(entry.at / 60), entry.source)
  if entry.hidden then set_mark(record, HIDDEN) end
  if redis.call('HEXISTS', entry.previous_key, entry.identity) == 1 then set_mark(record, RETURNING) end
  month.filled[#month.filled + 1] = string.match(entry.key, '%d+$')
  add(month.deltas, 'all', 1)
  add(month.deltas, string.format('class:%d', record.class), 1)
  if record.tenant > 0 then add(month.deltas, string.format('tenant:%d', record.tenant), 1) end
  add(month.deltas, mask_field(record.class, record.mask), 1)
  add(day_deltas(month, entry.day_key), string.format('new:%d:%d', record.class, math.floor(entry.at / 3600) % 24), 1)
  return record
end

local function write_deltas(key, deltas)
  for field, amount in pairs(deltas) do
    if amount ~= 0 then redis.call('HINCRBY', key, field, amount) end
  end
end

local function write_month(month, months_key)
  local writes = month.writes
  for i = 1, month.written, 3 do
    redis.call('HSET', writes[i], writes[i + 1], writes[i + 2])
  end
  for i = 1, #month.filled do
    redis.call('SETBIT', month.index_key, month.filled[i], 1)
  end
  if month.deltas.all then redis.call('SADD', months_key, month.name) end
  write_deltas(month.totals_key, month.deltas)
  for day_key, deltas in pairs(month.days) do
    write_deltas(day_key, deltas)
  end
end
