/** A form whose submissions bring people into `formCampaign`. */
export const form = { key: 'bench', name: 'Bench', purpose: 'trial', then: 'enrol' };

/** A mail at once, then a wait, so that people stay. */
export const formCampaign = {
  key: 'form',
  name: 'Form',
  topic: 'news',
  entry: { event: 'form_submitted', where: { form: 'bench' } },
  steps: [
    { id: 'welcome', send: 'trial-welcome' },
    { id: 'w1', wait: '30d' },
  ],
};

/** What person `n` fills in; a thousand firms, and never two people of one at the same moment. */
export function answers(prefix: string, n: number) {
  const firm = `${prefix}${n % 1_000}`;
  return {
    email: `p${n}@${firm}.example`,
    first_name: `Person${n}`,
    last_name: 'Bench',
    company: `Firm ${firm}`,
    country: 'DE',
    message: 'We look for a pump for a new line and would like to try one of yours.',
  };
}
