/** Each pool as it may be put, the first of each at the beginning. */
export const POOLS = {
  sales: [
    { name: 'Sales', members: [{ rep: 'ana' }, { rep: 'ben' }, { rep: 'cleo' }].map(weighing) },
    { name: 'Sales', members: [{ rep: 'cleo' }].map(weighing), hold: { atMost: '2h', then: 'inside' } },
    { name: 'Sales', members: [{ rep: 'ana' }, { rep: 'ben' }].map(weighing), when: 'open', hold: { atMost: '4h' } },
    { name: 'Sales', members: [] },
  ],
  inside: [
    { name: 'Inside', members: [{ rep: 'ben' }, { rep: 'cleo' }].map(weighing) },
    { name: 'Inside', members: [{ rep: 'ana' }].map(weighing), when: 'open', hold: { atMost: '1h', then: 'sales' } },
    { name: 'Inside', members: [{ rep: 'cleo' }].map(weighing), hold: { atMost: '1d', then: 'nordic' } },
  ],
  nordic: [
    { name: 'Nordic', members: [{ rep: 'pia' }, { rep: 'pat' }].map(weighing), partner: { name: 'Nordic Pumps', returnAfter: '2d' } },
    { name: 'Nordic', members: [{ rep: 'pia' }].map(weighing), partner: { name: 'Nordic Pumps', returnAfter: '3h' } },
    { name: 'Nordic', members: [], partner: { name: 'Nordic Pumps', returnAfter: '1d' } },
  ],
} as const satisfies Record<string, readonly object[]> as unknown as Record<string, readonly PoolAsPut[]>;

interface PoolAsPut {
  name: string;
  members: { rep: string; weight: number }[];
}

function weighing({ rep }: { rep: string }, n: number) {
  return { rep, weight: n + 1 };
}

const vip = { key: 'big', vip: true, when: { accounts: 'firm-4.example' } };
const named = { key: 'theirs', to: { owner: 'account' } };

/** Who is to have a lead, as it may be said. */
export const ROUTING: readonly object[] = [
  { rules: [vip, named, { key: 'spare', when: { productLine: 'spare' }, to: { pool: 'inside' } }] },
  { rules: [{ key: 'north', when: { accounts: 'firm-3.example' }, to: { pool: 'nordic' } }, named] },
  { rules: [{ key: 'asked', to: { pool: 'sales', language: 'de' }, hold: '3h' }].map((rule) => ({ ...rule, key: 'german' })) },
  {
    rules: [
      { key: 'by-name', when: { productLine: 'spare' }, to: { rep: 'cleo', pool: 'inside' } },
      { key: 'pumps', to: { pool: 'sales', skills: ['pumps'] } },
    ],
  },
  { rules: [] },
];

/** What is promised, as it may be said. */
export const SLA: readonly object[] = [
  {},
  { reassigns: 2, hours: 'always', snooze: { longest: '10d', times: 1 } },
  {
    offered: [
      { after: '5m', clock: 'wall', do: 'nudge' },
      { after: '10m', clock: 'wall', do: 'reassign' },
      { after: '1h', clock: 'business', do: 'breach' },
    ],
    accepted: [{ after: '1h', clock: 'wall', do: 'breach' }],
    pools: { inside: { reassigns: 0 } },
  },
];
