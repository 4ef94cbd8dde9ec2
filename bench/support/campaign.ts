/** Three mails, two waits, a branch on a click: six steps a person, and what both engines are measured by. */
export const benchCampaign = {
  key: 'bench',
  name: 'Bench',
  topic: 'news',
  entry: { event: 'signed_up' },
  exitWhen: { stage: 'customer' },
  steps: [
    { id: 'welcome', send: 'trial-welcome' },
    { id: 'w1', wait: '1d' },
    {
      id: 'engaged',
      branch: [
        { when: { clicked: 'welcome' }, steps: [{ id: 'study', send: 'pump-case-study' }] },
        { otherwise: [{ id: 'nudge', send: 'trial-nudge' }] },
      ],
    },
    { id: 'w2', wait: '1d' },
    { id: 'last', send: 'trial-last-call' },
  ],
};

/** Steps that each person passes. */
export const STEPS = 6;

export const topics = { topics: [{ key: 'news', name: 'News', basis: 'legitimate-interest' }] };
