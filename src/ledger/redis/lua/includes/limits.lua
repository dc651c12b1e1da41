-- What holds for newcomers of a month, read from its texts at most once per month and call. The budget is what an operator
-- set, else what is configured, each for the latest month up to this one that has any; so is the freeze. Reading the texts is
-- dear: whoever decides newcomers has them read once for all calls (`in-force.lua`).
-- Budget text: `<mode>`, then joined by `|`: `<scope>=<limit>` (scopes as the totals spell them, and `tenant:*`),
--   `reserve:<class>=<places>`, `priority:<class>=<rank>`, `thresholds=<percent>,…`, `spike=<factor>,<minimum>,<mode>`.
-- Raise text: `<month>|<scope>|<identities>|<its end, seconds since the month began>`
local SPIKE = 'new-per-hour'

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
  local fields = redis.call('HGETALL', limits_key)
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
