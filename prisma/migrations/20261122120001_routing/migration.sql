-- Who gets a lead, and why: what the rules of the document `routing` decided of each opportunity, and where two reps are at one account.

alter table opportunity
  add column rule    text,                                  -- key of the routing rule that decided; `asked` or `catch-all` where none of the document did
  -- Why, as data, written when it is routed: { version, rule, name?, to: { rep?, pool }, seen: [{ what, wanted?, value }], before: [{ rule, … }],
  -- asked?, skills?, language?, hold?, vip?, owners? }. `skills`, `language` and `hold` bind whoever gives out the queue.
  add column routing jsonb,
  add column vip     boolean not null default false;        -- the green channel: before the urgent, and the managers were told at once

-- The queue's order has the green channel in front.
drop index opportunity_queue;
create index opportunity_queue on opportunity (pool_id, vip desc, urgent desc, created_at) where state = 'queued';

-- Two reps at one account: until a manager says what is to be. Inserts by whoever sees it first; settled by a manager, or by itself
-- (`gone`) when there are no longer two.
create table routing_conflict (
  id                    uuid primary key default uuidv7(),
  kind                  text not null check (kind in (
                          'account_owner',                  -- another than the account's owner has an opportunity of it
                          'opportunity',                    -- two open opportunities of the account are with two reps
                          'name_hint')),                    -- the lead's firm is perhaps this account (same name), which is somebody else's
  account_id            uuid not null references account (id),
  opportunity_id        uuid not null references opportunity (id) on delete cascade, -- of two, the one taken later
  other_opportunity_id  uuid references opportunity (id) on delete cascade,
  rep_id                uuid not null references rep (id),  -- who was there first
  other_rep_id          uuid references rep (id),           -- who has the opportunity; null while nobody has
  noted_at              timestamptz not null default clock(),
  settled_at            timestamptz,
  outcome               text check (outcome in ('both', 'given', 'gone')),
  given_rep_id          uuid references rep (id),
  settled_by            text,                               -- name of the api key
  note                  text,
  check ((settled_at is null) = (outcome is null)),
  check ((outcome = 'given') = (given_rep_id is not null))
);
-- Told once: what was settled as `both` is not raised again, what was given away may be when it comes back.
create unique index routing_conflict_once on routing_conflict (opportunity_id, account_id, rep_id) where outcome is null or outcome = 'both';
create index routing_conflict_open on routing_conflict (id desc) where settled_at is null;
create index routing_conflict_account on routing_conflict (account_id);
