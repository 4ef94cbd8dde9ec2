import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { booked, calendlyEnv, calendlyTells, canceled, routingForm } from '../../support/calendly.ts';
import { workspace, type Workspace } from '../../support/workspace.ts';

const eventsOf = async ({ pool }: Workspace, email: string) =>
  (
    await pool.query<{ name: string; properties: Record<string, unknown> }>(
      'select e.name, e.properties from event e join lead l on l.id = e.lead_id where l.email = $1 order by e.id',
      [email],
    )
  ).rows;
const names = async (firm: Workspace, email: string): Promise<string[]> => (await eventsOf(firm, email)).map(({ name }) => name);

const permutations = <T>(all: readonly T[]): T[][] =>
  all.length <= 1 ? [[...all]] : all.flatMap((one, n) => permutations(all.toSpliced(n, 1)).map((rest) => [one, ...rest]));

test('people book, move and call off meetings; each tells its story once, in whatever order it comes', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', reps: ['ana', 'ben'], env: calendlyEnv });
  const first = { id: 'A', email: 'Haruka@Mori.example', starts: '2026-03-05T01:00:00.000000Z' };
  const taken = await calendlyTells(firm, booked(first));
  expect(taken.as).toBe('meeting_booked');
  expect(await calendlyTells(firm, booked(first))).toMatchObject({ as: 'known', leadId: taken.leadId });
  const [event] = await eventsOf(firm, 'haruka@mori.example');
  expect(event!.properties).toMatchObject({
    name: 'Half an hour about pumps',
    starts: '2026-03-05T01:00:00.000Z',
    timezone: 'Asia/Tokyo',
    rep: 'ana',
    location: 'https://zoom.example/j/1',
    answers: { 'How many pumps?': '12' },
  });
  const { rows: leads } = await firm.pool.query('select name, timezone, first_touch from lead');
  expect(leads).toEqual([{ name: 'Haruka Mori', timezone: 'Asia/Tokyo', first_touch: { utm: { campaign: 'spring' } } }]);

  // Another time is no cancellation; and the form they came by belongs to them.
  const second = { ...first, id: 'B', starts: '2026-03-09T01:00:00Z', insteadOf: 'A' };
  expect(await calendlyTells(firm, canceled(first, { moved: true }))).toMatchObject({ as: 'known' });
  expect(await calendlyTells(firm, booked(second))).toMatchObject({ as: 'meeting_rescheduled' });
  expect(await calendlyTells(firm, routingForm({ id: '1', submitter: 'B' }))).toMatchObject({ as: 'routing_form_submitted' });
  expect(await calendlyTells(firm, routingForm({ id: '1', submitter: 'B' }))).toMatchObject({ as: 'known' });
  expect(await calendlyTells(firm, routingForm({ id: '2' }))).toMatchObject({ as: 'nobody', leadId: null });
  expect(await calendlyTells(firm, { event: 'event_type.created', payload: {} })).toMatchObject({ as: 'ignored' });
  expect((await firm.pool.query('select from task')).rowCount).toBe(0);

  // Called off for good: the rep is asked to speak to them.
  expect(await calendlyTells(firm, canceled(second))).toMatchObject({ as: 'meeting_canceled' });
  expect(await calendlyTells(firm, canceled(second))).toMatchObject({ as: 'known' });
  expect(await calendlyTells(firm, booked(second))).toMatchObject({ as: 'known' });
  const { rows: tasks } = await firm.pool.query('select t.title, r.key from task t join rep r on r.id = t.owner_rep_id');
  expect(tasks).toEqual([
    { title: 'Haruka Mori called off “Half an hour about pumps” of Mon 9 Mar, 01:00: Something came up', key: 'ana' },
  ]);
  expect((await firm.pool.query(`select from send where template = 'task'`)).rowCount).toBe(1);
  expect(await names(firm, 'haruka@mori.example')).toEqual([
    'meeting_booked',
    'meeting_rescheduled',
    'routing_form_submitted',
    'meeting_canceled',
  ]);
  const listed = (await (await firm.get('/v1/meetings?rep=ana')).json()) as { items: { state: string }[] };
  expect(listed.items.map(({ state }) => state)).toEqual(['moved', 'canceled']);
  expect(((await (await firm.get('/v1/meetings?state=booked')).json()) as { items: unknown[] }).items).toEqual([]);

  // Ours to call off needs no task; a host whom nobody knows is nobody's.
  const ours = {
    id: 'C',
    email: 'li@huadong.example',
    starts: '2026-03-06T01:00:00Z',
    host: 'stranger@elsewhere.example',
    timezone: 'Mars/Base',
  };
  await calendlyTells(firm, booked(ours));
  await calendlyTells(firm, canceled(ours, { by: 'host' }));
  expect((await firm.pool.query('select from task')).rowCount).toBe(1);

  for (const [n, order] of permutations([0, 1, 2]).entries()) {
    const email = `p${n}@order.example`;
    const one = { id: `O${n}`, email, starts: '2026-03-10T01:00:00Z' };
    const other = { ...one, id: `P${n}`, insteadOf: one.id };
    const hooks = [booked(one), canceled(one, { moved: true }), booked(other)];
    for (const hook of order) await calendlyTells(firm, hooks[hook]!);
    const told = await names(firm, email);
    expect(told.filter((name) => name === 'meeting_booked')).toHaveLength(1);
    expect(told).not.toContain('meeting_canceled');
    const { rows } = await firm.pool.query<{ state: string }>(
      'select m.state from meeting m join lead l on l.id = m.lead_id where l.email = $1 order by m.uri',
      [email],
    );
    expect(rows.map(({ state }) => state)).toEqual(['moved', 'booked']);
  }
});

/** Webhooks as Calendly documents them; not ours to keep, so they lie beside the repository. */
const theirs = new URL('../../../../shared/fixtures/calendly/', import.meta.url);
if (!existsSync(theirs)) console.warn('skipped: ../shared/fixtures is not here, so no webhooks of Calendly’s own are tried');

test.skipIf(!existsSync(theirs))('what Calendly documents is understood', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', reps: ['ana'], env: calendlyEnv });
  const hook = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, theirs), 'utf8')) as object;
  expect(await calendlyTells(firm, hook('invitee-created'))).toMatchObject({ as: 'meeting_booked' });
  expect(await calendlyTells(firm, hook('routing-form-submission'))).toMatchObject({ as: 'routing_form_submitted' });
  expect(await calendlyTells(firm, hook('invitee-canceled'))).toMatchObject({ as: 'meeting_canceled' });
  expect(await names(firm, 'test@example.com')).toEqual(['meeting_booked', 'routing_form_submitted', 'meeting_canceled']);
});
