-- What is kept of conversations and of who reads them. Marks only raise it, so that their order changes nothing.
-- A conversation: highest index + 1, whether it was removed, then its months with a message.
local CONVERSATION, CONVERSATION_OF_MONTH, CONVERSATION_MONTHS_FROM = '<I4B', '<I4BH', 6
-- A membership: highest index read + 1, instant (ms) and kind of the mark that holds (0 none yet), second of the latest
-- mark; then, when events about them told how far they have read, a horizon (`horizons.lua`).
local MEMBERSHIP, MEMBERSHIP_AND_REST, MEMBERSHIP_TOLD, MEMBERSHIP_BYTES = '<I4I6BI4', '<I4I6BI4c0', '<I4I6BI4HI4I4', 15
local MEMBER = 2
-- A field of a member's hash beside the SIDs: a conversation they are in was forgotten.
local INCOMPLETE = '!'
-- How many more there may be than are to be kept.
local SPARE = 50
local call, byte, sub, pack, unpack_struct = redis.call, string.byte, string.sub, struct.pack, struct.unpack
-- include: horizons

local function has_month(months, month)
  for i = 1, #months, 2 do
    if sub(months, i, i + 1) == month then return true end
  end
  return false
end

local function pack_conversation(number, removed, month)
  if month then return pack(CONVERSATION_OF_MONTH, number, removed, month) end
  return pack(CONVERSATION, number, removed)
end

-- Answers whether the conversation had no message in this month before; `month` is false for a mark without one.
local function mark_conversation(key, sid, number, removed, month)
  -- A first message nearly always makes the conversation known.
  if number == 1 and call('HSETNX', key, sid, pack_conversation(number, removed, month)) == 1 then return true end
  local bytes = call('HGET', key, sid)
  if not bytes then
    call('HSET', key, sid, pack_conversation(number, removed, month))
    return month ~= false
  end
  -- Cannot be read, and may have been counted.
  if #bytes < CONVERSATION_MONTHS_FROM - 1 then
    call('HSET', key, sid, pack_conversation(number, removed, month))
    return false
  end
  local highest, was_removed = unpack_struct(CONVERSATION, bytes)
  local is_higher = number > highest or removed > was_removed
  if highest > number then number = highest end
  if was_removed > removed then removed = was_removed end
  -- Nearly all have had messages in one month, and have them in the same again.
  if #bytes == CONVERSATION_MONTHS_FROM + 1 then
    local low, high = byte(bytes, CONVERSATION_MONTHS_FROM, CONVERSATION_MONTHS_FROM + 1)
    if low + 256 * high == month then
      if is_higher then call('HSET', key, sid, pack(CONVERSATION_OF_MONTH, number, removed, month)) end
      return false
    end
  end
  local months, told = sub(bytes, CONVERSATION_MONTHS_FROM), month and pack('<H', month)
  local is_new = month and not has_month(months, told)
  if is_new then months = months .. told end
  if is_higher or is_new then call('HSET', key, sid, pack(CONVERSATION, number, removed) .. months) end
  return is_new
end

-- Forgets conversations beyond so many: first those that somebody is not in, and of both kinds the ones that changed longest
-- ago, of the same second the ones with the least SIDs. Readers see no more than so many either, so it need not be done at
-- once, but for many at a time.
local function forget_oldest(key, kept_max)
  local fields, kept = call('HGETALL', key), {}
  for i = 1, #fields, 2 do
    if fields[i] ~= INCOMPLETE then
      local _, _, kind, changed = unpack_struct(MEMBERSHIP, fields[i + 1])
      kept[#kept + 1] = { sid = fields[i], changed = changed, is_member = kind == MEMBER }
    end
  end
  table.sort(kept, function(a, b)
    if a.is_member ~= b.is_member then return b.is_member end
    if a.changed ~= b.changed then return a.changed < b.changed end
    return a.sid < b.sid
  end)
  for i = 1, #kept - kept_max do
    call('HDEL', key, kept[i].sid)
    if kept[i].is_member then call('HSET', key, INCOMPLETE, 1) end
  end
end

-- Looks only at one new conversation in eight, by its SID, whether there are too many.
local function forget_some(key, sid, kept_max)
  if string.byte(sid, 16) % 8 == 0 and call('HLEN', key) > kept_max + SPARE then forget_oldest(key, kept_max) end
end

-- Nearly all updates: nobody else told in the month of which both are. Nil for others.
local function join_plain(bytes, told)
  local read, held_at, held, changed, month, highest, before = unpack_struct(MEMBERSHIP_TOLD, bytes)
  local told_read, told_at, told_kind, told_changed, told_month, told_highest, told_before = unpack_struct(MEMBERSHIP_TOLD, told)
  if told_month ~= month then return end
  if told_read > read then read = told_read end
  if told_changed > changed then changed = told_changed end
  if told_highest > highest then highest = told_highest end
  if told_before > before then before = told_before end
  if told_at > held_at or (told_at == held_at and told_kind > held) then held_at, held = told_at, told_kind end
  return pack(MEMBERSHIP_TOLD, read, held_at, held, changed, month, highest, before)
end

-- What two memberships say, or nil when that is what the first one says.
local function join_memberships(bytes, told)
  local read, held_at, held, changed = unpack_struct(MEMBERSHIP, bytes)
  local told_read, told_at, told_kind, told_changed = unpack_struct(MEMBERSHIP, told)
  local is_later = told_at > held_at or (told_at == held_at and told_kind > held)
  if #told == MEMBERSHIP_BYTES and not (is_later or told_read > read or told_changed > changed) then return end
  if #bytes == MEMBERSHIP_BYTES and is_later and told_read >= read and told_changed >= changed then return told end
  if told_read > read then read = told_read end
  if told_changed > changed then changed = told_changed end
  if is_later then held_at, held = told_at, told_kind end
  if #bytes == MEMBERSHIP_BYTES and #told == MEMBERSHIP_BYTES then return pack(MEMBERSHIP, read, held_at, held, changed) end
  return pack(MEMBERSHIP_AND_REST, read, held_at, held, changed, join_horizons(bytes, told))
end

-- `told` is the membership as it would be kept if nothing were known yet.
local function mark_member(key, sid, told, is_probably_new, kept_max)
  if is_probably_new and call('HSETNX', key, sid, told) == 1 then return forget_some(key, sid, kept_max) end
  local bytes
  if seen_keys[sid] == key then bytes = seen[sid] else bytes = call('HGET', key, sid) end
  if bytes == told then return end
  if not bytes or not is_membership(bytes) then
    call('HSET', key, sid, told)
    return forget_some(key, sid, kept_max)
  end
  local joined = #bytes == TOLD_BYTES and #told == TOLD_BYTES and join_plain(bytes, told) or join_memberships(bytes, told)
  if joined and joined ~= bytes then call('HSET', key, sid, joined) end
end
