-- How far events about a member told that they have read, which says more than their own messages do; see read-horizon.ts.
-- Counts are the highest index and one, 0 for none. `horizon_month`: 0 while no event told. `by_other_at`: ms since the
-- epoch.
ALTER TABLE memberships ADD COLUMN horizon_month INTEGER NOT NULL DEFAULT 0;
ALTER TABLE memberships ADD COLUMN horizon_highest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE memberships ADD COLUMN horizon_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE memberships ADD COLUMN horizon_by_other INTEGER NOT NULL DEFAULT 0;
ALTER TABLE memberships ADD COLUMN horizon_by_other_at INTEGER NOT NULL DEFAULT 0;
