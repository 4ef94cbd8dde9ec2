-- How long a consent holds, what is still to be confirmed, and when it is looked at again.

-- Still inserts only, by db/consents.ts alone, and the newest row of a lead and topic holds. `granted` is null where the person has said
-- neither yes nor no: they were asked to confirm (pending), or what they had said has run out (expired).
alter table consent
  alter column granted drop not null,
  add column lack        text check (lack in ('pending', 'expired')),
  add column basis       text,                              -- what it rests on: express, confirmed, or the topic's word for what implies it (inquiry, purchase)
  add column expires_at  timestamptz,                       -- it holds until then; null: until it is taken back
  add column state       text not null generated always as (
                           case when granted then 'granted' when not granted then 'withdrawn' else lack end) stored,
  add check ((granted is null) = (lack is not null)),
  add check (expires_at is null or granted);

-- The next look at what somebody said on a topic, where time itself changes it: the one reminder of a confirmation, the warning before a
-- consent runs out, its end. Written with the consent, and moved on by the sweeper's chore under the lead's lock.
create table consent_due (
  lead_id     uuid not null references lead (id) on delete cascade,
  topic       text not null,
  consent_id  uuid not null,                                -- the row it is about; a newer one takes its place
  what        text not null check (what in ('remind', 'warn', 'lapse')),
  due_at      timestamptz not null,
  primary key (lead_id, topic)
);
create index consent_due_at on consent_due (due_at);
