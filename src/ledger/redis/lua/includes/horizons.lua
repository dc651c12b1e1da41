-- How far events about a member told that they have read, as `read-horizon.ts` says it, behind what else is kept of the
-- membership: month (counted from January 1970), highest, before; what others told in the month, if anything, with its
-- instant (ms since the month began); and if they told more than one count, the one below it and the instant of their first.
local HORIZON, TOLD_BYTES, TOLD_BY_OTHER_BYTES, TOLD_BELOW_BYTES = '<HI4I4', 25, 33, 41
local HORIZON_BY_OTHER, HORIZON_BELOW = '<HI4I4I4I4', '<HI4I4I4I4I4I4'

local function is_membership(bytes)
  local length = #bytes
  return length == MEMBERSHIP_BYTES or length == TOLD_BYTES or length == TOLD_BY_OTHER_BYTES or length == TOLD_BELOW_BYTES
end

-- Of a membership that has one: month, highest, before, what others told and when, what they told below that, and since when.
local function horizon_in(bytes)
  if #bytes == TOLD_BELOW_BYTES then return unpack_struct(HORIZON_BELOW, bytes, MEMBERSHIP_BYTES + 1) end
  if #bytes == TOLD_BY_OTHER_BYTES then
    local month, highest, before, by_other, at = unpack_struct(HORIZON_BY_OTHER, bytes, MEMBERSHIP_BYTES + 1)
    return month, highest, before, by_other, at, 0, at
  end
  local month, highest, before = unpack_struct(HORIZON, bytes, MEMBERSHIP_BYTES + 1)
  return month, highest, before, 0, 0, 0, 0
end

local function unpack_horizon(bytes)
  local h = {}
  h.month, h.highest, h.before, h.by_other, h.at, h.below, h.from = horizon_in(bytes)
  return h
end

local function pack_horizon(h)
  if h.by_other == 0 then return pack(HORIZON, h.month, h.highest, h.before) end
  if h.below == 0 then return pack(HORIZON_BY_OTHER, h.month, h.highest, h.before, h.by_other, h.at) end
  return pack(HORIZON_BELOW, h.month, h.highest, h.before, h.by_other, h.at, h.below, h.from)
end

-- Adds to one horizon what others told by another one of the same month.
local function join_others(h, told)
  if told.by_other == 0 then return end
  if h.by_other == 0 then
    h.by_other, h.at, h.below, h.from = told.by_other, told.at, told.below, told.from
    return
  end
  if told.from < h.from then h.from = told.from end
  if told.by_other == h.by_other then
    if told.at < h.at then h.at = told.at end
    if told.below > h.below then h.below = told.below end
  elseif told.by_other > h.by_other then
    h.below = told.below > h.by_other and told.below or h.by_other
    h.by_other, h.at = told.by_other, told.at
  elseif told.by_other > h.below then
    h.below = told.by_other
  end
end

-- All that two horizons know.
local function join_horizons(bytes, told_bytes)
  if #told_bytes == MEMBERSHIP_BYTES then return sub(bytes, MEMBERSHIP_BYTES + 1) end
  if #bytes == MEMBERSHIP_BYTES then return sub(told_bytes, MEMBERSHIP_BYTES + 1) end
  local h, told = unpack_horizon(bytes), unpack_horizon(told_bytes)
  if told.month < h.month then h, told = told, h end
  local before = told.before > h.before and told.before or h.before
  if told.month == h.month then
    join_others(h, told)
    if told.highest > h.highest then h.highest = told.highest end
  elseif told.highest > h.highest then
    if h.highest > before then before = h.highest end
    h = told
  end
  h.before = before
  return pack_horizon(h)
end

-- Memberships that were looked at for a read, by conversation: the same event marks them next.
local seen_keys, seen = {}, {}

-- Whether a member's own update proves that they have read up to a number, `at` ms since the month (as a code) began.
local function is_move(key, sid, number, month, at)
  local bytes = call('HGET', key, sid)
  seen_keys[sid], seen[sid] = key, bytes
  if not bytes or #bytes == MEMBERSHIP_BYTES or not is_membership(bytes) then return true end
  local known, highest, before, by_other, by_other_at, below, from = horizon_in(bytes)
  if month > known then return number > highest end
  if month < known or number <= before then return number > before end
  if at > by_other_at then return number > by_other end
  return number > below or at <= from
end
