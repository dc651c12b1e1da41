-- Admits people to every month of their tokens' lives and logs the mints, each decided on its own, in order.
-- Guarantee: atomic. No newcomer passes a blocking budget by one, nobody already counted is refused for budget
--   or freeze, a refused request counts nothing but its refusal. Never asks for the time. A store that has fewer mints
--   than the caller has seen decides nothing.
-- KEYS[1] names  KEYS[2] limits  KEYS[3] links  KEYS[4] blocks  KEYS[5] months  KEYS[6] alerts
-- KEYS[7] totals of the month  KEYS[8] its index of buckets  KEYS[9] its day  KEYS[10] its mint log
-- KEYS[11] totals  KEYS[12] index of buckets and  KEYS[13] day of the other month, only when there is one
-- KEYS[n...] then per mint: bucket of the month, bucket of the month before it, and with another month the same two
--   for it
-- ARGV[1] epoch of the codes
-- ARGV[2] month and day, a letter and the mark: `YYYY-MM-DD<letter><mark>`; ` ` as the letter, or `!` when newcomers wait;
--   the mark is the highest ordinal of the month that the caller has read (0 none)
-- ARGV[3] empty, or the other month and where it lies: `YYYY-MM <its first second> <the first second after it> <first
--   second of the month> <the first second after it>` (seconds since 1970)
-- ARGV[4] mints, each packed as MINT below: flags (1 hidden, 2 known-only, 4 needs a reason, 8 linked), codes of class and tenant (0
--   none), issued (seconds since the month began), policy mark; what goes to the record: issued, life (s), policy mark;
--   and with its length in front the row as it goes to the log: issued, codes of class, intent and rule, outcome (0
--   known, 1 new), life, identity, own identity (empty when not linked)
-- ARGV[5...] per mint: the effective identity, each at most once in a call
-- Returns: with nothing done the text `codes` when the epoch is another one, or `behind` when the month has fewer mints
--   than the mark; else a list:
--   ordinal of the last mint before this call, then one letter per mint in one text: `k` known, `n` new, `o` see the
--   next text; then those texts in order:
--   `known <life s>` | `new <life s>` (cut by the month's end) | `reuse <ordinal> <issued> <life s>` |
--   `moved <effective identity>` (ask again with it, nothing done) | `adopted` (a member has taken the identity over) |
--   `identity-blocked` | `held` (a newcomer while those wait, counted nowhere) | `lazy-connect-required` |
--   `no-reason-to-connect` | `new-identities-frozen <since>` |
--   `mau-budget-exhausted <month> <limit> <used> <reserved> <scope>` (`new-per-hour`: the spike guard)
local names_key, links_key, blocks_key, totals_key, day_key, mints_key = KEYS[1], KEYS[3], KEYS[4], KEYS[7], KEYS[9], KEYS[10]
local epoch, day_and_mark, other_header, packed = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local has_other = other_header ~= ''
local bucket_keys, bucket_keys_from, bucket_keys_each = KEYS, has_other and 14 or 11, has_other and 4 or 2
local identities, identities_from = ARGV, 5
-- ---
-- Costs counted in instructions decide the shape of this script: 1,350 for each key or argument, 5,600 for a
-- redis.call and 700 for each of its arguments, 250 to 450 for each packed field, 2,000 for each function that is made.
-- So the plain case, a person who is known, touches neither more fields than it must nor any function; everything else
-- is the special path, which is made when the first mint needs it.
local MINT, MINT_LIFE = '<BBI3I3I3c9Hc0', '<xxxI3'
-- Of the record and of its head only what the plain case reads and writes; the ordinal, tenant and signals pass by.
local PLAIN_RECORD, PLAIN_HEAD, ORDINAL, PLAIN_REST_FROM = '<I3I3xxxxI3I3I3BHxxxI3', '<I3I3I4c9', '<xxxxxxI4', 20
local PLAIN_MASK, SECOND_DAY, PLAIN_MINTS_MAX, LINKED = 1, 512, 16777215, 8
local call, sub, pack, unpack_struct = redis.call, string.sub, struct.pack, struct.unpack

local facts = call('HMGET', names_key, '#epoch', '#exceptions')
if facts[1] ~= epoch then return 'codes' end

local minted_today = 'minted:' .. sub(day_and_mark, 9, 10)
local counts = call('HMGET', totals_key, 'minted', minted_today, 'all')
local before, today_before = tonumber(counts[1] or '0'), tonumber(counts[2] or '0')
if before < tonumber(sub(day_and_mark, 12)) then return 'behind' end
local rows, decisions, reused = {}, {}, 0
local writes, written = {}, 0

-- include: special

local links, blocks = {}, {}
if facts[2] then
  links = call('HMGET', links_key, unpack(identities, identities_from))
  blocks = call('HMGET', blocks_key, unpack(identities, identities_from))
end

local special
local position, day_starts, only_known = 1, nil, true
local count = #identities - identities_from + 1
for i = 1, count do
  local flags, class, tenant, at, policy, token, row
  flags, class, tenant, at, policy, token, row, position = unpack_struct(MINT, packed, position)
  day_starts = day_starts or at - at % 86400
  local identity = identities[identities_from + i - 1]
  local key_at = bucket_keys_from + (i - 1) * bucket_keys_each
  local key = bucket_keys[key_at]

  local decision
  local linked_to, blocked = links[i], blocks[i]
  if flags >= LINKED then
    -- The row ends in the own identity, behind ten bytes, the identity and a length of two bytes for each.
    local own = sub(row, 15 + #identity)
    linked_to = call('HGET', links_key, own) or own
    blocked = blocked or call('HGET', blocks_key, own)
  end
  if linked_to and linked_to ~= identity then
    decision = sub(linked_to, 1, 1) == '!' and 'adopted' or 'moved ' .. linked_to
  elseif blocked then
    decision = 'identity-blocked'
  else
    local bytes = call('HGET', key, identity)
    local last, mints, issued, life, record_policy, record_class, mask, first
    if bytes then
      last, mints, issued, life, record_policy, record_class, mask, first = unpack_struct(PLAIN_RECORD, bytes)
    end
    if bytes and record_policy == policy and at < issued + life / 2 then
      decision = string.format('reuse %d %d %d', unpack_struct(ORDINAL, bytes), issued, life)
      reused = reused + 1
    elseif bytes and not has_other and record_class == class and mask % (2 * PLAIN_MASK) >= PLAIN_MASK
      and (mask % (2 * SECOND_DAY) >= SECOND_DAY or (first >= day_starts and first < day_starts + 86400)) then
      -- The plain case, nine in ten: known, with nothing to move in the histogram.
      rows[#rows + 1] = row
      if last < at then last = at end
      if mints < PLAIN_MINTS_MAX then mints = mints + 1 end
      writes[written + 1], writes[written + 2] = key, identity
      writes[written + 3] = pack(PLAIN_HEAD, last, mints, before + #rows, token) .. sub(bytes, PLAIN_REST_FROM)
      written = written + 3
      decision = 'known'
    else
      special = special or open_special_path(KEYS, day_and_mark, other_header, before, tonumber(counts[3] or '0'), rows)
      decision = special.decide(
        key_at, identity, flags, class, tenant, at, policy, unpack_struct(MINT_LIFE, token), row, bytes
      )
    end
  end
  decisions[i] = decision
  if decision ~= 'known' then only_known = false end
end

-- All is decided; from here on only writes.
if #rows > 0 then
  call('XADD', mints_key, string.format('%d-0', before + #rows), 'rows', table.concat(rows))
  call('HSET', totals_key, 'minted', before + #rows, minted_today, today_before + #rows)
end
for i = 1, written, 3 do
  call('HSET', writes[i], writes[i + 1], writes[i + 2])
end
if special then special.write() end
if only_known then return { before, string.rep('k', count) } end

if reused > 0 then
  call('HINCRBY', totals_key, 'reused', reused)
  call('HINCRBY', day_key, 'reused', reused)
end
local letter_of = { known = 'k', new = 'n' }
local letters, texts = {}, {}
for i = 1, count do
  local decision = decisions[i]
  letters[i] = letter_of[decision] or 'o'
  if letters[i] == 'o' then
    texts[#texts + 1] = decision
    local refusal = decision == 'adopted' and 'unauthenticated' or string.match(decision, '^%l+%-[%l%-]+')
    if refusal then
      call('HINCRBY', totals_key, 'refused:' .. refusal, 1)
      call('HINCRBY', day_key, 'refused:' .. refusal, 1)
    end
  end
end
return { before, table.concat(letters), unpack(texts) }
