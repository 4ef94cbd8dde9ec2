/** What a person can say of themselves, and the column of the lead it stands in. */
export const personColumns = {
  email: 'email',
  phone: 'phone',
  firstName: 'first_name',
  lastName: 'last_name',
  name: 'name',
  title: 'title',
  company: 'company',
  country: 'country',
  timezone: 'timezone',
  locale: 'locale',
} as const;

/** The same, with what others say of them. */
export const toldColumns = { ...personColumns, buyingRole: 'buying_role', stage: 'stage' } as const;

/** SQL: all these of a lead `l`. */
export const TOLD_FIELDS = Object.entries(toldColumns)
  .map(([field, column]) => `l.${column} as "${field}"`)
  .join(', ');
