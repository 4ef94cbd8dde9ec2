-- Resumed with `overdue: spread`: whom a date or a schedule of before then brings comes strewn until then, not all at once.
alter table campaign
  add column resumed_at    timestamptz,                     -- by the workspace's clock; null: never
  add column spread_until  timestamptz;                     -- null, or past: nobody is strewn
