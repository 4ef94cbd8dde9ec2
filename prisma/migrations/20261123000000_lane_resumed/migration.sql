-- Since when somebody has let a lane go on: what was refused of a batch that had left before says nothing of the credentials as they are now.
alter table lane add column resumed_real timestamptz;
