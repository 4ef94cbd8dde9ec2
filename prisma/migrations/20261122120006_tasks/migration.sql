-- A salesperson's day: tasks made by hand, call-backs, the morning's list; and what becomes of it all when somebody leaves.

-- A task is about a person, or about a company alone. What kind of thing there is to do says what may come of it (domain/tasks/kinds.ts).
alter table task
  alter column lead_id drop not null,
  add column kind            text not null default 'custom' check (kind in ('call', 'linkedin', 'mail', 'custom')),
  add column source          text not null default 'campaign' check (source in ('campaign', 'reply', 'hand', 'callback', 'sequence')),
  add column opportunity_id  uuid references opportunity (id),
  add column details         text,                          -- what whoever made it wanted to say
  add column remind_before   text,                          -- a duration: the owner is reminded that long before it is due, too; moves with it
  add column snoozed_until   timestamptz,                   -- not to be seen or spoken of before; it stays due when it is
  add column created_by      text,                          -- name of the key, or the rep's own, where somebody made it by hand
  add constraint task_about check (lead_id is not null or account_id is not null);
update task set source = 'reply' where task_key like 'reply/%';
create index task_open on task (owner_rep_id, due_at, id) where state = 'open';
create index task_account on task (account_id) where account_id is not null and state = 'open';
create index task_opportunity on task (opportunity_id) where opportunity_id is not null;

-- Since when a record says what it says: call-backs count from there.
alter table record add column status_since timestamptz not null default clock();
update record set status_since = updated_at;

-- A call that is owed after a service or a delivery, by a rule of the document `callbacks`. Written with the record, opened by the sweeper's chore.
create table callback (
  rule       text not null,                                 -- key of the rule
  record_id  uuid not null references record (id) on delete cascade,
  since      timestamptz not null,                          -- what it counts from: another delivery of the same order is another call-back
  state      text not null default 'armed' check (state in ('armed', 'opened', 'shared', 'cancelled')),
  due_at     timestamptz not null,                          -- when its task is opened
  task_id    uuid references task (id),                     -- shared: the one that stood open for the account already
  primary key (rule, record_id, since),
  check ((state in ('opened', 'shared')) = (task_id is not null))
);
create index callback_due on callback (due_at) where state = 'armed';
create index callback_record on callback (record_id) where state = 'armed';
create index callback_task on callback (task_id) where task_id is not null;
-- Which version of the document the rows follow: a newer one is planned anew, once.
create table callback_plan (
  id       boolean primary key default true check (id),
  version  integer not null default 0
);
insert into callback_plan default values;

-- The morning's list by mail, for those who want it: when it is looked at next (null: not wanted). `link_epoch`: links of a rep's own pages
-- hold for as long as it stands.
alter table rep
  add column day_look_at  timestamptz,
  add column link_epoch   integer not null default 0,
  add column left_at      timestamptz;                      -- when handing over what they had began; null again when they come back
create index rep_day_look on rep (day_look_at) where day_look_at is not null;

-- Whose what is, for those who go.
create index account_owner on account (owner_rep_id) where owner_rep_id is not null;
create index opportunity_asked on opportunity (asked_rep_id) where asked_rep_id is not null and closed_at is null;

-- A rep who leaves: the job `offboard/{id}` hands over what they have, thousand by thousand, until there is nothing left. All it knows stands here.
create table offboarding (
  id             uuid primary key default uuidv7(),
  rep_id         uuid not null references rep (id),
  state          text not null default 'running' check (state in ('running', 'done', 'cancelled')),
  to_rep_id      uuid references rep (id),                  -- who is to have everything; null: by rule
  tell_customers boolean not null default false,
  customers_told integer not null default 0,
  asked_by       text not null,                             -- name of the key
  doors_shut_real timestamptz,                              -- first looked at then, so the rep was not active any more: who began before it may still give them something
  look_at        timestamptz,                               -- the next look; null when it has ended
  error          text,                                      -- why the last look failed; null when it did not
  failures       smallint not null default 0,
  result         jsonb,                                     -- what is left, table by table, counted at the end: all zero
  started_at     timestamptz not null default clock(),
  started_real   timestamptz not null default now(),
  ended_at       timestamptz,
  check ((state = 'running') = (look_at is not null)),
  check ((state = 'running') = (ended_at is null)),
  check ((state = 'done') = (result is not null))
);
create unique index offboarding_running on offboarding (rep_id) where state = 'running';
create index offboarding_rep on offboarding (rep_id, id);

-- What went to whom: a thing of theirs each. Written with the handing over.
create table handover (
  offboarding_id  uuid not null references offboarding (id) on delete cascade,
  kind            text not null check (kind in ('account', 'opportunity', 'task', 'sequence')),
  thing_id        uuid not null,
  what            text not null,                            -- the account's id, else the lead's: all of one `what` goes to one rep
  lead_id         uuid references lead (id) on delete cascade,
  to_rep_id       uuid not null references rep (id),
  by              text not null,                            -- asked for, with the rest, account owner, stand-in, rotation
  told            boolean not null default false,           -- the new owner has been told
  contact         boolean not null default false,           -- this rep had really talked to them: customers are told where wanted
  primary key (offboarding_id, kind, thing_id)
);
create index handover_what on handover (offboarding_id, what);
create index handover_untold on handover (offboarding_id) where not told;
create index task_done_by on task (owner_rep_id, account_id) where state = 'done';
