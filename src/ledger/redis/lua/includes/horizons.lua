-- How far events about a member told that they have read, as `read-horizon.ts` says it, behind what else is kept of the
-- membership: month (counted from January 1970), highest, before; and what others told in the month, if anything, with its
-- instant (ms since the month began).
local HORIZON, HORIZON_BY_OTHER, TOLD_BYTES, TOLD_BY_OTHER_BYTES = '<HI4I4', '<HI4I4I4I4', 25, 33

local function is_membership(bytes)
  local length = #bytes
  return length == MEMBERSHIP_BYTES or length == TOLD_BYTES or length == TOLD_BY_OTHER_BYTES
end

-- Of a membership that has one: month, highest, before, what others told, and when.
local function horizon_in(bytes)
  if #bytes == TOLD_BY_OTHER_BYTES then return unpack_struct(HORIZON_BY_OTHER, bytes, MEMBERSHIP_BYTES + 1) end
  local month, highest, before = unpack_struct(HORIZON, bytes, MEMBERSHIP_BYTES + 1)
  return month, highest, before, 0, 0
end

local function pack_horizon(month, highest, before, by_other, by_other_at)
  if by_other == 0 then return pack(HORIZON, month, highest, before) end
  return pack(HORIZON_BY_OTHER, month, highest, before, by_other, by_other_at)
end

-- All that two horizons know; the second is of the same month or of a later one.
local function join_ordered(month, highest, before, by_other, at, later, later_highest, later_before, later_by_other, later_at)
  if later_before > before then before = later_before end
  if month ~= later then
    if later_highest <= highest then return pack_horizon(month, highest, before, by_other, at) end
    if highest > before then before = highest end
    return pack_horizon(later, later_highest, before, later_by_other, later_at)
  end
  if later_highest > highest then highest = later_highest end
  if by_other > later_by_other then by_other, at, later_by_other, later_at = later_by_other, later_at, by_other, at end
  if by_other == later_by_other then
    if at < later_at then later_at = at end
  elseif by_other > before and at < later_at then
    before = by_other
  end
  return pack_horizon(month, highest, before, later_by_other, later_at)
end

local function join_horizons(bytes, told)
  if #told == MEMBERSHIP_BYTES then return sub(bytes, MEMBERSHIP_BYTES + 1) end
  if #bytes == MEMBERSHIP_BYTES then return sub(told, MEMBERSHIP_BYTES + 1) end
  local month, highest, before, by_other, at = horizon_in(bytes)
  local told_month, told_highest, told_before, told_by_other, told_at = horizon_in(told)
  if told_month < month then
    return join_ordered(told_month, told_highest, told_before, told_by_other, told_at, month, highest, before, by_other, at)
  end
  return join_ordered(month, highest, before, by_other, at, told_month, told_highest, told_before, told_by_other, told_at)
end

-- Memberships that were looked at for a read, by conversation: the same event marks them next.
local seen_keys, seen = {}, {}

-- Whether a member's own update proves that they have read up to a number, `at` ms since the month (as a code) began.
local function is_move(key, sid, number, month, at)
  local bytes = call('HGET', key, sid)
  seen_keys[sid], seen[sid] = key, bytes
  if not bytes or #bytes == MEMBERSHIP_BYTES or not is_membership(bytes) then return true end
  local known, highest, before, by_other, by_other_at = horizon_in(bytes)
  if month > known then return number > highest end
  if month < known then return number > before end
  return number > before and (number > by_other or at <= by_other_at)
end
