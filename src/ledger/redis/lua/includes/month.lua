-- One month inside one script call: changes are gathered and written once, when all is decided. `bucket_from` is where a
-- bucket's number begins in its key, `arrivals` are newcomers not added to the sums yet, `fields` remembers spelled names,
-- `latest` is the last newcomer's instant; `scopes`, `groups` and `new_in` are the judge's (`judge.lua`), `full` are limits
-- that refused a newcomer, and when, and have to be looked at for thresholds; `used` is what those looks have read,
-- `shadowed` whom a limit that only warns would have refused.
local function open_month(name, totals_key, index_key)
  return {
    name = name, totals_key = totals_key, index_key = index_key, bucket_from = #totals_key + 2,
    deltas = {}, days = {}, arrivals = {}, used = {}, scopes = {}, groups = {}, new_in = {}, full = {}, fields = {},
    latest = 0, shadowed = 0, writes = {}, written = 0, filled = {},
  }
end

local function add(deltas, field, amount)
  deltas[field] = (deltas[field] or 0) + amount
end

-- Has the bytes of a record written at the end.
local function write_person(month, key, identity, bytes)
  local writes, n = month.writes, month.written
  writes[n + 1], writes[n + 2], writes[n + 3] = key, identity, bytes
  month.written = n + 3
end

-- A field's name from a format and up to two numbers below 65536, spelled once a call: `%d` costs half of what joining
-- a number to a text does, and remembering it a tenth.
local function field_of(month, format, one, two)
  local known = month.fields[format]
  if not known then
    known = {}
    month.fields[format] = known
  end
  local number = one * 65536 + (two or 0)
  local field = known[number]
  if not field then
    field = string.format(format, one, two)
    known[number] = field
  end
  return field
end

local CLASS, TENANT, MASK, NEW = 'class:%d', 'tenant:%d', 'mask:%d:%d', 'new:%d:%d'

-- Moves a known person in the histogram when the record's mask has changed.
local function move_mask(month, record, mask_before)
  if mask_before ~= record.mask then
    add(month.deltas, field_of(month, MASK, record.class, mask_before), -1)
    add(month.deltas, field_of(month, MASK, record.class, record.mask), 1)
  end
end

-- Counts a person the month does not know; the record is written by the caller. `at`: seconds since the month began.
-- Newcomers who are alike are gathered under one number, which `sum_arrivals` spells out once.
local function count_newcomer(month, key, day_key, class, tenant, mask, at)
  local arrivals = month.arrivals[day_key]
  if not arrivals then
    arrivals = {}
    month.arrivals[day_key] = arrivals
  end
  local hours = math.floor(at / 3600)
  local alike = ((tenant * 256 + class) * 65536 + mask) * 32 + hours % 24
  arrivals[alike] = (arrivals[alike] or 0) + 1
  month.filled[#month.filled + 1] = string.sub(key, month.bucket_from)
  if at > month.latest then month.latest = at end
  local group = month.groups[tenant * 256 + class]
  if group then
    for i = 1, #group do group[i].used = group[i].used + 1 end
    if group.is_ranked and month.new_in[hours] then month.new_in[hours] = month.new_in[hours] + 1 end
  end
end

-- Adds the newcomers since the last time to the sums.
local function sum_arrivals(month)
  for day_key, arrivals in pairs(month.arrivals) do
    local day = month.days[day_key] or {}
    month.days[day_key] = day
    for alike, count in pairs(arrivals) do
      local hour, rest = alike % 32, math.floor(alike / 32)
      local mask, class, tenant = rest % 65536, math.floor(rest / 65536) % 256, math.floor(rest / 16777216)
      add(month.deltas, 'all', count)
      add(month.deltas, field_of(month, CLASS, class), count)
      if tenant > 0 then add(month.deltas, field_of(month, TENANT, tenant), count) end
      add(month.deltas, field_of(month, MASK, class, mask), count)
      add(day, field_of(month, NEW, class, hour), count)
    end
  end
  month.arrivals = {}
end

-- Marks buckets that hold somebody now. Nearly all of them are marked already, so the whole index is read first.
local BIT_OF, BITS_MAX = { [0] = 128, 64, 32, 16, 8, 4, 2, 1 }, 256
local function mark_filled(month)
  local index, sets = redis.call('GET', month.index_key) or '', {}
  for i = 1, #month.filled do
    local bucket = month.filled[i]
    local within = bucket % 8
    local byte, value = string.byte(index, (bucket - within) / 8 + 1) or 0, BIT_OF[within]
    if byte % (2 * value) < value then
      local n = #sets
      sets[n + 1], sets[n + 2], sets[n + 3], sets[n + 4] = 'SET', 'u1', bucket, '1'
    end
    if #sets == 4 * BITS_MAX or (i == #month.filled and #sets > 0) then
      redis.call('BITFIELD', month.index_key, unpack(sets))
      sets = {}
    end
  end
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
  sum_arrivals(month)
  if month.shadowed > 0 then add(month.deltas, 'shadow:mau-budget-exhausted', month.shadowed) end
  if #month.filled > 0 then mark_filled(month) end
  if month.deltas.all and not month.is_listed then redis.call('SADD', months_key, month.name) end
  write_deltas(month.totals_key, month.deltas)
  for day_key, deltas in pairs(month.days) do
    write_deltas(day_key, deltas)
  end
end
