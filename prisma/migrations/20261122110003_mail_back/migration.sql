-- Mail that comes back: people's answers, absence notes, reports of mail servers and of mailbox providers.

-- Every mail that came in, once, by whatever way (inserts only, each with its effects in one transaction; a person who reviews one says so).
-- Kept for INBOUND_DAYS.
create table inbound_mail (
  id             uuid primary key default uuidv7(),
  key            text not null unique,                      -- hash of what names it: Message-ID, sender, date, subject
  channel        text not null check (channel in ('hook', 'mailbox')),
  kind           text not null check (kind in ('reply', 'leave', 'auto_reply', 'bounce', 'complaint', 'automatic', 'unreadable')),
  state          text not null check (state in ('done', 'review', 'reviewed')),
  reason         text,                                      -- why a person is to look at it, or why it had no effect
  found_by       text,                                      -- what named the mail it is about: address, message_id, send_key, sender, recipient
  send_id        uuid,                                      -- that mail of the ledger
  lead_id        uuid references lead (id) on delete cascade,
  message_id     text,
  from_address   text,
  from_name      text,
  to_addresses   text[] not null default '{}',
  subject        text not null default '',
  body           text not null default '',                  -- the text as it came, cut where nobody reads on
  detail         jsonb not null default '{}',               -- what was read of it: reports, when somebody is back
  attachments    jsonb not null default '[]',               -- name, type, size of each
  sent_at        timestamptz,                               -- as it says itself
  received_at    timestamptz not null default clock(),
  received_real  timestamptz not null default now(),        -- housekeeping counts from here
  check (state = 'done' or reason is not null)
);
create index inbound_mail_received on inbound_mail (received_at desc, id desc);
create index inbound_mail_review on inbound_mail (received_at desc, id desc) where state = 'review';
create index inbound_mail_lead on inbound_mail (lead_id, received_at) where lead_id is not null;
create index inbound_mail_received_real on inbound_mail (received_real);

-- The whole of an answer, and of what a person is to look at, as it came: attachments are nowhere else.
create table inbound_raw (
  inbound_id  uuid primary key references inbound_mail (id) on delete cascade,
  raw         bytea not null
);
alter table inbound_raw alter column raw set storage external;

-- A campaign that stands still for one person because they have answered: its marketing to them is held until somebody says what came of it.
-- Written under the lead's lock.
create table reply_pause (
  campaign_id  uuid not null,                               -- no foreign key, as in enrolment
  lead_id      uuid not null references lead (id) on delete cascade,
  task_id      uuid references task (id),                   -- closing it ends the pause; null: there was nobody to give it to, and resuming the lead does
  paused_at    timestamptz not null default clock(),
  primary key (campaign_id, lead_id)
);
create index reply_pause_lead on reply_pause (lead_id);
create index reply_pause_task on reply_pause (task_id) where task_id is not null;

-- How far a mailbox has been read (written by the `mailbox` loop alone). UIDs count within a UIDVALIDITY.
create table mailbox (
  key             text primary key,                         -- user@host/folder
  uid_validity    bigint,
  last_uid        bigint not null default 0,
  read_real       timestamptz,                              -- when it was last read to its end
  next_look_real  timestamptz not null default now(),
  error           text,                                     -- why the last look failed; null when it did not
  failures        integer not null default 0
);
