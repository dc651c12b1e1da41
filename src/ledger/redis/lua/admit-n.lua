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
-- ARGV[2] packed: mark u32, the highest ordinal of the month that the caller has read (0 none); flags u8 (1 newcomers wait,
--   2 there is another month); the day's counter, 9 bytes `minted:DD`; the month, 7 bytes `YYYY-MM`; with another month
--   its name and where it lies: its first second, the first second after it, the same two of the month, each u32
--   (seconds since 1970). Then the mints, each 22 bytes: issued u24 (seconds since the month began); policy mark u24;
--   what goes to the record: issued, life (s) and policy mark; terms u16: code of the class + 256 + 512 × flags (1 hidden,
--   2 known-only, 4 needs a reason, 8 linked); length of its row u16; code of the tenant u24 (0 none)
-- ARGV[3] rows as they go to the log, one behind the other: issued, codes of class, intent and rule, outcome (0 known,
--   1 new), life, identity, own identity (empty when not linked)
-- ARGV[4...] per mint: the effective identity, each at most once in a call
-- Returns: with nothing done the text `codes` when the epoch is another one, or `behind` when the month has fewer mints
--   than the mark; else the ordinal of the last mint before this call, alone when every mint is `k`; or a list:
--   that ordinal, then one letter per mint in one text: `k` known, `n` new, `o` see the next text; then those texts in order:
--   `known <life s>` | `new <life s>` (cut by the month's end) | `reuse <ordinal> <issued> <life s>` |
--   `moved <effective identity>` (ask again with it, nothing done) | `adopted` (a member has taken the identity over) |
--   `identity-blocked` | `held` (a newcomer while those wait, counted nowhere) | `lazy-connect-required` |
--   `no-reason-to-connect` | `new-identities-frozen <since>` |
--   `mau-budget-exhausted <month> <limit> <used> <reserved> <scope>` (`new-per-hour`: the spike guard)
local names_key, limits_key, links_key, blocks_key, months_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local totals_key, index_key, day_key, mints_key, keys = KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS
local epoch, packed, rows = ARGV[1], ARGV[2], ARGV[3]
local identities, identities_from = ARGV, 4
-- ---
-- Costs counted in instructions decide the shape of this script: 2,700 for each key or argument, 5,600 for a
-- redis.call and 700 for each of its arguments, 250 to 450 for each packed field, 800 for each text that is made, 2,000 for
-- each function that is made. So the plain cases touch neither more fields than they must nor more functions, and rows stay
-- in the text they came in: a person who is known, a newcomer whom no limit concerns, and with two functions one whom the
-- budget lets in or refuses without anything to tell. Everything else is the special path, which is made when the first mint
-- needs it.
local HEADER, MINTS_FROM, MINTS_FROM_WITH_OTHER = '<I4Bc9', 22, 45
local MINT, MINT_BYTES, TENANT_AT, LINKED = '<I3I3c9HH', 22, 19, 8 * 512
-- Of the record only what the plain case reads and writes, neighbours as one number: last and mints, class and mask. The
-- ordinal, tenant and signals pass by.
local PLAIN_RECORD, PLAIN_HEAD, ORDINAL, PLAIN_REST_FROM = '<I6xxxxI3I3I3I3xxxI3', '<I6I4c9c0', '<xxxxxxI4', 20
local NEWCOMER = '<I6I4c9I3I3I3HB'
local ONE_MINT, MINTS_FULL, SECOND_DAY = 16777216, 16777215 * 16777216, 512 * 256
local MINTED, HIDDEN, RETURNING, GATEWAY = 1, 1024, 2048, 0
local call, sub, pack, unpack_struct = redis.call, string.sub, struct.pack, struct.unpack

local facts = call('HMGET', names_key, '#epoch', '#exceptions')
if facts[1] ~= epoch then return 'codes' end

local mark, header_flags, minted_today = unpack_struct(HEADER, packed)
local counts = call('HMGET', totals_key, 'minted', minted_today, 'all')
local before, all_before = tonumber(counts[1] or '0'), tonumber(counts[3] or '0')
if before < mark then return 'behind' end
local has_other, newcomers_wait = header_flags >= 2, header_flags % 2 == 1

-- include: special

local has_exceptions, links, blocks = facts[2], {}, {}
if has_exceptions then
  links = call('HMGET', links_key, unpack(identities, identities_from))
  blocks = call('HMGET', blocks_key, unpack(identities, identities_from))
end

local position = has_other and MINTS_FROM_WITH_OTHER or MINTS_FROM
local first_key, keys_each = has_other and 14 or 11, has_other and 4 or 2
local key_at = first_key
local count = #identities - identities_from + 1
-- Records to write, false for none; as many places as there are most often.
local records = { nil, nil, nil, nil, nil, nil, nil, nil }
-- Decisions other than `known`, and the log until the first row that has not been logged yet, as soon as it is no longer
-- the rows as they came.
local decisions, log, logged, row_from, unlogged_from = nil, nil, 0, 1, 1
-- What newcomers leave to be counted, as `month.lua` has it: the month of the special path once that is open.
local special, month, limits, judge_newcomer, arrivals, filled
local newcomers, reused, shadows, latest = 0, 0, 0, 0
for i = 1, count do
  local at, policy, token, terms, row_length = unpack_struct(MINT, packed, position)
  local identity, key = identities[identities_from + i - 1], keys[key_at]
  local decision, record
  -- Where the log leaves the rows, what it has instead, and where it goes on, when this mint is not plainly known.
  local log_to, log_text, log_from = row_from - 1, '', row_from + row_length

  if has_exceptions or terms >= LINKED then
    local linked_to, blocked = links[i], blocks[i]
    if terms >= LINKED then
      -- The row ends in the own identity, behind ten bytes, the identity and a length of two bytes for each.
      local own = sub(rows, row_from + 14 + #identity, row_from + row_length - 1)
      linked_to = call('HGET', links_key, own) or own
      blocked = blocked or call('HGET', blocks_key, own)
    end
    if linked_to and linked_to ~= identity then
      decision = sub(linked_to, 1, 1) == '!' and 'adopted' or 'moved ' .. linked_to
    elseif blocked then
      decision = 'identity-blocked'
    end
  end

  if not decision then
    local bytes = call('HGET', key, identity)
    local last_and_mints, issued, life, record_policy, class_and_mask, first
    if bytes then
      last_and_mints, issued, life, record_policy, class_and_mask, first = unpack_struct(PLAIN_RECORD, bytes)
    end
    -- Of a newcomer's flags the plain case may have `hidden` and `linked`; once there is something to tell, it is over.
    local is_plain_newcomer = not (bytes or has_other or newcomers_wait or (month and month.is_due)) and terms % 4096 < 1024
    local class, tenant, shadowed, group
    if is_plain_newcomer then
      class, tenant = terms % 256, unpack_struct('<I3', packed, position + TENANT_AT)
      if not limits or at < limits.from or at >= limits.ends then
        -- include: in_force
        limits = limits_in_force(limits_key, sub(packed, 15, 21), epoch, at)
      end
      if not limits.is_open then
        if not judge_newcomer then
          -- include: judge
          judge_newcomer = judge
          month = month or {
            name = sub(packed, 15, 21), totals_key = totals_key, scopes = { all = { name = 'all', used = all_before } },
            groups = {}, new_in = {}, full = {},
          }
        end
        decision, shadowed, group = judge_newcomer(month, limits, day_key, class, tenant, at)
        if month.is_due then is_plain_newcomer, decision = false, nil end
      end
    end
    -- Until half its life, and not past the instant at which its holder was to ask again (`token-life.ts`).
    if bytes and record_policy == policy and at < issued + (life >= 300 and life < 420 and life - 210 or life / 2) then
      decision = string.format('reuse %d %d %d', unpack_struct(ORDINAL, bytes), issued, life)
      reused = reused + 1
    elseif bytes and not has_other and class_and_mask % 512 == terms % 512
      and (class_and_mask % (2 * SECOND_DAY) >= SECOND_DAY or first - first % 86400 == at - at % 86400) then
      -- The plain case, nine in ten: known, with nothing to move in the histogram.
      logged = logged + 1
      local last = last_and_mints % ONE_MINT
      if last < at then last_and_mints = last_and_mints - last + at end
      if last_and_mints < MINTS_FULL then last_and_mints = last_and_mints + ONE_MINT end
      record = pack(PLAIN_HEAD, last_and_mints, before + logged, token, sub(bytes, PLAIN_REST_FROM))
    elseif decision then
      -- Refused by the budget; nothing to write.
    elseif is_plain_newcomer then
      local mask, hours = MINTED, (at - at % 3600) / 3600
      if terms % 1024 >= 512 then mask = mask + HIDDEN end
      if call('HEXISTS', keys[key_at + 1], identity) == 1 then mask = mask + RETURNING end
      logged, newcomers, decision = logged + 1, newcomers + 1, 'new'
      log_to, log_text, log_from = row_from + 5, '\1', row_from + 7
      record = pack(
        NEWCOMER, ONE_MINT + at, before + logged, token, class + 256 * mask, tenant, at, (at - at % 60) / 60, GATEWAY
      )
      -- As `count_newcomer` does.
      arrivals, filled = arrivals or {}, filled or {}
      local alike = ((tenant * 256 + class) * 65536 + mask) * 32 + hours % 24
      arrivals[alike] = (arrivals[alike] or 0) + 1
      filled[#filled + 1] = sub(key, #totals_key + 2)
      if at > latest then latest = at end
      if shadowed then shadows = shadows + 1 end
      if group then
        for s = 1, #group do group[s].used = group[s].used + 1 end
        if group.is_ranked and month.new_in[hours] then month.new_in[hours] = month.new_in[hours] + 1 end
      end
    else
      if not special then
        special = open_special_path(keys, packed, epoch, has_other, newcomers_wait, all_before, month)
        month = special.month
      end
      local tenant, flags = unpack_struct('<I3', packed, position + TENANT_AT), (terms - terms % 512) / 512
      decision, log_text = special.decide(
        key_at, identity, flags, terms % 256, tenant, at, policy, token, sub(rows, row_from, log_from - 1), bytes,
        before + logged + 1
      )
      if log_text ~= '' then logged = logged + 1 end
    end
  end

  records[i] = record or false
  if decision then
    log, decisions = log or {}, decisions or {}
    log[#log + 1], log[#log + 2] = sub(rows, unlogged_from, log_to), log_text
    unlogged_from, decisions[i] = log_from, decision
  end
  row_from, key_at, position = row_from + row_length, key_at + keys_each, position + MINT_BYTES
end

-- All is decided; from here on only writes.
if logged > 0 then
  if log then
    log[#log + 1] = sub(rows, unlogged_from)
    rows = table.concat(log)
  end
  local minted_today_after = tonumber(counts[2] or '0') + logged
  call('XADD', mints_key, string.format('%d-0', before + logged), 'rows', rows)
  if newcomers == 0 or special then
    call('HSET', totals_key, 'minted', before + logged, minted_today, minted_today_after)
  else
    call('HSET', totals_key, 'minted', before + logged, minted_today, minted_today_after, 'all', all_before + newcomers)
  end
end
for i = 1, count do
  local record = records[i]
  if record then call('HSET', keys[first_key + (i - 1) * keys_each], identities[identities_from + i - 1], record) end
end
if special then
  special.write(arrivals, filled, shadows, latest)
elseif newcomers > 0 then
  if all_before == 0 then call('SADD', months_key, sub(packed, 15, 21)) end
  local index = call('GET', index_key) or ''
  for i = 1, newcomers do
    local bucket = tonumber(filled[i])
    local value = 2 ^ (7 - bucket % 8)
    local marked = string.byte(index, (bucket - bucket % 8) / 8 + 1) or 0
    if marked % (2 * value) < value then call('SETBIT', index_key, bucket, '1') end
  end
  if shadows > 0 then call('HINCRBY', totals_key, 'shadow:mau-budget-exhausted', shadows) end
  for alike, amount in pairs(arrivals) do
    local hour = alike % 32
    local rest = (alike - hour) / 32
    local mask = rest % 65536
    rest = (rest - mask) / 65536
    local class = rest % 256
    local tenant = (rest - class) / 256
    call('HINCRBY', totals_key, string.format('class:%d', class), amount)
    if tenant > 0 then call('HINCRBY', totals_key, string.format('tenant:%d', tenant), amount) end
    call('HINCRBY', totals_key, string.format('mask:%d:%d', class, mask), amount)
    call('HINCRBY', day_key, string.format('new:%d:%d', class, hour), amount)
  end
end
if not decisions then return before end

if reused > 0 then
  call('HINCRBY', totals_key, 'reused', reused)
  call('HINCRBY', day_key, 'reused', reused)
end
local letters, texts = {}, {}
for i = 1, count do
  local decision = decisions[i]
  if not decision or decision == 'known' then
    letters[i] = 'k'
  elseif decision == 'new' then
    letters[i] = 'n'
  else
    letters[i], texts[#texts + 1] = 'o', decision
    local refusal = decision == 'adopted' and 'unauthenticated' or string.match(decision, '^%l+%-[%l%-]+')
    if refusal then
      call('HINCRBY', totals_key, 'refused:' .. refusal, 1)
      call('HINCRBY', day_key, 'refused:' .. refusal, 1)
    end
  end
end
return { before, table.concat(letters), unpack(texts) }
