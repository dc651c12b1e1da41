-- What evidence changes in a mask, worked out once a call for each pair of what a record has and what is told.
local SIGNAL_COUNT = 9

-- What becomes of a mask by signals that are told: the mask after, where in the record those stand that it has, where the new
-- ones belong, and how long the record is. Few pairs come in a call, so each is worked out once.
local function change_of(mask, told)
  local change = { after = mask, standing = {}, places = {} }
  local value, place = 1, SIGNALS_FROM
  for _ = 1, SIGNAL_COUNT do
    local has = mask % (2 * value) >= value
    if told % (2 * value) >= value then
      if has then
        change.standing[#change.standing + 1] = place
      else
        change.places[#change.places + 1] = place
        change.after = change.after + value
      end
    end
    if has then place = place + 3 end
    value = 2 * value
  end
  change.bytes = place - 1
  return change
end

local spelled = {}
local function mask_bytes(mask)
  local bytes = spelled[mask]
  if not bytes then
    bytes = pack('<H', mask)
    spelled[mask] = bytes
  end
  return bytes
end
