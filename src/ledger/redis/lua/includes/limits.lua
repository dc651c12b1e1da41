-- What holds for newcomers of a month, read at most once per month and call. The budget is what an operator set, else
-- what is configured, each for the latest month up to this one that has any; so is the freeze.
-- Budget text: `<mode>`, then joined by `|`: `<scope>=<limit>` (scopes as the totals spell them, and `tenant:*`),
--   `reserve:<class>=<places>`, `priority:<class>=<rank>`, `thresholds=<percent>,…`, `spike=<factor>,<minimum>,<mode>`.
-- Raise text: `<month>|<scope>|<identities>|<its end, seconds since the month began>`
local SHADOWED = 'shadow:mau-budget-exhausted'
local SPIKE, SPIKE_QUIET_HOURS = 'new-per-hour', 24
local MASK_FROM, MESSAGED, JOINED = 21, 4, 8
local KNOWN_ONLY, NEEDS_REASON = 2, 4

local function parse_budget(text)
  local budget = { mode = 'off', scopes = {}, reserve = {}, priorities = {}, thresholds = {} }
  for part in string.gmatch(text, '[^|]+') do
    local name, value = string.match(part, '^(.*)=(.*)$')
    if not name then
      budget.mode = part
    elseif name == 'thresholds' then
      for percent in string.gmatch(value, '%d+') do table.insert(budget.thresholds, tonumber(percent)) end
    elseif name == 'spike' then
      local factor, minimum, mode = string.match(value, '^(.*),(.*),(.*)$')
      budget.spike = { factor = tonumber(factor), minimum = tonumber(minimum), blocks = mode == 'block' }
    else
      local kind, class = string.match(name, '^(%l+):(%d+)$')
      if kind == 'reserve' then budget.reserve[tonumber(class)], budget.has_reserve = tonumber(value), true
      elseif kind == 'priority' then budget.priorities[tonumber(class)] = tonumber(value)
      else budget.scopes[name] = tonumber(value) end
    end
  end
  return budget
end

local function limits_of(month, limits_key)
  if month.limits then return month.limits end
  local fields = month.limit_fields or redis.call('HGETALL', limits_key)
  local from_month = { configured = '', budget = '', freeze = '' }
  local found = { configured = '', budget = '', freeze = '' }
  local raises = {}
  for i = 1, #fields, 2 do
    local kind, from = string.match(fields[i], '^(%l+):(.+)$')
    if kind == 'raise' then
      local raised, scope, identities, ends = string.match(fields[i + 1], '^(.-)|(.-)|(%d+)|(%d+)$')
      if raised == month.name then
        raises[#raises + 1] = { scope = scope, identities = tonumber(identities), ends = tonumber(ends) }
      end
    elseif found[kind] and from <= month.name and from > from_month[kind] then
      from_month[kind], found[kind] = from, fields[i + 1]
    end
  end
  month.limits = parse_budget(from_month.budget == '' and found.configured or found.budget)
  month.limits.raises, month.limits.frozen = raises, found.freeze
  return month.limits
end

-- The limit of a scope at an instant (seconds since the month began), raises included, or nil for none.
local function limit_in_force(limits, scope, at)
  local limit = limits.scopes[scope]
  if not limit and string.sub(scope, 1, 7) == 'tenant:' then limit = limits.scopes['tenant:*'] end
  if not limit then return nil end
  for i = 1, #limits.raises do
    local raise = limits.raises[i]
    if raise.scope == scope and at < raise.ends then limit = limit + raise.identities end
  end
  return limit
end

-- How many identities a scope has, with those admitted earlier in this very call.
local function used_in(month, scope)
  local used = month.used[scope]
  if not used then
    sum_arrivals(month)
    used = tonumber(redis.call('HGET', month.totals_key, scope) or '0') + (month.deltas[scope] or 0)
    month.used[scope] = used
  end
  return used
end

-- Places of the whole that other classes have not taken yet and this one may not have.
local function places_kept(month, limits, class)
  local rank, kept = limits.priorities[class] or 0, 0
  for other, places in pairs(limits.reserve) do
    if other ~= class and (limits.priorities[other] or 0) >= rank then
      kept = kept + math.max(0, places - used_in(month, field_of(month, CLASS, other)))
    end
  end
  return kept
end

-- Newcomers of the budget's classes in one hour of a day, with those admitted earlier in this very call.
local function new_in_hour(month, limits, day_key, hour)
  local fields, count = {}, 0
  for class in pairs(limits.priorities) do fields[#fields + 1] = field_of(month, NEW, class, hour) end
  if #fields == 0 then return 0 end
  local cached = day_key .. hour
  if not month.used[cached] then
    local before = redis.call('HMGET', day_key, unpack(fields))
    for i = 1, #fields do count = count + tonumber(before[i] or '0') end
    month.used[cached] = count
  end
  count = month.used[cached]
  sum_arrivals(month)
  local earlier = month.days[day_key] or {}
  for i = 1, #fields do count = count + (earlier[fields[i]] or 0) end
  return count
end

-- The spike guard's limit and what is used of it, or nil while it is silent.
local function spike_in(month, limits, day_key, at)
  local hours = math.floor(at / 3600)
  if hours < SPIKE_QUIET_HOURS then return nil end
  local used = new_in_hour(month, limits, day_key, hours % 24)
  local mean = math.max(0, used_in(month, 'all') - used) / hours
  return math.max(limits.spike.minimum, math.ceil(limits.spike.factor * mean)), used
end

-- The scopes that newcomers of a class and tenant fall in: names, limits where there are any, places kept for others.
-- Remembered until a newcomer takes a kept place; a raise may end between two newcomers of a call.
local function scopes_of(month, limits, class, tenant, at)
  local alike = tenant * 256 + class
  local scopes = month.scopes[alike]
  if scopes and #limits.raises == 0 then return scopes end
  scopes = { { name = 'all' }, { name = field_of(month, CLASS, class) }, { name = field_of(month, TENANT, tenant) } }
  for i = 1, tenant > 0 and 3 or 2 do
    scopes[i].limit = limit_in_force(limits, scopes[i].name, at)
  end
  scopes.kept = limits.has_reserve and scopes[1].limit and places_kept(month, limits, class) or 0
  scopes.takes_kept = limits.reserve[class] ~= nil
  month.scopes[alike] = scopes
  return scopes
end

-- The first limit that refuses a newcomer, as the end of a refusal, or nil; and whether one that only warns would have.
-- `month.full` remembers the limits that refused and when: they may have been reached without a newcomer.
local function exhausted(month, limits, day_key, class, tenant, at)
  local shadowed = false
  local scopes = scopes_of(month, limits, class, tenant, at)
  for i = 1, 3 do
    local scope = scopes[i]
    local limit = scope.limit
    if limit then
      local used = used_in(month, scope.name)
      local kept = i == 1 and scopes.kept or 0
      if used >= limit - kept then
        if limits.mode == 'block' then
          month.full[scope.name] = at
          return string.format('%d %d %d %s', limit, used, kept, scope.name)
        end
        shadowed = true
      end
    end
  end
  if limits.spike then
    local limit, used = spike_in(month, limits, day_key, at)
    if limit and used >= limit then
      month.spiked = math.max(month.spiked or 0, at)
      month.spike_limit, month.spike_used = limit, used
      if limits.spike.blocks then return string.format('%d %d 0 %s', limit, used, SPIKE) end
      shadowed = true
    end
  end
  return nil, shadowed
end

-- Why a newcomer may not enter a month, as a reply, or nil when nothing stands against it; and whether a limit that
-- only warns did. `at`: seconds since that month began; `before`: the record of the month before it, or false.
local function newcomer_refusal(month, limits_key, day_key, flags, class, tenant, at, before)
  if flags % 4 >= KNOWN_ONLY then return 'lazy-connect-required' end
  if flags % 8 >= NEEDS_REASON then
    local mask = before and struct.unpack('<H', before, MASK_FROM) or 0
    if bit.band(mask, MESSAGED + JOINED) == 0 then return 'no-reason-to-connect' end
  end
  local limits = limits_of(month, limits_key)
  if limits.frozen ~= '' then return 'new-identities-frozen ' .. limits.frozen end
  if limits.mode == 'off' then return nil, false end
  local limit, shadowed = exhausted(month, limits, day_key, class, tenant, at)
  return limit and string.format('mau-budget-exhausted %s %s', month.name, limit), shadowed
end

-- Whether newcomers of this call, counted or refused, could have met a threshold or the spike guard.
local function may_fire(month)
  local is_fuller = #month.filled > 0 or next(month.full)
  return month.spiked or (is_fuller and month.limits and #month.limits.thresholds > 0 and month.limits.mode ~= 'off')
end
