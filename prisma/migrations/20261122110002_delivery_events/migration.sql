-- What a mail provider tells of mails it has taken, and what the people who run a workspace have to be told.

-- What became of a mail after it was accepted (inserts only: by providers' webhooks, and by mail that came back). A thing told twice is
-- one row: `key` is the provider's own name for it, and its kind, for some give two things one name. Kept as long as
-- DELIVERY_EVENTS_DAYS says; `send` itself knows nothing of it, so that what the loops claim and settle stays narrow.
create table delivery_event (
  id          uuid primary key default uuidv7(),
  key         text not null unique,
  source      text not null,                                -- sendgrid, dsn, arf
  kind        text not null check (kind in ('processed', 'delivered', 'deferred', 'bounced', 'blocked', 'dropped', 'complained',
                                            'unsubscribed', 'group_unsubscribed', 'group_resubscribed', 'opened', 'clicked')),
  send_id     uuid,                                         -- no foreign key: told in batches; null: no mail of this ledger
  address     text not null,                                -- normalised
  group_id    integer,                                      -- the provider's group that was left or joined again
  reason      text,                                         -- what the receiving server or the provider said
  status      text,                                         -- enhanced status, RFC 3463, where one is given
  told_real   timestamptz not null,                         -- when it happened, as the provider says
  at          timestamptz not null default clock(),
  seen_real   timestamptz not null default now()            -- when it was told; housekeeping counts from here
) with (autovacuum_vacuum_insert_scale_factor = 0.05);
create index delivery_event_send on delivery_event (send_id, told_real) where send_id is not null;
-- Whether an address that refuses for now has done so before, and what it was last told of a group: few kinds, so a small index.
create index delivery_event_address on delivery_event (address, told_real) where kind in ('delivered', 'blocked', 'bounced', 'group_unsubscribed', 'group_resubscribed');
create index delivery_event_seen on delivery_event (seen_real);

-- Something that a person should know of and may have to mend: shown on the overview until it is over, mailed once to the managers.
create table alert (
  id         uuid primary key default uuidv7(),
  kind       text not null,                                 -- lane_stopped, complaint, …
  about      text not null default '',                      -- which one: a lane, a domain; one open alert for each kind and thing
  detail     jsonb not null default '{}',                   -- what is known of it: ids and words, no personal data
  times      integer not null default 1,                    -- how often it was raised while open
  raised_at  timestamptz not null default clock(),
  last_at    timestamptz not null default clock(),
  told_at    timestamptz,                                   -- when the managers' mail was queued
  closed_at  timestamptz,
  closed_by  text                                           -- a key's name, or `itself` where what it was about has passed
);
create unique index alert_open on alert (kind, about) where closed_at is null;
create index alert_raised on alert (raised_at);
