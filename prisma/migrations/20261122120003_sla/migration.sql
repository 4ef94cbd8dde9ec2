-- The promises of the sales side: ladders by grade and by two clocks, snoozes, the life of an opportunity until its outcome, and every broken promise.

alter table opportunity
  add column grade           text check (grade in ('A', 'B', 'C', 'D')),  -- by what its ladder is chosen, where a person has said so; null: by the fit of its lead (vip and urgent come before either)
  add column wall_rung       smallint not null default 0,   -- how far up the rungs that count by the wall clock; `rung` counts those in working hours
  add column ladder_since    timestamptz,                   -- since when the ladder counts, where that is not since the offer, the acceptance or the first talk: after a snooze or a later talk; while offered, of the rungs by the wall clock alone: since the first of the offers that the ladder moved from rep to rep
  add column rung_due_at     timestamptz,                   -- when the next rung in working hours falls due, where one by the wall clock comes before it; null: next_look_at, or reckoned from offered_at
  add column snoozed_until   timestamptz,                   -- put off by its rep: its ladder stands still until then, and begins anew; while it does, next_look_at is the same instant
  add column snoozes         smallint not null default 0,   -- how often, by the one who has it
  add column first_touch_by  text,                          -- how the first touch was seen: logged, sequence, bcc
  add column stage           text,                          -- where in the pipeline: key of the document `pipeline`; null until it is accepted
  add column stage_at        timestamptz,                   -- since when
  add column outcome_reason  text;                          -- lost: key of the standard's lossReasons

create index opportunity_snoozed on opportunity (snoozed_until) where snoozed_until is not null and closed_at is null;

-- Each promise that was broken: whose, since when, until when. Inserted by the ladder, or by the chore for submissions under review; ended by the answer that was
-- awaited; withdrawn when it turns out that the promise was kept (a BCC that came late).
create table breach (
  id              uuid primary key default uuidv7(),
  opportunity_id  uuid references opportunity (id) on delete cascade,
  submission_id   uuid references submission (id) on delete cascade,
  state           text not null check (state in ('offered', 'accepted', 'touched', 'review')),  -- which promise
  epoch           integer not null default 0,               -- of the opportunity: one breach for each promise
  rep_id          uuid references rep (id),                 -- whose it was then; null: a submission is nobody's
  pool_id         uuid references pool (id),
  grade           text,                                     -- whose ladder it was: vip, urgent, A-D; null: everybody's
  since           timestamptz not null,                     -- since when the clock ran
  due_at          timestamptz not null,                     -- when the promise was broken
  at              timestamptz not null default clock(),     -- when that was noted
  ended_at        timestamptz,                              -- when somebody did what was awaited; null: not yet
  withdrawn_at    timestamptz,
  test            boolean not null default false,
  check ((opportunity_id is null) <> (submission_id is null))
);
create unique index breach_opportunity on breach (opportunity_id, state, epoch) where opportunity_id is not null;
create unique index breach_submission on breach (submission_id) where submission_id is not null;
create index breach_due on breach (due_at, id);
create index breach_open on breach (opportunity_id, submission_id) where ended_at is null;
create index breach_rep on breach (rep_id, due_at, id);

-- The ladder of what waits for a person's eye, beside the promise of its form (review_due_at): taken up by the sweeper's chore.
alter table submission
  add column review_rung     smallint not null default 0,
  add column review_since    timestamptz,                   -- since when it waits; null: since it was received
  add column review_look_at  timestamptz;                   -- when the next rung falls due; null: the chore has not seen it yet
create index submission_look on submission (review_look_at nulls first) where state = 'review';
