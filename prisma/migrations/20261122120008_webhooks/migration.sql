-- What other systems are told of everything that happens here, and by which names they know our leads, accounts and records.

-- ── out ─────────────────────────────────────────────────────────────────────────────────────────────────────────
-- Somebody who wants to be told. Written by the api; `heard_real` by the `feed` loop, what stands below it by calls/events. The secret is nowhere:
-- it is made from TENDRIL_SECRET, the id and the generation.
create table webhook_endpoint (
  id                   uuid primary key default uuidv7(),
  url                  text not null,
  description          text not null default '',
  types                text[] not null,                     -- what it is told: `opportunity.won`, `opportunity.*`, `*`
  system               text,                                -- the other system it belongs to: not told what that system itself has told us
  include_test         boolean not null default false,      -- told of test leads too
  state                text not null default 'enabled' check (state in ('enabled', 'disabled')),
  disabled_reason      text,                                -- by hand; gone (it answered 410); failing (for days)
  disabled_at          timestamptz,
  generation           integer not null default 1,          -- of the secret
  previous_until_real  timestamptz,                         -- signed with the secret before, too, until then
  heard_real           timestamptz not null default clock_timestamp(), -- what happened before has been told; it only goes back when somebody asks for it again
  failing_since        timestamptz,                         -- nothing has arrived since then
  held_until           timestamptz,                         -- it asked us to wait
  created_at           timestamptz not null default clock(),
  updated_at           timestamptz not null default clock(),
  check ((state = 'disabled') = (disabled_at is not null)),
  check ((state = 'disabled') = (disabled_reason is not null))
) with (fillfactor = 50);

-- Something that happened, as it is told, once for all who hear it. Inserts only, by the `feed` loop (and by the api, for a test), kept WEBHOOK_DAYS.
create table webhook_message (
  id         text primary key collate "C",                  -- the `webhook-id`: msg_, the id of the row that says so, a letter for its table; so it is the same whenever it is made
  type       text not null,
  lead_id    uuid,
  origin     text,                                          -- the other system whose telling caused it
  at         timestamptz not null,                          -- when it happened
  body       text not null,                                 -- the bytes that are signed
  made_real  timestamptz not null default now()             -- housekeeping counts from here
);
create index webhook_message_made on webhook_message (made_real);

-- One message to one endpoint. At least once: an answer that was lost is asked for again, under the same webhook-id. Inserted with the message,
-- moved on by calls/events alone.
create table webhook_delivery (
  endpoint_id         uuid not null references webhook_endpoint (id) on delete cascade,
  message_id          text not null collate "C",            -- no foreign key: deleted together
  state               text not null default 'queued' check (state in ('queued', 'claimed', 'done', 'dead')),
  due_at              timestamptz not null default clock(),
  attempts            smallint not null default 0,
  token               uuid,
  claimed_until_real  timestamptz,
  status              smallint,                             -- HTTP status of the latest answer
  reason              text,                                 -- why the latest attempt failed
  excerpt             text,                                 -- the beginning of the latest answer
  settled_at          timestamptz,
  primary key (endpoint_id, message_id),                    -- ids are in the order of happening
  check ((state = 'claimed') = (claimed_until_real is not null)),
  check ((state in ('done', 'dead')) = (settled_at is not null))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
create index webhook_delivery_queue on webhook_delivery (endpoint_id, due_at) where state = 'queued';
create index webhook_delivery_claimed on webhook_delivery (endpoint_id) where state = 'claimed';
create index webhook_delivery_dead on webhook_delivery (endpoint_id, message_id) where state = 'dead';
create index webhook_delivery_message on webhook_delivery (message_id);

-- The feed reads the journal in the order of its ids, and only where somebody listens: next to nothing for those who write (ADR 0008).
create index journal_id on journal using brin (id) with (pages_per_range = 64);

-- ── in ──────────────────────────────────────────────────────────────────────────────────────────────────────────
-- By which id another system knows a lead or an account (inserts only; one of ours may have several). `made`: it came to us from there.
create table external_id (
  kind         text not null check (kind in ('lead', 'account')),
  system       text not null,
  external_id  text not null,
  lead_id      uuid references lead (id) on delete cascade,
  account_id   uuid references account (id) on delete cascade,
  made         boolean not null default false,
  at           timestamptz not null default clock(),
  primary key (kind, system, external_id),
  check ((kind = 'lead') = (lead_id is not null)),
  check ((kind = 'account') = (account_id is not null))
);
create index external_id_lead on external_id (lead_id) where lead_id is not null;
create index external_id_account on external_id (account_id) where account_id is not null;

-- The system whose record it is; another one may not tell it. null: whoever told it named none.
alter table record add column system text;
