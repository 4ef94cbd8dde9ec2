-- Pools that are fair to those who are away, full or passed over; that wait until somebody is in; and that belong to another firm.

alter table rep
  add column skills           text[] not null default '{}', -- what they can do, as routing asks for it
  add column languages        text[] not null default '{}', -- what they speak, as routing asks for it: ISO 639-1
  add column stand_in_rep_id  uuid references rep (id),     -- while away: who gets what is theirs by name
  add column capacity         jsonb,                        -- { open?, perDay? }: most open opportunities, most leads a day of theirs; null: no limit
  add column partner          text;                         -- name of the firm they belong to, where it is not ours
create index rep_stand_in on rep (stand_in_rep_id) where stand_in_rep_id is not null;

-- { when?: always | open, hold?: { atMost, then? }, ramp?: { from, over }, partner?: { name, returnAfter } }; see domain/routing/pool.ts.
alter table pool
  add column settings jsonb not null default '{}';
alter table pool_member
  add column capacity  jsonb,                               -- { open?, perDay? }, of the leads of this pool
  add column joined_at timestamptz,                         -- came to a pool that was there already, then; null: was there from the beginning
  add column planned   double precision,                    -- the weight when the plan was made: the part of it that a joiner has reached; null: not in a plan yet
  add column owed      double precision not null default 0, -- how many leads they were behind their share when the plan was made; less than none: ahead
  add column turns     integer not null default 0;          -- leads given to them since
update pool_member set planned = weight, turns = given;
comment on column pool_member.given is 'since the members or their weights last changed; so is pool.given';

alter table opportunity
  add column counted_rep_id  uuid references rep (id),      -- as whose lead it was counted by the rotation of its pool; null: as nobody's
  add column held_since      timestamptz,                   -- while queued: nobody may take it, since then
  add column held_until      timestamptz,                   -- while held: the end of the waiting, when it goes elsewhere; null: it waits as long as it takes
  add column returns_to_pool uuid references pool (id),     -- passed to a partner by this pool
  add column return_at       timestamptz;                   -- while a partner has not accepted it: when it comes back
-- What waits, and what is with a partner: few of many.
create index opportunity_held on opportunity (held_since) where held_since is not null;
create index opportunity_return on opportunity (return_at) where return_at is not null;
-- How many a rep was given on a day.
create index opportunity_given on opportunity (owner_rep_id, offered_at) where offered_at is not null;

-- Rejected for a cause that is not the rep's: the rotation takes the lead back. Inserted by the rejection, once for each rep and opportunity;
-- settled by whoever next gives out the pool's leads, under its lock.
create table rotation_credit (
  opportunity_id  uuid not null references opportunity (id) on delete cascade,
  rep_id          uuid not null references rep (id),
  pool_id         uuid not null references pool (id),       -- in whose rotation
  reason          text not null,                            -- key of the standard's reason
  at              timestamptz not null default clock(),
  settled_at      timestamptz,                              -- null: the rotation does not know yet
  primary key (opportunity_id, rep_id)
);
create index rotation_credit_open on rotation_credit (pool_id) where settled_at is null;

-- A key that belongs to a salesperson, or to a partner firm, sees what is theirs and nothing else (scope `own`).
alter table api_key
  add column rep_id   uuid references rep (id),
  add column partner  text,                                 -- name of the firm
  drop constraint api_key_scopes_check,
  add constraint api_key_scopes_check check (scopes <@ array['ingest', 'read', 'write', 'admin', 'own']),
  add constraint api_key_own check (('own' = any(scopes)) = (num_nonnulls(rep_id, partner) = 1) and (not 'own' = any(scopes) or scopes = array['own']));
