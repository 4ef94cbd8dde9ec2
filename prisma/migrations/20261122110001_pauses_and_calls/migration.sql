-- What the pauses of campaigns and the calls to other systems lacked.

-- Resumed with `overdue: spread`: whom a date or a schedule of before then brings comes strewn until then, not all at once.
alter table campaign
  add column resumed_at    timestamptz,                     -- by the workspace's clock; null: never
  add column spread_until  timestamptz;                     -- null, or past: nobody is strewn

-- What was said to another system is forgotten in time (CALLS_DAYS), with the answer; that it was said, and what came of it, stays.
alter table outgoing_call alter column body drop not null;
alter table outgoing_call add constraint outgoing_call_body check (body is not null or settled_at is not null);
create index outgoing_call_kept on outgoing_call (settled_at) where settled_at is not null and body is not null;

-- When the clock of a demo or rehearsal went back to real time: what was done between the two instants, by the workspace's clock, was done before what
-- is done there again. Inserts only.
create table clock_setback (
  at_real    timestamptz primary key,
  back_from  timestamptz not null,
  back_to    timestamptz not null,
  check (back_to < back_from)
);
