/** What conditions and scoring rules may compare of a lead `l`, as jsonb: its attributes, under its own columns. Absent is absent, never null. */
export const leadFacts = `l.attributes || jsonb_strip_nulls(jsonb_build_object('email', l.email, 'phone', l.phone, 'first_name', l.first_name, 'last_name', l.last_name,
              'name', l.name, 'title', l.title, 'company', l.company, 'country', l.country, 'timezone', l.timezone, 'locale', l.locale,
              'buying_role', l.buying_role, 'created_at', l.created_at))`;

/** The same of an account `a`; null where the lead has none. */
export const accountFacts = `case when a.id is not null then a.attributes || jsonb_strip_nulls(jsonb_build_object('name', a.name, 'domain', a.domain, 'country', a.country)) end`;
