-- Writes down mints of one month whose tokens are out already.
-- Guarantee: atomic, nothing is ever refused, and a repeat changes nothing: a mint from a journal is skipped when that
--   journal was replayed as far as its number, one without a journal when the person's record is as late as it. One that
--   the ledger has counted after all, although nobody heard of it, is known by the last token of the record.
-- KEYS[1] names  KEYS[2] months  KEYS[3] limits  KEYS[4] alerts  KEYS[5] erased  KEYS[6] totals of the month
-- KEYS[7] its index of buckets  KEYS[8] its mint log  KEYS[9] how far journals were replayed  KEYS[10] totals of the month
--   after it
-- KEYS[n...] every day of the month; then per mint: bucket of the month, of the month before it, of the month after it
-- ARGV[1] epoch of the codes  ARGV[2] month `YYYY-MM`  ARGV[3] how many days it has  ARGV[4] its first second (since 1970)
-- ARGV[5] mints, each packed as MINT below: kind (1 a mint, 0 the person is in the month by a mint of another one), codes
--   of class and tenant (0 none), first seen and issued (seconds since the month began), source code of the signal, which
--   of the journals (0 none), number in it; and each with its length in front: identity, row as it goes to the log
-- ARGV[6...] ids of journals
-- Returns: `codes` when the epoch is another one and nothing was done, else a list: `replayed`; or, with nothing done,
--   `erased` and for each mint of somebody erased since: its place from 0, the pseudonym to ask again with
-- include: record
-- include: month
-- include: insert
-- include: late
local names_key, months_key, limits_key, alerts_key, erased_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local month, mints_key, replayed_key = open_month(ARGV[2], KEYS[6], KEYS[7]), KEYS[8], KEYS[9]
local totals_after_key, day_keys, day_keys_from = KEYS[10], KEYS, 11
local epoch, day_count, starts, packed = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local bucket_keys, bucket_keys_from = KEYS, 11 + day_count
local journals = { unpack(ARGV, 6) }
-- ---
local MINT, MINT_KIND, MINTED_SIGNAL = '<BBI3I3I3BBI4Hc0Hc0', 1, 0
local ROW_LIFE_AT, CLOCKS_DIFFER, DAY = 8, 60, 86400
local call, floor = redis.call, math.floor

if call('HGET', names_key, '#epoch') ~= epoch then return 'codes' end

local mints, position = {}, 1
while position <= #packed do
  local mint, at = { place = #mints }, position
  mint.kind, mint.class, mint.tenant, mint.first, mint.at, mint.source, mint.journal, mint.number, mint.identity, mint.row, position =
    struct.unpack(MINT, packed, at)
  mints[#mints + 1] = mint
end

-- Whoever was erased after the mint; somebody who comes back later is somebody new. These mints have no ordinal yet, so
-- only clocks can tell, which may differ.
if call('EXISTS', erased_key) == 1 then
  local answer = { 'erased' }
  for _, mint in ipairs(mints) do
    local pseudonym, second = string.match(call('HGET', erased_key, mint.identity) or '', '^(%S+) (%d+)')
    if pseudonym and starts + mint.at <= second + CLOCKS_DIFFER then
      answer[#answer + 1], answer[#answer + 2] = mint.place, pseudonym
    end
  end
  if #answer > 1 then return answer end
end

-- How far each journal was replayed, and is now; records of this call, which may name somebody twice.
local reached, latest = {}, {}
local rows, before = {}, tonumber(call('HGET', month.totals_key, 'minted') or '0')
local neighbours = open_late(month, day_keys, day_keys_from, totals_after_key)

local function is_done(mint, bytes)
  if mint.journal == 0 then return bytes and decode_record(bytes).last >= mint.at end
  local id = journals[mint.journal]
  reached[id] = reached[id] or tonumber(call('HGET', replayed_key, id) or '0')
  return mint.number <= reached[id]
end

-- The call that failed may have reached the ledger all the same; its mint is the same but for the name of the token.
local function is_counted(mint, record)
  return record.issued == mint.at and record.life == struct.unpack('<I3', mint.row, ROW_LIFE_AT)
end

local function arrive(mint, key, key_before, key_after)
  neighbours.mark_after(key_after, mint.identity)
  local record = insert_person(month, {
    key = key, day_key = day_keys[day_keys_from + floor(mint.first / DAY)], class = mint.class, tenant = mint.tenant,
    returning = call('HEXISTS', key_before, mint.identity) == 1, at = mint.first, signal = MINTED_SIGNAL,
    source = mint.source,
  })
  return record
end

local function log_mint(mint, record, is_new)
  record.mints = record.mints + 1
  rows[#rows + 1] = string.sub(mint.row, 1, 3) .. string.char(record.class) .. string.sub(mint.row, 5, 6)
    .. (is_new and '\1' or '\0') .. string.sub(mint.row, 8)
  add(month.deltas, 'minted', 1)
  add(month.deltas, string.format('minted:%02d', floor(mint.at / DAY) + 1), 1)
end

for i = 1, #mints do
  local mint, key_at = mints[i], bucket_keys_from + (i - 1) * 3
  local key = bucket_keys[key_at]
  local bytes = latest[mint.identity] or call('HGET', key, mint.identity)
  if not is_done(mint, bytes) then
    local record = bytes and decode_record(bytes) or arrive(mint, key, bucket_keys[key_at + 1], bucket_keys[key_at + 2])
    local mask_before, first_before = record.mask, record.first
    set_signal(record, MINTED_SIGNAL, floor(mint.first / 60), mint.source)
    if mint.kind == MINT_KIND then
      record.first, record.last = math.min(record.first, mint.first), math.max(record.last, mint.at)
      neighbours.move_arrival(record.class, first_before, record.first)
      if floor(record.first / DAY) ~= floor(record.last / DAY) then set_mark(record, AGAIN) end
      if not is_counted(mint, record) then log_mint(mint, record, not bytes) end
    end
    move_mask(month, record, mask_before)
    latest[mint.identity] = encode_record(record)
    write_person(month, key, mint.identity, latest[mint.identity])
    if mint.journal > 0 then reached[journals[mint.journal]] = mint.number end
  end
end

-- Made only for newcomers.
local function fire()
  -- include: in_force
  -- include: near
  if not is_near_threshold(month, limits_in_force(limits_key, month.name, epoch, month.latest)) then return end
  -- include: limits
  -- include: alerts
  fire_thresholds(month, limits_key, alerts_key)
end

if #rows > 0 then call('XADD', mints_key, string.format('%d-0', before + #rows), 'rows', table.concat(rows)) end
for id, number in pairs(reached) do
  call('HSET', replayed_key, id, number)
end
if #month.filled > 0 then fire() end
write_month(month, months_key)
neighbours.write(months_key)
return { 'replayed' }
