import { expect, test } from 'vitest';
import { messageSchema } from '../../../domain/webhooks/payload.ts';
import { receiver } from '../../support/receiver.ts';
import { feedOnce, listen, LOCAL, tellAll, told, verify } from '../../support/webhooks.ts';
import { workspace } from '../../support/workspace.ts';

const website = { key: 'website', name: 'Website', purpose: 'demo_request', then: 'handoff', pool: 'sales' };

test('a form becomes signed messages: who it is, what they did, and that sales have it', async () => {
  const firm = await workspace({ env: LOCAL, reps: ['ana'], documents: { form: { website } } });
  const crm = await receiver();
  const sales = await receiver();
  const everything = await listen(firm, `${crm.url}/all`, ['*']);
  await listen(firm, `${sales.url}/sales`, ['opportunity.*']);

  expect(await firm.anyone.post('/f/website', { email: 'mei@huadong.example', name: 'Mei Chen', company: 'Huadong' })).toHaveStatus(202);
  await tellAll(firm);

  const messages = told(crm.received);
  const types = messages.map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['lead.created', 'account.created', 'event.form_submitted', 'opportunity.opened']));
  expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
  for (const message of messages) {
    const { id: _, ...body } = message;
    expect(messageSchema(message.type).safeParse(body).error).toBeUndefined();
  }
  expect(crm.received.every((one) => verify(one, everything.secret))).toBe(true);
  expect(messages.find(({ type }) => type === 'lead.created')!.data['lead']).toMatchObject({
    email: 'mei@huadong.example',
    account: { domain: 'huadong.example' },
  });
  expect(told(sales.received).map(({ type }) => type)).toEqual(types.filter((type) => type.startsWith('opportunity.')));

  await feedOnce(firm);
  await tellAll(firm);
  expect(crm.received).toHaveLength(messages.length);

  const buyer = { userId: 'mei', traits: { email: 'mei@huadong.example', title: 'Buyer', plants: 3 } };
  await firm.post('/v1/identify', buyer);
  await tellAll(firm);
  const later = told(crm.received.slice(messages.length));
  expect(later.map(({ type }) => type)).toEqual(expect.arrayContaining(['event.identified', 'lead.updated']));
  const updated = later.find(({ type }) => type === 'lead.updated')!;
  expect(updated.data['lead']).toMatchObject({ title: 'Buyer' });
  expect(updated.data['because']).toEqual({ fields: ['title', 'attributes.plants'] });

  // What says nothing new changes nobody, by whatever way it comes.
  const before = crm.received.length;
  await firm.post('/v1/identify', buyer);
  await firm.anyone.post('/f/website', { email: 'mei@huadong.example', company: 'Huadong' });
  await tellAll(firm);
  const again = told(crm.received.slice(before)).map(({ type }) => type);
  expect(again).toEqual(expect.arrayContaining(['event.identified', 'event.form_submitted']));
  expect(again).not.toContain('lead.updated');

  // Of their company alike: what a call says of it, and who has it.
  const { id: account } = updated.data['lead']!['account'] as { id: string };
  for (const time of [1, 2]) {
    await firm.post('/v1/group', { userId: 'mei', groupId: 'huadong', traits: { plants: 3 } });
    expect(await firm.put(`/v1/accounts/${account}/owner`, { rep: 'ana' }), String(time)).toHaveStatus(200);
  }
  await tellAll(firm);
  const ofCompany = told(crm.received).filter(({ type }) => type === 'account.updated');
  expect(ofCompany.map(({ data }) => data['because']!['fields'])).toEqual([['attributes.groupId', 'attributes.plants'], ['owner']]);
  expect(ofCompany[1]!.data['account']).toMatchObject({ domain: 'huadong.example', attributes: { plants: 3 }, owner: { key: 'ana' } });
});
