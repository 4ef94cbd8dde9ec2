-- What steps leave behind: who went which way at a split, what a split has decided, whom another campaign stopped.

-- Who went which way (inserts only, by nurture/{campaign}/{range}). An arm is known by its key, so that figures go on over versions.
create table split_member (
  enrolment_id  uuid not null references enrolment (id),
  step_id       text not null,
  campaign_id   uuid not null references campaign (id),
  arm           text not null,
  at            timestamptz not null default clock(),
  primary key (enrolment_id, step_id)
);
create index split_member_step on split_member (campaign_id, step_id, at);

-- An experiment: a split that measures, as defined. Another metric, minimum, confidence, time or other arms make another one. Made by the first
-- who comes; looked at, at most hourly, by the loop of somebody who comes later, whoever of several loops is first. Once it has a winner it stays.
create table split_experiment (
  campaign_id   uuid not null references campaign (id),
  step_id       text not null,
  definition    jsonb not null,                             -- arms, metric, minimum, confidence, within
  looks         smallint not null default 0,                -- how often it was judged: each time with a part of the error that is left
  next_look_at  timestamptz not null,
  winner        text,
  decided_at    timestamptz,
  figures       jsonb not null default '[]',                -- what was counted when it was last judged
  primary key (campaign_id, step_id, definition)
);

-- Another campaign ends this enrolment (inserts only, with a wake; the enrolment's own loop carries it out and deletes it).
create table enrolment_stop (
  enrolment_id  uuid primary key references enrolment (id),
  because       jsonb not null,
  at            timestamptz not null default clock()
);
