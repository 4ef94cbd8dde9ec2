-- One-to-one sequences: mails of a salesperson in one thread, and tasks between them, until somebody answers.

-- A sequence stands among the campaigns: its versions, runs, journal and ledger are the same tables. Nobody enters it by an event.
alter table campaign add column kind text not null default 'campaign' check (kind in ('campaign', 'sequence'));

-- A run of a sequence is an enrolment that a rep writes to. Each has a workflow of its own, sequence/{id}; the crowds' loops never carry one.
alter table enrolment
  add column rep_id          uuid references rep (id),      -- under whose name the mails go; null: of a campaign
  add column with_campaigns  boolean not null default false, -- campaigns may mail the lead meanwhile; else their marketing waits
  add column paused_at       timestamptz,                   -- a person has paused this run; it is looked at again when they resume it
  add constraint enrolment_run check (rep_id is not null or (paused_at is null and not with_campaigns));
create index enrolment_run_lead on enrolment (lead_id) where rep_id is not null and state = 'active';
create index enrolment_run_due on enrolment (due_at) where rep_id is not null and state = 'active';
create index enrolment_run_rep on enrolment (rep_id, campaign_id) where rep_id is not null and state = 'active';
create index campaign_sequence on campaign (id) where kind = 'sequence';

-- Mail from one person to another. It obeys every suppression; no topic, no caps; a rep sends so many a day.
insert into lane (key) values ('personal');
alter table send drop constraint send_class_check;
alter table send add constraint send_class_check check (class in ('transactional', 'marketing', 'internal', 'personal'));
create index send_personal on send (rep_id, due_at) where class = 'personal' and settled_at is null;

-- How many personal mails leave in a day, of the rep's own zone, over all sequences.
alter table workspace add column personal_mails_a_day integer not null default 80 check (personal_mails_a_day >= 0);
alter table rep add column personal_mails_a_day integer check (personal_mails_a_day >= 0); -- null: the workspace's

-- Personal mails that have left, each in its thread: what later ones refer to, and what is counted of a rep's day. Written in the transaction that
-- departs, under the guard rep:<id>; one that leaves a second time, its first attempt refused, is counted where it leaves last.
create table thread_mail (
  send_id       uuid primary key,                           -- no foreign key: each mail would lock its row once more
  enrolment_id  uuid not null,
  rep_id        uuid not null,
  thread        smallint not null,                          -- 1, 2 … within the run
  message_id    text not null,
  subject       text not null,
  day           date not null,                              -- in the rep's zone
  left_at       timestamptz not null default clock()
);
create index thread_mail_run on thread_mail (enrolment_id, left_at);
create index thread_mail_day on thread_mail (rep_id, day);

-- A mail that its rep looks through before it goes. The run waits for it; what goes is what stands here at that moment. Written by the run's loop, which
-- makes it, and by the rep.
create table draft (
  id            uuid primary key default uuidv7(),
  send_key      text not null unique,                       -- enrolment/step/occurrence: of the mail that it becomes
  enrolment_id  uuid not null,
  campaign_id   uuid not null,
  step_id       text not null,
  lead_id       uuid not null references lead (id) on delete cascade,
  rep_id        uuid not null references rep (id),
  thread        text not null check (thread in ('new', 'reply')),
  subject       text,                                       -- null: the thread's
  body          text not null,
  version       integer not null default 0,                 -- rises with every change, so that nobody writes over another's
  state         text not null default 'open' check (state in ('open', 'sent', 'skipped', 'cancelled')),
  due_at        timestamptz not null,                       -- to be sent by then; the rep is reminded
  next_look_at  timestamptz,
  reminders     smallint not null default 0,
  test          boolean not null default false,
  created_at    timestamptz not null default clock(),
  edited_at     timestamptz,
  closed_at     timestamptz,
  check ((state = 'open') = (closed_at is null)),
  check ((state = 'open') = (next_look_at is not null))     -- nobody forgets it
);
create index draft_look on draft (next_look_at) where state = 'open';
create index draft_rep on draft (rep_id, due_at, id);
create index draft_open on draft (enrolment_id) where state = 'open';
create index draft_lead on draft (lead_id);
