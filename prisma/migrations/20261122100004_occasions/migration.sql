-- Occasions, records of the back office, and the entries of campaigns that open by the clock.

-- ── what has a date (written by the api) ────────────────────────────────────────────────────────────────────
-- An exhibition, a webinar, a visit day.
create table occasion (
  id          uuid primary key default uuidv7(),
  key         text not null unique,
  name        text not null,
  kind        text not null,                                -- exhibition, webinar, visit, or the firm's own word
  starts_at   timestamptz not null,
  ends_at     timestamptz not null,
  timezone    text not null,                                -- IANA: where it takes place; offsets in days count there
  place       text,
  attributes  jsonb not null default '{}',
  created_at  timestamptz not null default clock(),
  updated_at  timestamptz not null default clock(),
  check (ends_at >= starts_at)
);
create index occasion_starts_at on occasion (starts_at desc, id desc);

-- Who was asked, said yes, came or did not. It only goes forward (domain/occasions/guest.ts); each state is an event once.
create table occasion_guest (
  occasion_id  uuid not null references occasion (id) on delete cascade,
  lead_id      uuid not null references lead (id) on delete cascade,
  state        text not null check (state in ('invited', 'registered', 'attended', 'no_show')),
  at           timestamptz not null default clock(),        -- when this state was reached
  primary key (occasion_id, lead_id)
);
create index occasion_guest_lead on occasion_guest (lead_id);

-- A quote, order, contract or service case as a back-end system tells it; the newest telling holds.
create table record (
  id           uuid primary key default uuidv7(),
  kind         text not null check (kind in ('quote', 'order', 'contract', 'case')),
  external_id  text not null,                               -- its number there
  account_id   uuid references account (id),
  lead_id      uuid references lead (id) on delete set null,
  products     text[] not null default '{}',
  amount       numeric(18, 2),
  currency     text,
  status       text not null,                               -- small letters; a case is open while it says `open`
  dates        jsonb not null default '{}',                 -- name → ISO date or instant: ends_at, valid_until, …
  attributes   jsonb not null default '{}',
  created_at   timestamptz not null default clock(),
  updated_at   timestamptz not null default clock(),
  unique (kind, external_id)
);
create index record_updated_at on record (updated_at desc, id desc);
create index record_account on record (account_id, kind) where account_id is not null;
create index record_lead on record (lead_id) where lead_id is not null;

-- Enrolments that an occasion or a record brought in, to wake them when its date moves. Nobody else pays for it.
create index enrolment_thing on enrolment using gin (entry jsonb_path_ops)
  where state = 'active' and entry ?| array['occasion', 'quote', 'order', 'contract', 'case'];

-- ── entries that open by the clock ──────────────────────────────────────────────────────────────────────────
-- The entries by date and by schedule of live campaigns; rewritten when a campaign is launched or archived.
create table campaign_door (
  campaign_id  uuid not null references campaign (id),
  door         text not null,                               -- names the entry by what it says (`contract.ends_at`), so that a new version finds it again
  position     smallint not null,                           -- index in the document's list of entries
  subject      text not null check (subject in ('lead', 'account', 'occasion', 'quote', 'order', 'contract', 'case', 'schedule')),
  name         text,                                        -- which of the subject's dates; null: a schedule's own
  primary key (campaign_id, door)
);
create index campaign_door_subject on campaign_door (subject);

-- When a door opens, and for what: one row for each (campaign, thing, date), so that each lets people in once. Made by `appoint`
-- whenever the date is told or moved; nurture/{campaign}/0-… works out `due_at` and lets people in.
create table appointment (
  id           uuid primary key default uuidv7(),
  campaign_id  uuid not null,
  door         text not null,
  subject_id   uuid,                                        -- null: a schedule's
  date         text not null,                               -- as it was told: an ISO date or instant
  made_at      timestamptz not null default clock(),
  due_at       timestamptz,                                 -- the date plus the entry's offset; null: still to be worked out
  state        text not null default 'armed' check (state in ('armed', 'entered', 'passed')),
  note         text,                                        -- why it let nobody in: it was past, not wanted, or nobody was there
  unique nulls not distinct (campaign_id, door, subject_id, date)
);
create index appointment_due on appointment (campaign_id, due_at nulls first) where state = 'armed';
create index appointment_subject on appointment (subject_id) where state = 'armed';

-- Arms the doors that a thing's dates open: a date that moved is armed anew where nobody has entered for it yet.
create function appoint(of text, thing uuid, dates jsonb) returns void language sql as $$
  with wanted as (
    select d.campaign_id, d.door, nullif(dates ->> d.name, '') as date from campaign_door d where d.subject = of),
  moved as (
    delete from appointment a using wanted w
     where a.campaign_id = w.campaign_id and a.door = w.door and a.subject_id = thing and a.state = 'armed' and a.date is distinct from w.date)
  insert into appointment (campaign_id, door, subject_id, date)
  select campaign_id, door, thing, date from wanted where date is not null order by campaign_id, door
  on conflict do nothing
$$;

create function appoint_attributes() returns trigger language plpgsql as $$
begin
  perform appoint(tg_table_name, new.id, new.attributes);
  return null;
end $$;
create function appoint_occasion() returns trigger language plpgsql as $$
begin
  perform appoint('occasion', new.id, new.attributes || jsonb_build_object('starts_at', new.starts_at, 'ends_at', new.ends_at));
  return null;
end $$;
create function appoint_record() returns trigger language plpgsql as $$
begin
  perform appoint(new.kind, new.id, new.dates);
  return null;
end $$;

-- Triggers, since an attribute is written in many places and a date must be heard from all of them. Those that change nothing cost nothing.
create trigger lead_dates_told after insert on lead for each row when (new.attributes <> '{}') execute function appoint_attributes();
create trigger lead_dates_moved after update of attributes on lead for each row
  when (new.attributes is distinct from old.attributes) execute function appoint_attributes();
create trigger account_dates_told after insert on account for each row when (new.attributes <> '{}') execute function appoint_attributes();
create trigger account_dates_moved after update of attributes on account for each row
  when (new.attributes is distinct from old.attributes) execute function appoint_attributes();
create trigger occasion_dates after insert or update on occasion for each row execute function appoint_occasion();
create trigger record_dates after insert or update on record for each row execute function appoint_record();
