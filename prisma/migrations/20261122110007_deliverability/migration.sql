-- What keeps the mailbox providers' trust: warm-up, their rates, the spam rate. The rules are the document `deliverability`; here is how they stand.

-- One row for each limit, locked by the batch that departs through it and by nobody else. Keys: domain:<ours> (a warming domain; its days
-- are in warm_up_day, written under this lock alone), rate:<lane>/<family or domain> (a provider's rate: tokens, and the line of those put off),
-- rules: shared by whoever departs under the rules as they are, taken alone by whoever changes them, so that nobody is held by rules of the past.
create table sending_gate (
  key              text primary key collate "C",
  tokens           double precision,
  refilled_at      timestamptz,
  booked_until     timestamptz,                             -- the last time that was given away
  booked_priority  smallint                                 -- the highest priority in the line
) with (fillfactor = 50);
insert into sending_gate (key) values ('rules');

create table warm_up_day (
  domain    text not null,
  day       date not null,                                  -- in the zone of the workspace
  used      integer not null default 0,                     -- mails that have gone
  promised  integer not null default 0,                     -- places of mails that wait for the day
  priority  smallint,                                       -- the highest among those promised
  primary key (domain, day)
) with (fillfactor = 50);

-- What a gate gave a mail: the time at which it comes again, or (gone) the day it is counted on, so that a second attempt on that
-- day is not a second mail. Written with the ledger, in the transaction that departs; forgotten when the mail has ended.
create table held_mail (
  send_id        uuid primary key,                          -- no foreign key: it may outlive its mail by a minute
  sender_domain  text not null,
  held_by        text check (held_by in ('warm_up', 'provider_throttle', 'domain_paused')),
  due_at         timestamptz,
  day            date,
  gone           boolean not null default false,
  rate           text,                                      -- whose line it stands in
  check ((held_by is null) = (due_at is null)),
  check (gone or held_by is not null)
);
create index held_mail_domain on held_mail (sender_domain) where held_by is not null;

-- Our domains whose marketing stands still, or that somebody was warned of (the watch over the spam rate and the api write it).
create table sending_domain (
  domain        text primary key,
  paused_at     timestamptz,
  paused_reason text,
  resumed_at    timestamptz,                                -- complaints before it have been dealt with
  warned_at     timestamptz,
  check ((paused_at is null) = (paused_reason is null))
);

-- Whose mailboxes the domains of companies are, by their MX records. Asked for by whoever mails one, looked up by the sweeper.
create table mail_host (
  domain          text primary key,
  family          text,
  looked_up_real  timestamptz
);
create index mail_host_unknown on mail_host (looked_up_real nulls first);

-- A domain's mails of the last days, and its complaints.
create index suppression_complaint_at on suppression (at) where kind = 'complaint';
