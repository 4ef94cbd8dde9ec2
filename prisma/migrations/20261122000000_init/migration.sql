-- The whole of what Tendril knows. Where everyone is stands here; Temporal only knows when to look again.
--
-- Conventions
--   * ids are uuid v7 (time-ordered) unless a table is a narrow queue;
--   * every instant is workspace time (clock()), except columns ending in _real;
--   * `slot` (0-255) shards leads and everything that follows them over the loops' ranges;
--   * "inserts only" marks tables that any writer may append to; the others have one kind of writer, named.

-- ── the workspace and its clock ─────────────────────────────────────────────────────────────────────────────
create table workspace (
  id                  boolean primary key default true check (id),
  name                text not null default 'Tendril',
  timezone            text not null default 'UTC',
  country             text not null default 'US',          -- default region for national phone numbers
  postal_address      text,
  sending_stopped_at  timestamptz,                          -- the one switch that stops all sending
  ranges              smallint not null default 1 check (ranges in (1, 2, 4, 8, 16, 32)),
  demo                boolean not null default false,
  clock_anchor_real   timestamptz not null default 'epoch',
  clock_anchor_at     timestamptz not null default 'epoch',
  clock_rate          double precision not null default 1 check (clock_rate >= 0)
);
insert into workspace default values;

-- Business time: anchor + rate × (real time since the anchor). Constant within a transaction; one that began before the
-- anchor was set stands at the anchor, so that no change of rate throws it back.
create function clock() returns timestamptz language sql stable as $$
  select clock_anchor_at + make_interval(secs => greatest(extract(epoch from transaction_timestamp() - clock_anchor_real), 0)::double precision * clock_rate)
    from workspace
$$;

-- Real milliseconds from now until a business instant: 0 when it is past, null while the clock stands still.
create function real_ms_until(at timestamptz) returns double precision language sql stable as $$
  select case
    when at <= clock() then 0
    when clock_rate = 0 then null
    else extract(epoch from at - clock())::double precision * 1000 / clock_rate end
    from workspace
$$;

-- The workspace's documents other than campaigns: forms, scoring, standard, pools, routing, sla, topics,
-- calendar, attributes, events, segments. Versions are immutable; the newest is in force.
create table document (
  kind        text not null,
  key         text not null,
  version     integer not null,
  body        jsonb not null,
  created_at  timestamptz not null default clock(),
  primary key (kind, key, version)
);

create table api_key (
  id            uuid primary key default uuidv7(),
  name          text not null,
  prefix        text not null,                              -- the first characters, to recognise a key by
  hash          bytea not null unique,                      -- sha-256 of the key; the key itself is shown once
  scopes        text[] not null check (scopes <@ array['ingest', 'read', 'write', 'admin']),
  origins       text[] not null default '{}',               -- browsers' origins that may use it; empty: any server
  created_at    timestamptz not null default clock(),
  last_used_at  timestamptz,
  revoked_at    timestamptz
);

-- ── people and companies (written by intake, the api and jobs under the row's lock) ─────────────────────────
create table rep (
  id          uuid primary key default uuidv7(),
  key         text not null unique,
  name        text not null,
  email       text not null,
  title       text,
  timezone    text not null default 'UTC',
  hours       jsonb,                                        -- working hours; null: the workspace's
  manager     boolean not null default false,
  active      boolean not null default true,
  absent_from timestamptz,
  absent_to   timestamptz,
  created_at  timestamptz not null default clock()
);

create table account (
  id              uuid primary key default uuidv7(),
  name            text,
  name_key        text,                                     -- normalised name: a hint for review, never an identity
  domain          text unique,                              -- registrable domain; never a free-mail one
  country         text,
  attributes      jsonb not null default '{}',
  owner_rep_id    uuid references rep (id),
  created_at      timestamptz not null default clock()
);
create index account_name_key on account (name_key);

create table lead (
  id              uuid primary key default uuidv7(),
  slot            smallint not null generated always as (get_byte(uuid_send(id), 15)) stored,
  email           text unique,                              -- normalised
  phone           text,                                     -- E.164
  first_name      text,
  last_name       text,
  name            text,
  title           text,
  company         text,                                     -- as typed
  country         text,                                     -- ISO 3166-1 alpha-2
  timezone        text,                                     -- IANA, when known explicitly
  locale          text,
  account_id      uuid references account (id),
  account_hint_id uuid references account (id),             -- same normalised name; for a person to confirm
  buying_role     text,
  stage           text not null default 'lead'
                  check (stage in ('subscriber', 'lead', 'mql', 'sal', 'sql', 'customer', 'advocate', 'lost', 'disqualified')),
  attributes      jsonb not null default '{}',
  tags            text[] not null default '{}',
  first_touch     jsonb,                                    -- utm, referrer, landing page
  last_touch      jsonb,
  test            boolean not null default false,           -- stays out of every figure
  created_at      timestamptz not null default clock(),
  updated_at      timestamptz not null default clock()
);
create index lead_account on lead (account_id);
create index lead_phone on lead (phone);
create index lead_created on lead (created_at);

-- How a lead is recognised: one row per address, number, anonymous id or user id. Whoever inserts first, names the lead.
create table lead_identity (
  kind     text not null check (kind in ('email', 'phone', 'anonymous', 'user')),
  value    text not null,
  lead_id  uuid not null references lead (id) on delete cascade,
  primary key (kind, value)
);
create index lead_identity_lead on lead_identity (lead_id);

-- Two names of a visitor who is no lead yet, told together: `user:<id>` with an anonymous id, or with an earlier user id (alias).
create table visitor_link (
  user_name  text not null,
  other      text not null,
  at         timestamptz not null,
  primary key (user_name, other)
);
create index visitor_link_other on visitor_link (other, at desc);

-- ── what happened (inserts only; partitioned by month) ──────────────────────────────────────────────────────
create table event (
  id            uuid not null default uuidv7(),
  at            timestamptz not null default clock(),
  received_at   timestamptz not null default clock(),
  lead_id       uuid,                                       -- null while a visitor is anonymous
  anonymous_id  text,
  name          text not null,
  source        text not null,
  properties    jsonb not null default '{}',
  context       jsonb not null default '{}',
  primary key (id, at)
) partition by range (at);
create index event_lead on event (lead_id, name, at);
create index event_anonymous on event (anonymous_id) where lead_id is null;
create table event_default partition of event default;

-- Dedupe keys of events and submissions. A provider's id is a key for ever; a content hash within a window.
create table event_key (
  source   text not null,
  key      text not null,
  seen_at  timestamptz not null default clock(),
  ref      uuid,                                            -- what it became, to answer a repeat with
  primary key (source, key)
);

-- Each form submission as it came, and what became of it.
create table submission (
  id             uuid primary key default uuidv7(),
  form_key       text not null,
  provider       text not null,
  received_at    timestamptz not null default clock(),
  raw            jsonb not null,
  fields         jsonb not null default '{}',               -- as mapped
  state          text not null check (state in ('accepted', 'review', 'junk', 'resolved', 'discarded')),
  reason         text,                                      -- why it is under review or junk
  review_due_at  timestamptz,                               -- the clock of what waits for a person
  escalated_at   timestamptz,
  lead_id        uuid references lead (id),
  event_id       uuid,
  test           boolean not null default false,
  check (state <> 'review' or review_due_at is not null)
);
create index submission_received on submission (received_at);
create index submission_review on submission (review_due_at) where state = 'review' and escalated_at is null;

-- ── scoring (lead_score is written by scoring/{range} alone) ────────────────────────────────────────────────
create table lead_score (
  lead_id      uuid primary key references lead (id) on delete cascade,
  slot         smallint not null,
  fit          text not null check (fit in ('A', 'B', 'C', 'D')),
  fit_points   double precision not null,
  engagement   double precision not null,
  level        text not null,                               -- the engagement threshold stood at, with hysteresis
  qualified    boolean not null default false,              -- met the standard when last looked at
  explanation  jsonb not null,
  model        integer not null,                            -- version of the scoring document
  computed_at  timestamptz not null,
  due_at       timestamptz                                  -- when decay crosses the next threshold; null: never
);
create index lead_score_due on lead_score (due_at, slot) where due_at is not null;

create table score_wake (
  id       bigint generated always as identity primary key,
  lead_id  uuid not null,
  slot     smallint not null,
  at       timestamptz not null default clock()
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000);
create index score_wake_slot on score_wake (slot, id);
create index score_wake_lead on score_wake (lead_id);

-- ── campaigns ───────────────────────────────────────────────────────────────────────────────────────────────
create table campaign (
  id               uuid primary key default uuidv7(),
  key              text not null unique,
  name             text not null,
  state            text not null default 'draft' check (state in ('draft', 'live', 'paused', 'archived')),
  live_version_id  uuid,
  paused_at        timestamptz,
  skip_before      timestamptz,                             -- resumed with `overdue: skip`: sends that fell due before are left out
  created_at       timestamptz not null default clock(),
  updated_at       timestamptz not null default clock()
);

create table campaign_version (
  id           uuid primary key default uuidv7(),
  campaign_id  uuid not null references campaign (id),
  number       integer not null,
  body         jsonb not null,                              -- the document, as parsed; never changed
  created_at   timestamptz not null default clock(),
  unique (campaign_id, number)
);
alter table campaign add constraint campaign_live_version foreign key (live_version_id) references campaign_version (id);

-- Which events bring people into which live campaigns; rewritten when a campaign is launched, paused or archived.
create table campaign_entry (
  campaign_id  uuid not null references campaign (id),
  position     smallint not null,                           -- index in the document's list of entries
  event        text not null,
  match        jsonb not null default '{}',                 -- properties an event must contain; the full condition is looked at on entry
  needs_score  boolean not null default false,              -- its condition speaks of fit or engagement: wait for the score
  primary key (campaign_id, position)
);
create index campaign_entry_event on campaign_entry (event);

-- Somebody who may enter (inserts only; nurture/{campaign}/{range} takes them).
create table candidate (
  id           bigint generated always as identity primary key,
  campaign_id  uuid not null,
  slot         smallint not null,
  lead_id      uuid not null,
  position     smallint,                                    -- which entry; null: by hand or API
  event_id     uuid,
  event_at     timestamptz not null,
  properties   jsonb not null default '{}',
  needs_score  boolean not null default false,
  at           timestamptz not null default clock()
);
create index candidate_campaign on candidate (campaign_id, slot, id);
create index candidate_awaiting on candidate (lead_id) where needs_score;

create table enrolment (
  id           uuid primary key default uuidv7(),
  campaign_id  uuid not null,                               -- no foreign keys to the one campaign and version that thousands enter at once:
  version_id   uuid not null,                               -- each would lock that row; neither is ever deleted
  lead_id      uuid not null references lead (id),
  slot         smallint not null,
  key          text not null default '',                    -- re-entry key: '' unless `reentry: { key: … }`
  state        text not null default 'active' check (state in ('active', 'completed', 'goal', 'exited')),
  step_id      text not null,
  arrived_at   timestamptz not null,                        -- when the present step was reached
  seq          integer not null default 0,                  -- guards every transition
  due_at       timestamptz,                                 -- the next look; while waiting, its timeout
  waiting      text,                                        -- what it waits for besides time: send:<key>, event, opportunity:<id>
  entry        jsonb not null default '{}',                 -- properties of what brought it in
  entry_event_id uuid,                                      -- the event that did; it is not counted again since entry
  entered_at   timestamptz not null,
  ended_at     timestamptz,
  end_reason   text,
  goal_at      timestamptz,
  error        text,                                        -- why the last look failed; null when it did not
  failures     smallint not null default 0,
  test         boolean not null default false,
  check (state <> 'active' or due_at is not null),          -- nobody is stranded
  check ((state = 'active') = (ended_at is null))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
create unique index enrolment_active on enrolment (campaign_id, lead_id, key) where state = 'active';
create index enrolment_due on enrolment (campaign_id, due_at) where state = 'active';
create index enrolment_lead on enrolment (lead_id);

-- Facts changed: look at this enrolment again (inserts only, no foreign keys; `advance` deletes those it read).
create table wake (
  id            bigint generated always as identity primary key,
  campaign_id   uuid not null,
  slot          smallint not null,
  enrolment_id  uuid not null,
  at_real       timestamptz not null default now()          -- for those who ask whether it was forgotten
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000);
create index wake_campaign on wake (campaign_id, slot, id);
create index wake_enrolment on wake (enrolment_id);

-- How many have gone on from each step, counted by the loop that carried them; a row for each loop, so that none waits for another.
create table step_passed (
  campaign_id  uuid not null references campaign (id),
  step_id      text not null,
  slot_from    smallint not null,
  passed       bigint not null default 0,
  primary key (campaign_id, step_id, slot_from)
) with (fillfactor = 50);

-- What was decided and why (inserts only; partitioned by month).
create table journal (
  id              uuid not null default uuidv7(),
  at              timestamptz not null default clock(),
  kind            text not null,
  lead_id         uuid,
  campaign_id     uuid,
  enrolment_id    uuid,
  seq             integer,
  step_id         text,
  opportunity_id  uuid,
  because         jsonb not null default '{}',
  primary key (id, at)
) partition by range (at);
create index journal_lead on journal (lead_id, at);
create index journal_enrolment on journal (enrolment_id, seq);
create index journal_opportunity on journal (opportunity_id, at) where opportunity_id is not null;
create table journal_default partition of journal default;

-- ── the sales side ──────────────────────────────────────────────────────────────────────────────────────────
create table pool (
  id       uuid primary key default uuidv7(),
  key      text not null unique,
  name     text not null,
  given    integer not null default 0                       -- leads given since the shares last changed: k of the rotation
);

create table pool_member (
  pool_id  uuid not null references pool (id) on delete cascade,
  rep_id   uuid not null references rep (id),
  weight   double precision not null check (weight > 0),
  given    integer not null default 0,
  taking   boolean not null default true,                   -- took part when last a lead was given: when those who do change, counting starts again
  primary key (pool_id, rep_id)
);

-- One open opportunity per account and product line, per lead where there is no account.
create table opportunity (
  id               uuid primary key default uuidv7(),
  account_id       uuid references account (id),
  lead_id          uuid not null references lead (id),
  product_line     text not null default '',
  pool_id          uuid not null references pool (id),
  state            text not null default 'queued'
                   check (state in ('queued', 'offered', 'accepted', 'touched', 'won', 'lost', 'rejected', 'recycled')),
  source           text not null check (source in ('form', 'campaign', 'score', 'api')),
  enrolment_id     uuid,
  urgent           boolean not null default false,          -- asked for sales themselves: assigned before the rest
  nurture          boolean not null default false,          -- marketing goes on while it is open
  owner_rep_id     uuid references rep (id),                -- to whom it is offered, or who has accepted it
  asked_rep_id     uuid references rep (id),                -- while offered: whom the ladder has asked too, who may accept as well; while queued: who is to have it
  epoch            integer not null default 0,              -- rises with every offer and every answer; what an old link names no longer matches
  rung             smallint not null default 0,             -- how far up the SLA ladder
  offered_at       timestamptz,
  next_look_at     timestamptz,
  accepted_at      timestamptz,
  touched_at       timestamptz,
  breached_at      timestamptz,
  rejected_reason  text,
  resume_at        timestamptz,                             -- rejected for now: when to come back
  amount           numeric(18, 2),
  currency         text,
  expected_close   date,
  because          jsonb not null default '{}',             -- why it was handed over
  test             boolean not null default false,
  created_at       timestamptz not null default clock(),
  closed_at        timestamptz,
  check (state not in ('offered', 'accepted', 'touched') or owner_rep_id is not null),
  check ((state in ('won', 'lost', 'rejected', 'recycled')) = (closed_at is not null)),
  check (closed_at is not null or next_look_at is not null) -- nobody is forgotten
);
create unique index opportunity_open_account on opportunity (account_id, product_line) where closed_at is null and account_id is not null;
create unique index opportunity_open_lead on opportunity (lead_id, product_line) where closed_at is null and account_id is null;
create index opportunity_look on opportunity (next_look_at) where next_look_at is not null;
create index opportunity_queue on opportunity (pool_id, urgent desc, created_at) where state = 'queued';
create index opportunity_lead_id on opportunity (lead_id);
create index opportunity_owner on opportunity (owner_rep_id) where closed_at is null;

create table opportunity_lead (
  opportunity_id  uuid not null references opportunity (id) on delete cascade,
  lead_id         uuid not null references lead (id),
  added_at        timestamptz not null default clock(),
  primary key (opportunity_id, lead_id)
);
create index opportunity_lead_lead on opportunity_lead (lead_id);

-- ── mail ────────────────────────────────────────────────────────────────────────────────────────────────────
-- How fast a lane may send: a token row charged by the claim. rate null: as fast as it can.
create table lane (
  key             text primary key,
  rate            double precision,                         -- mails per real second
  tokens          double precision not null default 0,
  refilled_real   timestamptz not null default now(),
  held_until_real timestamptz,                              -- the provider asked us to wait
  stopped_reason  text                                      -- e.g. bad credentials; nothing is lost while stopped
);
insert into lane (key) values ('marketing'), ('transactional'), ('internal');

-- The send ledger. Unique on send_key: the same step is never mailed twice.
create table send (
  id              uuid primary key default uuidv7(),
  send_key        text not null unique,                     -- enrolment/step/occurrence, or opportunity/epoch/what
  class           text not null check (class in ('transactional', 'marketing', 'internal')),
  lane            text not null,                            -- no foreign key: each mail would lock the lane's one row
  state           text not null default 'queued'
                  check (state in ('queued', 'claimed', 'in_flight', 'accepted', 'failed', 'suppressed', 'cancelled', 'unknown')),
  priority        smallint not null default 50,             -- higher goes first
  lead_id         uuid references lead (id),
  rep_id          uuid references rep (id),
  campaign_id     uuid,
  enrolment_id    uuid,
  step_id         text,
  opportunity_id  uuid,
  topic           text,
  template        text not null,
  params          jsonb not null default '{}',
  sender          text,                                     -- 'owner', a named sender, or null for the workspace's
  address         text,                                     -- where it went; filled when it goes
  subject         text,
  queued_at       timestamptz not null default clock(),
  due_at          timestamptz not null default clock(),     -- not before
  not_after       timestamptz,
  attempts        smallint not null default 0,
  token           uuid,
  claimed_until_real timestamptz,                           -- a claim is a matter of real seconds, whatever the workspace's clock
  in_flight_at    timestamptz,
  settled_at      timestamptz,
  unknown_at      timestamptz,
  reason          text,                                     -- why cancelled, suppressed, failed, unknown or retried
  provider_id     text,
  test            boolean not null default false,
  check ((state in ('claimed', 'in_flight')) = (claimed_until_real is not null))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
-- No index knows the state: to be claimed and to leave are changes within the page (HOT), and only the end of a mail touches its indexes.
create index send_open on send (lane, priority desc, due_at) where settled_at is null;
create index send_lead on send (lead_id, queued_at);
create index send_enrolment on send (enrolment_id) where enrolment_id is not null;
create index send_opportunity on send (opportunity_id) where opportunity_id is not null;
create index send_queued_at on send (queued_at);

-- Batches under way, a row each: so long as none is past its time, nobody looks for claims that ran out.
create table claim (
  token       uuid primary key,
  lane        text not null,
  until_real  timestamptz not null
);

create table suppression (
  id       uuid primary key default uuidv7(),
  address  text not null,
  kind     text not null check (kind in ('unsubscribe', 'bounce', 'complaint', 'manual')),
  scope    text not null default 'marketing' check (scope in ('marketing', 'all')),
  source   text not null,
  at       timestamptz not null default clock(),
  unique (address, kind)
);

-- Consent as it was given and taken back (inserts only); the newest row of a lead and topic holds.
create table consent (
  id            uuid primary key default uuidv7(),
  lead_id       uuid not null references lead (id),
  topic         text not null,
  granted       boolean not null,
  source        text not null,
  text_version  text,
  proof         jsonb not null default '{}',
  at            timestamptz not null default clock()
);
create index consent_lead on consent (lead_id, topic, id desc);

-- What the capture transport received: the Outbox.
create table captured_mail (
  id           uuid primary key default uuidv7(),
  at           timestamptz not null default clock(),
  message_id   text,
  send_key     text,
  from_address text not null,
  to_address   text not null,
  subject      text,
  raw          bytea not null
);
create index captured_mail_at on captured_mail (at desc);
create index captured_mail_send_key on captured_mail (send_key);
create index captured_mail_to on captured_mail (to_address, at desc);

-- ── growth ──────────────────────────────────────────────────────────────────────────────────────────────────
-- Makes the monthly partitions of event and journal from last month to `ahead` months on. A month whose rows already
-- stand in the default partition is left there.
create function ensure_partitions(ahead integer) returns void language plpgsql set timezone = 'UTC' as $$
declare
  parent text;
  month  date;
  taken  boolean;
begin
  perform pg_advisory_xact_lock(hashtext('ensure_partitions'));
  foreach parent in array array['event', 'journal'] loop
    for month in select generate_series(date_trunc('month', clock()) - interval '1 month', date_trunc('month', clock()) + make_interval(months => ahead), interval '1 month')::date loop
      if to_regclass(format('%I', parent || '_' || to_char(month, 'YYYYMM'))) is null then
        execute format('select exists (select from %I where at >= %L and at < %L)', parent || '_default', month, month + interval '1 month') into taken;
        if not taken then
          execute format('create table %I partition of %I for values from (%L) to (%L)', parent || '_' || to_char(month, 'YYYYMM'), parent, month, month + interval '1 month');
        end if;
      end if;
    end loop;
  end loop;
end $$;
select ensure_partitions(4);
