/** SQL: the name of a lead `l`, whole or made of its parts; null where none is known. */
export const NAME = `coalesce(l.name, nullif(concat_ws(' ', l.first_name, l.last_name), ''))`;

/** SQL: what a lead `l` is called where somebody is told of them. */
export const CALLED = `coalesce(${NAME}, l.email, l.phone, 'Somebody')`;

/** SQL to join: `m.message`, what a lead wrote in their latest form. */
export const latestMessage = (leadId: string): string => `left join lateral (
    select left(e.properties ->> 'message', 2000) as message from event e
     where e.lead_id = ${leadId} and e.name = 'form_submitted' and e.properties ->> 'message' is not null
     order by e.at desc limit 1) m on true`;
