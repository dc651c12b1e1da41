-- Admits people to every month of their tokens' lives and logs the mints, each decided on its own, in order.
-- Guarantee: atomic. No newcomer passes a blocking budget by one, nobody already counted is refused for budget
--   or freeze, a refused request counts nothing but its refusal. Never asks for the time.
-- KEYS[1] names  KEYS[2] limits  KEYS[3] links  KEYS[4] blocks  KEYS[5] months
-- KEYS[6] totals of the month  KEYS[7] its index of buckets  KEYS[8] its day  KEYS[9] its mint log
-- KEYS[10] totals  KEYS[11] index of buckets and  KEYS[12] day of the other month, only when there is one
-- KEYS[...] then per mint: bucket of the month, bucket of the month before it, and with another month the same two
--   for it
-- ARGV[1] epoch of the codes  ARGV[2] month `YYYY-MM`
-- ARGV[3] empty, or the other month and where it lies: `YYYY-MM <its first second> <the first second after it> <first
--   second of the month> <the first second after it>` (seconds since 1970)
-- ARGV[4] mints, each packed as MINT below: flags (1 hidden, 2 known-only, 4 linked), code of the tenant (0 none),
--   class, issued (seconds since the month began), life (s), policy mark; the same last three again as they go to the
--   record; and with its length in front the row as it goes to the log: issued, codes of class, intent and rule,
--   outcome (0 known, 1 new), life, identity, own identity (empty when not linked)
-- ARGV[5...] per mint: the effective identity, each at most once in a call
-- Returns: the text `codes` when the epoch is another one and nothing was done, else a list:
--   ordinal of the last mint before this call, then one letter per mint in one text: `k` known, `n` new, `o` see the
--   next text; then those texts in order:
--   `known <life s>` | `new <life s>` (cut by the month's end) | `reuse <ordinal> <issued> <life s>` |
--   `moved <effective identity>` (ask again with it, nothing done) | `identity-blocked` | `lazy-connect-required` |
--   `new-identities-frozen <since>` | `mau-budget-exhausted <month> <limit> <used> <scope>`
-- include: record
-- include: month
-- include: limits
local names_key, limits_key, links_key, blocks_key, months_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local day_key, mints_key, other_day_key = KEYS[8], KEYS[9], KEYS[12]
local epoch, other_header, packed = ARGV[1], ARGV[3], ARGV[4]
local month = open_month(ARGV[2], KEYS[6], KEYS[7])
local other = other_header ~= '' and open_month(string.sub(other_header, 1, 7), KEYS[10], KEYS[11])
local bucket_keys, bucket_keys_from, bucket_keys_each = KEYS, other and 13 or 10, other and 4 or 2
local identities, identities_from = ARGV, 5
-- ---
-- Costs counted in instructions decide the shape of this script: 1,350 for each key or argument, 700 for each argument
-- of a redis.call, 250 to 450 for each packed field. So the plain case, a person who is known, touches neither more
-- fields than it must nor any table of its own; everything else is in `decide`.
local MINT = '<BI3BI3I3I3c9Hc0'
local ROW_OUTCOME, ROW_REST, OWN_LENGTH_BYTES = 6, 10, 2
local GATEWAY, NEIGHBOUR = 0, 1
local CLOCK_MARGIN, SHORTEST_LIFE = 5, 60

if redis.call('HGET', names_key, '#epoch') ~= epoch then return 'codes' end

local before = tonumber(redis.call('HGET', month.totals_key, 'minted') or '0')
local rows, letters, texts, reused = {}, {}, {}, 0
if other then
  local text = string.gmatch(string.sub(other_header, 9), '%d+')
  other.starts, other.ends, month.starts, month.ends = tonumber(text()), tonumber(text()), tonumber(text()), tonumber(text())
end

-- A row of the log whose class, outcome or life differs from what was asked for.
local function rewrite_row(row, class, outcome, life)
  return string.sub(row, 1, 3) .. string.char(class) .. string.sub(row, 5, ROW_OUTCOME)
    .. struct.pack('<BI3', outcome == 'new' and 1 or 0, life) .. string.sub(row, ROW_REST + 1)
end

-- Adds the person to the other month, or the minted signal to what evidence already put there.
local function admit_to_other(mint, bytes)
  local at = math.max(0, math.min(month.starts + mint.at, other.ends - 1) - other.starts)
  local record
  if bytes then
    record = decode_record(bytes)
    if bit.band(record.mask, MINTED) ~= 0 then return end
    local mask_before = record.mask
    set_signal(record, 0, math.floor(at / 60), NEIGHBOUR)
    move_mask(other, record, mask_before)
  else
    record = insert_person(other, {
      key = mint.other_key, previous_key = mint.other_previous_key, day_key = other_day_key, identity = mint.identity, class = mint.class,
      tenant = mint.tenant, at = at, signal = 0, source = NEIGHBOUR, hidden = mint.hidden,
    })
  end
  write_person(other, mint.other_key, mint.identity, encode_record(record))
end

-- Everything but the plain case: newcomers, first mints of people known by evidence, a second day, two months.
local function decide(mint, bytes, known_only)
  local refusal = not bytes and newcomer_refusal(month, limits_key, known_only, mint.class, mint.tenant)
  if refusal then return refusal end

  local life, enters_other = mint.life, other
  local other_bytes = other and redis.call('HGET', mint.other_key, mint.identity)
  if other and not other_bytes then
    refusal = newcomer_refusal(other, limits_key, known_only, mint.class, mint.tenant)
    if refusal then
      if other.starts < month.starts then return refusal end
      life, enters_other = month.ends - CLOCK_MARGIN - (month.starts + mint.at), nil
      if life < SHORTEST_LIFE then return refusal end
    end
  end

  local outcome, record = 'known', nil
  if bytes then
    record = decode_record(bytes)
    local mask_before = record.mask
    if bit.band(record.mask, MINTED) == 0 then
      set_signal(record, 0, math.floor(mint.at / 60), GATEWAY)
      if mint.hidden then set_mark(record, HIDDEN) end
    end
    if math.floor(record.first / 86400) ~= math.floor(mint.at / 86400) then set_mark(record, AGAIN) end
    move_mask(month, record, mask_before)
  else
    outcome = 'new'
    record = insert_person(month, {
      key = mint.key, previous_key = mint.previous_key, day_key = day_key, identity = mint.identity, class = mint.class,
      tenant = mint.tenant, at = mint.at, signal = 0, source = GATEWAY, hidden = mint.hidden,
    })
  end
  rows[#rows + 1] = rewrite_row(mint.row, record.class, outcome, life)
  record.mints = record.mints + 1
  record.last = math.max(record.last, mint.at)
  record.issued, record.life, record.policy, record.ordinal = mint.at, life, mint.policy, before + #rows
  write_person(month, mint.key, mint.identity, encode_record(record))
  if enters_other then admit_to_other(mint, other_bytes) end
  return life == mint.life and outcome or outcome .. ' ' .. life
end

local count = #identities - identities_from + 1
local links, blocks = {}, {}
if redis.call('EXISTS', links_key, blocks_key) > 0 then
  links = redis.call('HMGET', links_key, unpack(identities, identities_from))
  blocks = redis.call('HMGET', blocks_key, unpack(identities, identities_from))
end
local position = 1
local day_starts
for i = 1, count do
  local flags, tenant, class, at, life, policy, token, row
  flags, tenant, class, at, life, policy, token, row, position = struct.unpack(MINT, packed, position)
  day_starts = day_starts or at - at % 86400
  local identity = identities[identities_from + i - 1]
  local key_at = bucket_keys_from + (i - 1) * bucket_keys_each
  local key = bucket_keys[key_at]

  local decision
  local linked_to = links[i]
  if flags >= 4 then
    local own = string.sub(row, ROW_REST + OWN_LENGTH_BYTES + #identity + OWN_LENGTH_BYTES + 1)
    linked_to = redis.call('HGET', links_key, own) or own
  end
  if linked_to and linked_to ~= identity then
    decision = 'moved ' .. linked_to
  elseif blocks[i] then
    decision = 'identity-blocked'
  else
    local bytes = redis.call('HGET', key, identity)
    local last, mints, ordinal, issued, r_life, r_policy, r_class, mask, _, first
    if bytes then
      last, mints, ordinal, issued, r_life, r_policy, r_class, mask, _, first = struct.unpack(RECORD, bytes)
    end
    if bytes and r_policy == policy and at < issued + r_life / 2 then
      decision = 'reuse ' .. ordinal .. ' ' .. issued .. ' ' .. r_life
      reused = reused + 1
    elseif bytes and not other and r_class == class and mask % (2 * MINTED) == MINTED
      and (mask % (2 * AGAIN) >= AGAIN or (first >= day_starts and first < day_starts + 86400)) then
      -- The plain case, nine in ten: known, nothing to move in the histogram.
      rows[#rows + 1] = row
      if last < at then last = at end
      if mints < MINTS_MAX then mints = mints + 1 end
      write_person(month, key, identity,
        struct.pack(RECORD_HEAD, last, mints, before + #rows, token) .. string.sub(bytes, REST_FROM))
      decision = 'known'
    else
      decision = decide({
        hidden = flags % 2 == 1, class = class, tenant = tenant, policy = policy, at = at, life = life, row = row,
        identity = identity, key = key, previous_key = bucket_keys[key_at + 1],
        other_key = bucket_keys[key_at + 2], other_previous_key = bucket_keys[key_at + 3],
      }, bytes, flags % 4 >= 2)
    end
  end

  if decision == 'known' then
    letters[i] = 'k'
  elseif decision == 'new' then
    letters[i] = 'n'
  else
    letters[i] = 'o'
    texts[#texts + 1] = decision
    local refusal = string.match(decision, '^%l+%-[%l%-]+')
    if refusal then
      add(month.deltas, 'refused:' .. refusal, 1)
      add(day_deltas(month, day_key), 'refused:' .. refusal, 1)
    end
  end
end

-- All is decided; from here on only writes.
if #rows > 0 then
  redis.call('XADD', mints_key, string.format('%d-0', before + #rows), 'rows', table.concat(rows))
  redis.call('HSET', month.totals_key, 'minted', before + #rows)
  add(day_deltas(month, day_key), 'minted', #rows)
end
if reused > 0 then
  add(month.deltas, 'reused', reused)
  add(day_deltas(month, day_key), 'reused', reused)
end
write_month(month, months_key)
if other then write_month(other, months_key) end

return { before, table.concat(letters), unpack(texts) }
