-- Conditions as SQL, segments whose members are known at any time, and entries that are not events.

-- ── values as conditions compare them (domain/conditions/test.ts says the same in TypeScript) ────────────────
-- The number a value stands for, or null: a JSON number, or text that is nothing but one.
create function number_of(value jsonb) returns double precision language sql immutable parallel safe as $$
  select case jsonb_typeof(value)
    when 'number' then value::text::double precision
    when 'string' then case when value #>> '{}' ~ '^[+-]?[0-9]{1,15}(\.[0-9]{1,15})?$' then (value #>> '{}')::double precision end end
$$;

-- The instant a text stands for, or null: an ISO date or date and time, of UTC where it names no offset; to the millisecond.
create function instant_of(value text) returns timestamptz language sql stable parallel safe as $$
  select case
    when value ~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?)?$'
     and pg_input_is_valid(left(value, 10), 'date')
    then date_trunc('milliseconds', (case when value ~ '(Z|[+-][0-9]{2}:[0-9]{2})$' then value else value || '+00' end)::timestamptz) end
$$;

-- ── entries of every kind ────────────────────────────────────────────────────────────────────────────────────
-- All entries of live campaigns stand here by now; only those of kind `event` are found by an event's name.
alter table campaign_entry
  alter column event drop not null,
  add column kind text not null default 'event',            -- event, segment, date, schedule: domain/campaign/entries
  add column body jsonb not null default '{}';              -- the entry as parsed
create index campaign_entry_kind on campaign_entry (kind);

-- Some campaign version in force, or under way, looks at what anyone of the account does: its enrolments are woken by their colleagues.
alter table campaign add column by_account boolean not null default false;

-- Somebody who may enter may be asked to wait for their turn (`rate`).
alter table candidate add column due_at timestamptz;        -- not before; null: at once
drop index candidate_campaign;
create index candidate_campaign on candidate (campaign_id, slot, id) where due_at is null;
create index candidate_due on candidate (campaign_id, due_at) where due_at is not null;

-- When the next newcomer of an entry with a rate has its turn (guarded: whoever adds candidates moves it on under the row's lock).
create table entry_pace (
  campaign_id  uuid not null references campaign (id),
  position     smallint not null,
  next_at      timestamptz not null,
  primary key (campaign_id, position)
);

-- ── segments whose members are known (written by the scoring loops, under the lead's lock, and the segments loop) ──
-- A segment that some live campaign's entry needs.
create table kept_segment (
  segment_key  text primary key,
  filled_at    timestamptz,                                 -- when it had been looked through for the first time
  pass_after   uuid,                                        -- how far the present pass over all leads has come; null: none is under way
  due_at       timestamptz default clock(),                 -- when the next pass begins, or the one under way goes on; null: not before something changes
  again        boolean not null default true,               -- one more pass follows the present one, for what was under way when it began
  error        text                                         -- why the last look failed; null when it did not
);
create index kept_segment_due on kept_segment (due_at) where due_at is not null;

create table segment_member (
  segment_key  text not null,
  lead_id      uuid not null references lead (id) on delete cascade,
  since        timestamptz not null default clock(),
  primary key (segment_key, lead_id)
);
create index segment_member_lead on segment_member (lead_id);

-- Which segments bring people into which campaigns. Stays over launches of newer versions, so that nobody is taken in twice.
create table segment_entry (
  campaign_id  uuid not null references campaign (id),
  segment_key  text not null,
  started_at   timestamptz,                                 -- from here on whoever joins the segment enters; null: the segment is still being filled
  taken_after  uuid,                                        -- how far those who were in it at launch have been taken in; null: nobody is left to be
  primary key (campaign_id, segment_key)
);
create index segment_entry_key on segment_entry (segment_key);
