import { expect, test } from 'vitest';
import { addPerson } from '../../support/ground.ts';
import { workspace } from '../../support/workspace.ts';

interface Page {
  items: { email: string; score: object | null; account: object | null }[];
  nextCursor: string | null;
}

test('leads are found by email, name, company and stage; test leads stay out unless asked for', async () => {
  const firm = await workspace();
  await addPerson(firm.pool, 'mei@huadong.example', { at: '2027-01-04T09:00:00Z' });
  await addPerson(firm.pool, 'ana@ostara.example', { name: 'Ana 100%', at: '2027-01-05T09:00:00Z', stage: 'mql' });
  await addPerson(firm.pool, 'robot@probe.example', { test: true });
  const emails = async (query: string) => ((await (await firm.get(`/v1/leads?${query}`)).json()) as Page).items.map((lead) => lead.email);

  expect(await emails('')).toEqual(['ana@ostara.example', 'mei@huadong.example']);
  expect(await emails('q=HUADONG.ex')).toEqual(['mei@huadong.example']);
  expect(await emails('q=Huadong%20Pumps&stage=mql')).toEqual(['ana@ostara.example']);
  expect(await emails('q=100%25')).toEqual(['ana@ostara.example']);
  expect(await emails('q=_')).toEqual([]);
  expect(await emails('test=only')).toEqual(['robot@probe.example']);
  expect(await emails('test=include')).toHaveLength(3);
});

test('pages follow one another without gap or repetition, while leads come in, even within one instant', async () => {
  const firm = await workspace();
  for (let i = 0; i < 7; i++) await addPerson(firm.pool, `p${i}@huadong.example`, { at: '2027-01-04T09:00:00.123456Z' });
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = (await (await firm.get(`/v1/leads?limit=3${cursor && `&cursor=${cursor}`}`)).json()) as Page;
    seen.push(...page.items.map((lead) => lead.email));
    cursor = page.nextCursor;
    await addPerson(firm.pool, `late${seen.length}@huadong.example`, { at: '2027-01-05T09:00:00Z' });
  }
  expect(seen.toSorted()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6'].map((name) => `${name}@huadong.example`));
});
