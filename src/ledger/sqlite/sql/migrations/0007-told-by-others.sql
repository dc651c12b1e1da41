-- What others told of a member below the highest that they told, and when they first told anything (ms since the epoch);
-- both 0 when they told one count only. See read-horizon.ts.
ALTER TABLE memberships ADD COLUMN horizon_below_other INTEGER NOT NULL DEFAULT 0;
ALTER TABLE memberships ADD COLUMN horizon_others_from INTEGER NOT NULL DEFAULT 0;
