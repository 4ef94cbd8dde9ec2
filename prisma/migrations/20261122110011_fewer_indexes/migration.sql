-- Written by the thousand each second and never looked for by their id: a line of the journal is read with what its lead went through, a wake
-- goes with those of its enrolment.
alter table journal drop constraint journal_pkey;
alter table wake drop constraint wake_pkey;
drop index wake_enrolment;
create index wake_enrolment on wake (enrolment_id, id);

-- Each mail would lock its lead's row once more; no lead is ever deleted but with its mails.
alter table send drop constraint send_lead_id_fkey;
