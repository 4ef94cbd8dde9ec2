-- A mail goes from the queue straight to the socket: the last look, the making of the mail and `in_flight` are one transaction, so that there
-- is nothing to be claimed beforehand, and nothing to be given back (ADR 0005).
update send set state = 'queued', token = null, claimed_until_real = null where state = 'claimed';
alter table send drop constraint send_check;
alter table send drop column claimed_until_real;
alter table send drop constraint send_state_check;
alter table send add check (state in ('queued', 'in_flight', 'accepted', 'failed', 'suppressed', 'cancelled', 'unknown'));

-- Batches that have left and have not been settled, a row each: so long as none is past its time, nobody looks for mails without an answer.
alter table claim rename to departure;
alter table departure rename constraint claim_pkey to departure_pkey;
create index departure_lane on departure (lane, until_real);

-- What an enrolment was mailed is among its lead's mails, and the newest mails have the highest ids. The summary is for figures of a period.
drop index send_enrolment;
drop index send_queued_at;
create index send_queued_at on send using brin (queued_at) with (pages_per_range = 32);

-- What an enrolment went through is among what its lead went through.
drop index journal_enrolment;
