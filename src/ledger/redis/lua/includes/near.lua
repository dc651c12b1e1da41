-- Whether newcomers whom nothing could refuse have brought some scope to the lowest threshold. Most never do, and what tells
-- of thresholds is dear to make. `limits`: those in force at the latest of them.
local function is_near_threshold(month, limits)
  if limits.is_open or #limits.thresholds == 0 then return false end
  local lowest, of_tenants = limits.thresholds[1], limits.scopes['tenant:*']
  sum_arrivals(month)
  for field, amount in pairs(month.deltas) do
    local limit = limits.scopes[field] or (of_tenants and string.find(field, '^tenant:') and of_tenants)
    if limit then
      local used = tonumber(redis.call('HGET', month.totals_key, field) or '0') + amount
      if used * 100 >= lowest * limit then return true end
    end
  end
  return false
end
