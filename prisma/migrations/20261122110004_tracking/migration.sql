-- Clicks and opens: what came, and whether it was a person.

-- A link that an author wrote, once for all the mails it stands in: tokens name it by the hash, so a mail needs no row of its own.
-- Filled before the first mail that has it departs; never changed. Inserts only.
create table link (
  code        text primary key collate "C",                 -- 11 letters of base64url: sha-256 over name, NUL, url
  name        text not null,                                -- the link's name in the template, else its address
  url         text not null,
  created_at  timestamptz not null default clock()
);

-- A link that was followed, a picture that was loaded. Provisional until `judge_at_real`; then what no person did is told apart, and only the
-- rest becomes events. Inserted by the api and the provider's webhook, judged by the sweeper. No foreign key to the mail: it is looked up when the hit comes.
create table hit (
  id             uuid primary key default uuidv7(),
  send_id        uuid not null,
  lead_id        uuid not null references lead (id) on delete cascade,
  campaign_id    uuid,                                      -- whose figures it belongs to; null: nobody's, such as a test lead's
  step_id        text,
  kind           text not null check (kind in ('click', 'open')),
  link           text,                                      -- the link's name, else its address; null for opens
  url            text,
  position       smallint,                                  -- the link's place in the mail, from 0; null where it is not known
  source         text not null,                             -- mail: our own links; else the provider that told of it
  signs          text[] not null default '{}',              -- head, prefetch, trap, machine (the provider says so), visited (a page view of this person followed)
  user_agent     text,                                      -- '' where the caller named none; null where it is not known
  at             timestamptz not null default clock(),
  at_real        timestamptz not null default clock_timestamp(),
  judge_at_real  timestamptz,                               -- a minute of real time after it came, whatever the workspace's clock; null: judged
  verdict        text check (verdict in ('human', 'machine')),
  reason         text,                                      -- what tells that it was a machine
  counted        boolean not null default false,            -- became an event; a person's repetition within a minute does not
  check ((judge_at_real is null) = (verdict is not null)),
  check ((kind = 'click') = (link is not null))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
create index hit_send on hit (send_id);
create index hit_to_forget on hit (at_real) where not counted or user_agent is not null;
create index hit_provisional on hit (judge_at_real) where judge_at_real is not null;
create index hit_counted on hit (campaign_id, step_id, kind) where counted;
create index hit_provisional_lead on hit (lead_id) where judge_at_real is not null;

-- Nobody follows what this person does with our mail: links are the author's own, no picture is loaded. Since when; null: tracked.
alter table lead add column untracked_at timestamptz;

-- What a version says of it: on, clicks (no picture), off. The live version's word holds for all mail of the campaign.
alter table campaign_version add column tracking text not null generated always as (coalesce(body -> 'sending' ->> 'tracking', 'on')) stored;
