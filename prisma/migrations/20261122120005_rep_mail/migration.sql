-- What reaches reps from outside: answers relayed to them, their own mailboxes, the meetings people book with them.

-- Whose conversation a mail belongs to; null: nobody's of his own.
alter table inbound_mail add column rep_id uuid references rep (id);

-- A rep's own mailbox, read for answers to what went out under their name (written by the api). How far it has been read stands in `mailbox`.
create table rep_mailbox (
  rep_id       uuid primary key references rep (id) on delete cascade,
  mailbox_key  text not null unique,                        -- rep/user@host/folder: its row in `mailbox`
  host         text not null,
  port         integer not null check (port between 1 and 65535),
  tls          text not null check (tls in ('tls', 'starttls', 'none')),
  username     text not null,
  secret       text not null,                               -- the password, sealed with TENDRIL_SECRET; never shown
  folder       text not null,
  active       boolean not null default true,               -- false: kept, and not read
  updated_at   timestamptz not null default clock()
);

-- A meeting that somebody booked by a scheduling tool: one row for each invitation, written as its hooks come, in whatever order (under the lead's lock).
create table meeting (
  uri         text primary key,                             -- the tool's own name of the invitation
  lead_id     uuid not null references lead (id) on delete cascade,
  rep_id      uuid references rep (id),                     -- whose calendar it stands in; null: nobody's that we know
  host_email  text,
  name        text not null,
  starts_at   timestamptz not null,
  ends_at     timestamptz,
  timezone    text,                                         -- the invitee's, as the tool says
  location    text,
  state       text not null check (state in ('booked', 'moved', 'canceled')),
  instead_of  text,                                         -- uri of the invitation that it replaces
  reason      text,                                         -- why it was canceled, in somebody's words
  booked_at   timestamptz not null default clock(),
  changed_at  timestamptz not null default clock()
);
create index meeting_lead on meeting (lead_id, starts_at);
create index meeting_rep on meeting (rep_id, starts_at) where rep_id is not null;
create index meeting_instead_of on meeting (instead_of) where instead_of is not null;
