-- What a campaign asks of people (tasks) and of other systems (calls).

-- Something a person of the firm is to do about a lead, and what came of it. Written by the campaign's loop, which opens it, and by whoever answers.
create table task (
  id            uuid primary key default uuidv7(),
  task_key      text not null unique,                       -- enrolment/step/occurrence; account/<account>/<campaign>/<step> where it is asked once for the company
  title         text not null,
  owner_rep_id  uuid not null references rep (id),
  lead_id       uuid not null references lead (id),
  account_id    uuid references account (id),
  campaign_id   uuid references campaign (id),
  enrolment_id  uuid,                                       -- the one that asked first
  step_id       text,
  once          boolean not null default false,             -- one for the whole company: its other people share it
  awaited       boolean not null default false,             -- the enrolment waits for the outcome, so without it the task is pointless
  outcomes      text[] not null default '{done}',           -- what may be answered
  state         text not null default 'open' check (state in ('open', 'done', 'cancelled')),
  outcome       text,
  note          text,                                       -- what the owner wrote, or why it was cancelled
  due_at        timestamptz not null,
  next_look_at  timestamptz,                                -- when the owner is reminded next
  reminders     smallint not null default 0,
  handovers     smallint not null default 0,                -- how often it changed hands: older links are worth nothing
  test          boolean not null default false,
  created_at    timestamptz not null default clock(),
  closed_at     timestamptz,
  check ((state = 'open') = (closed_at is null)),
  check ((state = 'open') = (next_look_at is not null)),    -- nobody forgets it
  check ((state = 'done') = (outcome is not null))
);
create index task_look on task (next_look_at) where state = 'open';
create index task_due on task (due_at, id);
create index task_owner on task (owner_rep_id, due_at, id);
create index task_lead on task (lead_id, created_at);
create index task_awaited on task (enrolment_id) where state = 'open' and awaited;

-- Requests to other systems: webhooks that an enrolment waits for, notices that nobody waits for. Unique on call_key, which travels as the
-- `webhook-id`, so that the receiver knows a repetition. At least once: an answer that was lost is asked for again. Inserted by the campaign's
-- loop, moved on by calls/{lane} alone.
create table outgoing_call (
  id                 uuid primary key default uuidv7(),
  call_key           text not null unique,                  -- enrolment/step/occurrence
  lane               text not null check (lane in ('webhook', 'notify')),
  state              text not null default 'queued' check (state in ('queued', 'claimed', 'done', 'failed', 'cancelled')),
  host               text not null,                         -- host:port; only so many at once to each
  url                text not null,
  method             text not null,
  body               text not null,                         -- the bytes that are signed: the same at every attempt
  sets               jsonb not null default '{}',           -- attribute of the lead → path in the answer
  timeout_ms         integer not null,
  retries            smallint not null,
  lead_id            uuid references lead (id),
  campaign_id        uuid,
  enrolment_id       uuid,
  step_id            text,
  awaited            boolean not null default false,        -- cancelled when its enrolment has gone on
  queued_at          timestamptz not null default clock(),
  due_at             timestamptz not null default clock(),
  attempts           smallint not null default 0,
  token              uuid,
  claimed_until_real timestamptz,
  status             smallint,                              -- HTTP status of the latest answer
  reason             text,                                  -- why the latest attempt failed
  excerpt            text,                                  -- the beginning of the latest answer
  settled_at         timestamptz,
  test               boolean not null default false,
  check ((state = 'claimed') = (claimed_until_real is not null)),
  check ((state in ('done', 'failed', 'cancelled')) = (settled_at is not null))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
create index outgoing_call_queue on outgoing_call (lane, host, due_at) where state = 'queued';
create index outgoing_call_due on outgoing_call (lane, due_at) where state = 'queued';
create index outgoing_call_claimed on outgoing_call (lane, host) where state = 'claimed';
create index outgoing_call_lead on outgoing_call (lead_id, queued_at);
