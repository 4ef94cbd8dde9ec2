/**
 * SQL for the domain that a mail `s` of the ledger is sent from, as the renderer decides it; `fallback` is SQL for that of the workspace's sender. The owner is whoever
 * looks after the account now.
 */
export const senderDomain = (fallback: string): string => `
  case when s.sender is null then ${fallback}
       when s.sender = 'owner' then coalesce(
         (select lower(split_part(r.email, '@', 2)) from lead l join account a on a.id = l.account_id join rep r on r.id = a.owner_rep_id where l.id = s.lead_id), ${fallback})
       else coalesce(lower(substring(s.sender from '@([^@<>\\s]+)>?\\s*$')), ${fallback}) end`;
