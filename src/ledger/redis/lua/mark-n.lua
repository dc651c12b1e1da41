-- Adds what events say of conversations: their highest index, the months with a message, and who has read how far.
-- Guarantee: atomic, idempotent and order-free. Indexes only rise, of two marks about a membership the later holds (at
--   the same instant the one that ends it), and a conversation is counted once in each month in which it had a message.
-- KEYS[n...] what the marks name by their place among these, from 1
-- ARGV[1] most conversations kept for one identity
-- ARGV[2] marks, packed as MARK below: kind (1 message, 2 member, 3 left, 4 removed), the 16 bytes of the SID, places of the
--   conversation's bucket, of the hash of the member or author and of the totals of the month (0 none), month (counted
--   from January 1970), index + 1 of the message or of what was read (0 none), instant (ms since 1970)
-- Returns: `marked`
local keys, keys_from = KEYS, 1
local kept_max, packed = tonumber(ARGV[1]), ARGV[2]
-- ---
local MARK = '<Bc16HHHHI4I6'
local MESSAGE, MEMBER, LEFT, REMOVED = 1, 2, 3, 4
-- A conversation: highest index + 1, whether it was removed, then its months with a message.
local CONVERSATION, MONTHS_FROM = '<I4B', 6
-- A membership: highest index read + 1, instant and kind of the mark that holds (0 none yet), second of the latest mark.
local MEMBERSHIP = '<I4I6BI4'
-- A field of a member's hash beside the SIDs: a conversation they are in was forgotten.
local INCOMPLETE = '!'
local call, pack, unpack_struct = redis.call, struct.pack, struct.unpack

local newly_counted = {}

local function has_month(months, month)
  for i = 1, #months, 2 do
    if string.sub(months, i, i + 1) == month then return true end
  end
  return false
end

-- The bytes kept of a conversation, and what they come to with a mark.
local function read_conversation(key, sid, number, removed)
  local bytes = call('HGET', key, sid)
  local highest, was_removed, months = 0, 0, ''
  if bytes then
    highest, was_removed = unpack_struct(CONVERSATION, bytes)
    months = string.sub(bytes, MONTHS_FROM)
  end
  return bytes, math.max(highest, number), math.max(was_removed, removed), months
end

local function save_conversation(key, sid, before, highest, removed, months)
  local bytes = pack(CONVERSATION, highest, removed) .. months
  if bytes ~= before then call('HSET', key, sid, bytes) end
end

-- Forgets the conversation that changed longest ago, once there are too many; of several the one with the least SID.
local function forget_oldest(key)
  local fields = call('HGETALL', key)
  local kept, oldest, oldest_changed, oldest_kind = 0, nil, nil, nil
  for i = 1, #fields, 2 do
    local sid = fields[i]
    if sid ~= INCOMPLETE then
      kept = kept + 1
      local _, _, kind, changed = unpack_struct(MEMBERSHIP, fields[i + 1])
      if not oldest or changed < oldest_changed or (changed == oldest_changed and sid < oldest) then
        oldest, oldest_changed, oldest_kind = sid, changed, kind
      end
    end
  end
  if kept <= kept_max then return end
  call('HDEL', key, oldest)
  if oldest_kind == MEMBER then call('HSET', key, INCOMPLETE, 1) end
end

local function mark_member(key, sid, kind, number, at)
  local bytes = call('HGET', key, sid)
  local read, held_at, held, changed = 0, 0, 0, 0
  if bytes then read, held_at, held, changed = unpack_struct(MEMBERSHIP, bytes) end
  -- The author of a message has read it, but need not be a member.
  if kind ~= MESSAGE and (at > held_at or (at == held_at and kind > held)) then held_at, held = at, kind end
  local marked = pack(MEMBERSHIP, math.max(read, number), held_at, held, math.max(changed, math.floor(at / 1000)))
  if marked == bytes then return end
  call('HSET', key, sid, marked)
  if not bytes and call('HLEN', key) > kept_max then forget_oldest(key) end
end

local position = 1
while position <= #packed do
  local kind, sid, conversation, member, totals, month, number, at
  kind, sid, conversation, member, totals, month, number, at, position = unpack_struct(MARK, packed, position)
  if kind == MESSAGE then
    local key = keys[keys_from + conversation - 1]
    local before, highest, removed, months = read_conversation(key, sid, number, 0)
    local name = pack('<H', month)
    if not has_month(months, name) then
      months = months .. name
      newly_counted[totals] = (newly_counted[totals] or 0) + 1
    end
    save_conversation(key, sid, before, highest, removed, months)
  elseif kind == REMOVED then
    local key = keys[keys_from + conversation - 1]
    save_conversation(key, sid, read_conversation(key, sid, 0, 1))
  end
  if member > 0 then mark_member(keys[keys_from + member - 1], sid, kind, number, at) end
end
for totals, count in pairs(newly_counted) do
  call('HINCRBY', keys[keys_from + totals - 1], 'conversations', count)
end
return 'marked'
