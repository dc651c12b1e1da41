-- What holds for a month: the budget and freeze of the latest month, up to this one, that has any.
-- Read at most once per month and call. Budget text: `<mode>|<scope>=<limit>|…`, scopes as the totals spell them.
local function limits_of(month, limits_key)
  if month.limits then return month.limits end
  local fields = redis.call('HGETALL', limits_key)
  local budget_from, freeze_from = '', ''
  local limits = { mode = 'off', scopes = {}, frozen = '' }
  local text = ''
  for i = 1, #fields, 2 do
    local kind, from = string.match(fields[i], '^(%l+):(.+)$')
    if from <= month.name then
      if kind == 'budget' and from > budget_from then
        budget_from, text = from, fields[i + 1]
      elseif kind == 'freeze' and from > freeze_from then
        freeze_from, limits.frozen = from, fields[i + 1]
      end
    end
  end
  for part in string.gmatch(text, '[^|]+') do
    local scope, limit = string.match(part, '^(.*)=(%d+)$')
    if scope then limits.scopes[scope] = tonumber(limit) else limits.mode = part end
  end
  month.limits = limits
  return limits
end

-- How many identities a scope has, with those admitted earlier in this very call.
local function used_in(month, scope)
  if not month.used[scope] then
    month.used[scope] = tonumber(redis.call('HGET', month.totals_key, scope) or '0')
  end
  return month.used[scope] + (month.deltas[scope] or 0)
end

-- Why a newcomer may not enter a month, as a reply, or nil when nothing stands against it.
local function newcomer_refusal(month, limits_key, mint)
  if mint.known_only then return 'lazy-connect-required' end
  local limits = limits_of(month, limits_key)
  if limits.frozen ~= '' then return 'new-identities-frozen ' .. limits.frozen end
  if limits.mode ~= 'block' then return nil end
  local scopes = { 'all', string.format('class:%d', mint.class), string.format('tenant:%d', mint.tenant) }
  for i = 1, #scopes do
    local limit = limits.scopes[scopes[i]]
    if limit then
      local used = used_in(month, scopes[i])
      if used >= limit then
        return string.format('mau-budget-exhausted %s %d %d %s', month.name, limit, used, scopes[i])
      end
    end
  end
  return nil
end
