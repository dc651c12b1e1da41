-- Adds evidence to the people of one month, and what the same events say of conversations.
-- Guarantee: atomic, idempotent and order-free. The earliest instant of a signal wins, whoever is in the month before is
--   `returning` whichever month was told of first, days count by first instants, and nothing is ever refused. Indexes of
--   conversations only rise, of two marks about a membership the later holds (at the same instant the one that ends it), and
--   a conversation is counted once in each month in which it had a message. A possible read counts when the index has moved,
--   by what is known before the marks of the call.
-- KEYS[1] names  KEYS[2] months  KEYS[3] limits  KEYS[4] alerts  KEYS[5] totals of the month  KEYS[6] its index of buckets
-- KEYS[7] totals of the month after it
-- KEYS[n...] days that the evidence is of, in a whole call every day of the month; then per person: bucket of the month,
--   with a class also bucket of the month before it, and in a whole call bucket of the month after it; then what marks name
-- ARGV[1] epoch of the codes  ARGV[2] month `YYYY-MM`  ARGV[3] how many days are among the keys
-- ARGV[4] `whole` or empty; most evidence is of the last minutes and needs nothing of what a whole call has besides
-- ARGV[5] people, each at most once, those alike together, packed as GROUP below: code of the class for newcomers (0: in the
--   month already, as far as is known), earliest and latest instant (seconds since the month began), place of the day of the
--   earliest among all keys; a piece: signals (bits), minute of the month, source code; number of further pieces, number of
--   people. Behind it those pieces, each as PIECE, then the identities, each as IDENTITY. Each signal is in one piece, its
--   earliest
-- ARGV[6] most conversations kept for one identity
-- ARGV[7] marks on conversations, packed as MARK below: places of the conversation's bucket and of the totals of the month
--   (0: none) among all keys, the 16 bytes of the SID, index + 1 of the latest message, whether it was removed, and the month
--   (counted from January 1970)
-- ARGV[8] marks on members, packed as MEMBER_MARK: place of the member's hash among all keys, SID, and what to keep of it,
--   its bytes counted before it
-- ARGV[9] how many of these come first that probably are of new members
-- ARGV[10] possible reads, in the order of the people and at most one of each, packed as READ: place of the person among the
--   people, place of the member's hash among all keys, SID, index + 1, instant (ms since the month began). The first piece of
--   the person has the signal, and without it their earliest and latest instants are the same, or nothing is told of them
-- Returns: `recorded`; `codes` when the epoch is another one and nothing was done; or the places among the people, from 1, of
--   those about whom nothing was done: they take a whole call. With possible reads nothing was done about marks either then
-- include: record
-- include: month
-- include: conversations
-- include: changes
local names_key, months_key, limits_key, alerts_key, totals_after_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[7]
local epoch, is_whole, people = ARGV[1], ARGV[4] == 'whole', ARGV[5]
local kept_max, conversation_marks, member_marks, probably_new = tonumber(ARGV[6]), ARGV[7], ARGV[8], tonumber(ARGV[9])
local possible_reads = ARGV[10]
local month = open_month(ARGV[2], KEYS[5], KEYS[6])
local keys, days_from, key_at = KEYS, 8, 8 + ARGV[3]
-- ---
-- Costs counted in instructions decide the shape of this script, as they do that of `admit-n.lua`; besides, 600 for each
-- call of a string function and 700 more when it makes a text, 60 for each step of the interpreter.
local GROUP, PIECE, PIECE_BYTES, IDENTITY = '<BI3I3BHHBBH', '<HHB', 5, '<Hc0'
local MARK, MEMBER_MARK, READ, READ_SIGNAL = '<HHc16I4BH', '<Hc16Bc0', '<HHc16I4I4', 16
-- Of a record only what evidence changes; mints and the last token pass by in one piece, and so does the tenant. Nearly all
-- records are read byte by byte instead, where these stand.
local SEEN, UNSEEN_MINTS, NO_TENANT, LAST = '<I3c16BHc3I3', string.rep('\0', 16), '\0\0\0', '<I3'
local LAST_TO, CLASS_AT, MASK_FROM, MASK_TO, RECORD_BYTES = 3, 20, 21, 22, 28
local DAY, HOUR = 86400, 3600
local call, byte, sub, pack, unpack_struct = redis.call, string.byte, string.sub, struct.pack, struct.unpack

if #people > 0 and call('HGET', names_key, '#epoch') ~= epoch then return 'codes' end

-- Opened when somebody new to this month may be in the one after it: there they are returning now.
local has_month_after
local function is_followed()
  if has_month_after == nil then has_month_after = call('HEXISTS', totals_after_key, 'all') == 1 end
  return has_month_after
end

-- Made only for a whole call.
local late
local function open_whole()
  -- include: late
  return open_late(month, keys, days_from, totals_after_key)
end
if is_whole then late = open_whole() end

-- Made only for newcomers.
local function fire()
  -- include: in_force
  -- include: near
  if not is_near_threshold(month, limits_in_force(limits_key, month.name, epoch, month.latest)) then return end
  -- include: limits
  -- include: alerts
  fire_thresholds(month, limits_key, alerts_key)
end

-- Signals told for several minutes or by several sources: one after the other.
local function with_pieces(mask, signals, told, minute, source, more, position)
  while true do
    for signal = 0, SIGNAL_COUNT - 1 do
      if told % 2 ^ (signal + 1) >= 2 ^ signal then
        mask, signals = with_signal(mask, signals, signal, minute, source)
      end
    end
    if more == 0 then return mask, signals end
    told, minute, source, position = unpack_struct(PIECE, people, position)
    more = more - 1
  end
end

-- The place of the person whose read is possible next, and the read.
local reader, reader_key, read_sid, read_number, read_at, reads_from
local function next_read(from)
  reader = nil
  if from > #possible_reads then return end
  local member
  reader, member, read_sid, read_number, read_at, reads_from = unpack_struct(READ, possible_reads, from)
  reader_key = keys[member]
end
if #possible_reads > 0 then next_read(1) end

-- Signals that are told of that person, without a read that is none.
local month_code
local function without_stale(told)
  month_code = month_code or (sub(month.name, 1, 4) - 1970) * 12 + sub(month.name, 6) - 1
  local has_moved = is_move(reader_key, read_sid, read_number, month_code, read_at)
  next_read(reads_from)
  return has_moved and told or told - READ_SIGNAL
end

local function is_other_day(first, last)
  return last - last % DAY ~= first - first % DAY
end

-- All is decided before anything is written: a record that cannot be read must not leave others written and not counted.
local moves, left_out, writes, written, changes_by_told = {}, {}, month.writes, 0, {}
local position, place = 1, 0
while position <= #people do
  local class, told_first, told_last, day, told, minute, source, more, count, rest_from = unpack_struct(GROUP, people, position)
  local pieces_from = rest_from
  position = rest_from + PIECE_BYTES * more
  local keys_each = class == 0 and 1 or is_whole and 3 or 2
  local group_told, changes = told, changes_by_told[told] or {}
  changes_by_told[told] = changes
  local stamp, last_bytes, newcomers = pack('<HB', minute, source), pack(LAST, told_last), {}
  local day_from = told_last - told_last % DAY
  for _ = 1, count do
    local identity
    identity, position = unpack_struct(IDENTITY, people, position)
    place = place + 1
    if told ~= group_told then told, changes = group_told, changes_by_told[group_told] end
    if place == reader then
      told = without_stale(told)
      changes = changes_by_told[told] or {}
      changes_by_told[told] = changes
    end
    local key = keys[key_at]
    local bytes = call('HGET', key, identity)
    local last_before, record_class, mask_before, first_before, change
    if bytes and #bytes >= RECORD_BYTES then
      local low, middle, high = byte(bytes, 1, LAST_TO)
      local class_of, mask_low, mask_high, _, _, _, first_low, first_middle, first_high = byte(bytes, CLASS_AT, RECORD_BYTES)
      last_before, record_class = low + 256 * middle + 65536 * high, class_of
      mask_before, first_before = mask_low + 256 * mask_high, first_low + 256 * first_middle + 65536 * first_high
      change = changes[mask_before]
      if not change then
        change = change_of(mask_before, told)
        changes[mask_before] = change
      end
    end
    if told == 0 and more == 0 then
      -- Nothing but a read that is none.
    elseif change and #bytes == change.bytes then
      local record, last, mask, is_plain = bytes, last_before, change.after, more == 0 and told_first >= first_before
      if told_last > last then last = told_last end
      local standing = change.standing
      for i = 1, #standing do
        local low, high, source_before = byte(bytes, standing[i], standing[i] + 2)
        local minute_before = low + 256 * high
        if minute < minute_before or (minute == minute_before and source < source_before) then is_plain = false end
      end
      if is_plain then
        if mask % (2 * AGAIN) < AGAIN then
          if first_before < day_from or (last ~= told_last and is_other_day(first_before, last)) then mask = mask + AGAIN end
        end
        local head, head_from = '', 1
        if last ~= last_before then head, head_from = last_bytes, LAST_TO + 1 end
        if mask ~= mask_before then
          local places = change.places
          local from = places[1]
          if not from then
            record = head .. sub(bytes, head_from, MASK_FROM - 1) .. mask_bytes(mask) .. sub(bytes, MASK_TO + 1)
          elseif #places == 1 then
            record = head .. sub(bytes, head_from, MASK_FROM - 1) .. mask_bytes(mask) .. sub(bytes, MASK_TO + 1, from - 1) .. stamp
              .. (from <= #bytes and sub(bytes, from) or '')
          else
            record = head .. sub(bytes, head_from, MASK_FROM - 1) .. mask_bytes(mask) .. sub(bytes, MASK_TO + 1, from - 1)
            for i = 1, #places do
              record = record .. stamp .. sub(bytes, places[i], (places[i + 1] or 0) - 1)
            end
          end
        elseif last ~= last_before then
          record = head .. sub(bytes, head_from)
        end
      else
        local _, mints, _, _, tenant = unpack_struct(SEEN, bytes)
        local signals, first = sub(bytes, SIGNALS_FROM), first_before
        if told_first < first then first = told_first end
        mask, signals = with_pieces(mask_before, signals, told, minute, source, more, pieces_from)
        if mask % (2 * AGAIN) < AGAIN and is_other_day(first, last) then mask = mask + AGAIN end
        if first - first % HOUR ~= first_before - first_before % HOUR and not is_whole then
          mask = mask_before
          left_out[#left_out + 1] = place
        else
          record = pack(SEEN, last, mints, record_class, mask, tenant, first) .. signals
          if late and first < first_before then late.move_arrival(record_class, first_before, first) end
        end
      end
      if mask ~= mask_before then
        local from, to = record_class * 65536 + mask_before, record_class * 65536 + mask
        moves[from], moves[to] = (moves[from] or 0) - 1, (moves[to] or 0) + 1
      end
      if record ~= bytes then
        writes[written + 1], writes[written + 2], writes[written + 3] = key, identity, record
        written = written + 3
      end
    elseif bytes or class == 0 or (not is_whole and is_followed()) then
      left_out[#left_out + 1] = place
    else
      if late then late.mark_after(keys[key_at + 2], identity) end
      local returning = call('HEXISTS', keys[key_at + 1], identity)
      local newcomer = told == group_told and newcomers[returning]
      if not newcomer then
        local mask, signals = with_pieces(0, '', told, minute, source, more, pieces_from)
        if is_other_day(told_first, told_last) then mask = mask + AGAIN end
        if returning == 1 then mask = mask + RETURNING end
        newcomer = { mask = mask, record = pack(SEEN, told_last, UNSEEN_MINTS, class, mask, NO_TENANT, told_first) .. signals }
        if told == group_told then newcomers[returning] = newcomer end
      end
      count_newcomer(month, key, keys[day], class, 0, newcomer.mask, told_first)
      writes[written + 1], writes[written + 2], writes[written + 3] = key, identity, newcomer.record
      written = written + 3
    end
    key_at = key_at + keys_each
  end
end
month.written = written

-- Those who are left out are weighed again, by what was known before.
if #left_out > 0 and #possible_reads > 0 then conversation_marks, member_marks = '', '' end
local newly_counted = {}
position = 1
while position <= #conversation_marks do
  local bucket, totals, sid, number, removed, month_code, rest_from = unpack_struct(MARK, conversation_marks, position)
  position = rest_from
  if mark_conversation(keys[bucket], sid, number, removed, totals > 0 and month_code) then
    newly_counted[totals] = (newly_counted[totals] or 0) + 1
  end
end
for totals, count in pairs(newly_counted) do
  call('HINCRBY', keys[totals], 'conversations', count)
end
position, place = 1, 0
while position <= #member_marks do
  local member, sid, membership, rest_from = unpack_struct(MEMBER_MARK, member_marks, position)
  position, place = rest_from, place + 1
  mark_member(keys[member], sid, membership, place <= probably_new, kept_max)
end

for class_and_mask, amount in pairs(moves) do
  add(month.deltas, field_of(month, MASK, math.floor(class_and_mask / 65536), class_and_mask % 65536), amount)
end
if #month.filled > 0 then fire() end
write_month(month, months_key)
if late then late.write(months_key) end
return #left_out > 0 and left_out or 'recorded'
