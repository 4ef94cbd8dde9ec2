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
