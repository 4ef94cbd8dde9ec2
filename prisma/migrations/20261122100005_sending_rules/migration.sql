-- Around the steps: what makes a mail wait for its turn, whom a campaign is held back from, and which step stands still.

-- A lead's own pause: no marketing for this person, until an instant or (paused_until null) until somebody says otherwise.
alter table lead
  add column paused_at    timestamptz,
  add column paused_until timestamptz,
  add constraint lead_pause check (paused_until is null or paused_at is not null);

-- Held out: enrolled and walked through the steps without any effect, to be compared with the others on the goal.
alter table enrolment add column holdout boolean not null default false;

-- What a version says that other campaigns' turns depend on.
alter table campaign_version
  add column priority  smallint not null generated always as (coalesce((body ->> 'priority')::smallint, 50)) stored,
  add column marketing boolean  not null generated always as (coalesce(body ->> 'class', 'marketing') = 'marketing') stored;

-- Whoever counts mails or people before adding one takes this row first, so that no two count the same room. Rows are taken in
-- the order of their keys; what is counted is the ledger itself, so what is cancelled has given its place back. Keys:
-- lead:<id>, account:<id> (frequency caps), outreach:<campaign>/<account> (people of an account at once), rate:<campaign>,
-- company:<campaign>/<account> (whoever brings a company into a campaign that has it as its subject).
create table sending_guard (
  key  text primary key collate "C"
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000);

-- How many mails of a throttled campaign leave in each stretch of its rate (advance alone writes it, under rate:<campaign>).
create table rate_bucket (
  campaign_id  uuid not null references campaign (id),
  starts_at    timestamptz not null,
  taken        integer not null,
  primary key (campaign_id, starts_at)
) with (fillfactor = 50);

-- Steps that stand still: who is on one waits, the others go on.
create table step_pause (
  campaign_id  uuid not null references campaign (id),
  step_id      text not null,
  paused_at    timestamptz not null default clock(),
  primary key (campaign_id, step_id)
);

-- Complaints pause the marketing of the whole account: few, and looked for by every batch that mails.
create index suppression_complaint on suppression (address) where kind = 'complaint';

-- Entries with the company as their subject: who was chosen to enter for it, and so needs not answer for the entry's conditions any more.
alter table candidate add column for_account_id uuid;
create index candidate_for_account on candidate (campaign_id) where for_account_id is not null;

-- Asked by every batch of mails that is about to leave: is anybody paused at all?
create index lead_paused on lead (id) where paused_at is not null;
create index record_open_case on record (account_id) where kind = 'case' and status = 'open';
