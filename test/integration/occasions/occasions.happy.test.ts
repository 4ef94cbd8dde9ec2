import { expect, test } from 'vitest';
import { happen } from '../../support/people.ts';
import { workspace } from '../../support/workspace.ts';

const webinar = {
  name: 'Sizing pumps',
  kind: 'webinar',
  startsAt: '2026-04-01T14:00:00Z',
  endsAt: '2026-04-01T15:00:00Z',
  timezone: 'Europe/Berlin',
  place: null,
  attributes: { speaker: 'Dr. Weber' },
};

const attendees = `\uFEFFVorname;Nachname;E-Mail-Adresse;Firma;Teilnahme
Mei;Lin;mei@huadong.example;Huadong Pumps;ja
Jörg;Weiß;joerg@weiss.example;Weiß GmbH;nein
Nobody;;;;ja
Ana;Ruiz;ana@aguas.example;Aguas del Sur;vielleicht
`;

test('an occasion is told, moved and read; its guests are imported twice and only once become events', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z' });
  expect(await firm.put('/v1/occasions/pumps-12', webinar)).toHaveStatus(201);
  expect(await firm.put('/v1/occasions/pumps-12', webinar)).toHaveStatus(200);
  const [known] = await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }]);

  const registered = await firm.post('/v1/occasions/pumps-12/guests', {
    guests: [{ leadId: known }, { email: 'New@Guest.example', firstName: 'Noa' }, { email: 'kevin@' }],
  });
  expect(await registered.json()).toEqual({
    taken: 2,
    changed: { invited: 0, registered: 2, attended: 0, no_show: 0 },
    faults: [{ row: 3, reason: 'the email or phone given cannot be used' }],
  });

  for (const changed of [
    { invited: 0, registered: 0, attended: 1, no_show: 1 },
    { invited: 0, registered: 0, attended: 0, no_show: 0 },
  ]) {
    const imported = await firm.post('/v1/occasions/pumps-12/guests', attendees, { 'content-type': 'text/csv' });
    expect(imported).toHaveStatus(200);
    expect(await imported.json()).toEqual({
      taken: 2,
      changed,
      faults: [
        { row: 4, reason: 'names nobody: it has no email and no phone' },
        { row: 5, reason: "'vielleicht' is not a state of a guest: write invited, registered, attended or no_show" },
      ],
    });
  }
  // A late list of those who had registered takes nothing back.
  await firm.post('/v1/occasions/pumps-12/guests', { email: 'mei@huadong.example' });
  const { rows: events } = await firm.pool.query(
    `select name, properties ->> 'occasion' as occasion, count(*)::int as n from event where source = 'occasion' group by 1, 2 order by 1`,
  );
  expect(events).toEqual([
    { name: 'attended', occasion: 'pumps-12', n: 1 },
    { name: 'no_show', occasion: 'pumps-12', n: 1 },
    { name: 'registered', occasion: 'pumps-12', n: 2 },
  ]);
  expect(await (await firm.get('/v1/leads/joerg@weiss.example')).json()).toMatchObject({ firstName: 'Jörg', company: 'Weiß GmbH' });

  const guests = (await (await firm.get('/v1/occasions/pumps-12/guests?state=attended')).json()) as { items: unknown[] };
  expect(guests.items).toMatchObject([{ leadId: known, email: 'mei@huadong.example', state: 'attended' }]);
  await firm.put('/v1/occasions/pumps-12', { ...webinar, startsAt: '2026-04-08T14:00:00Z', endsAt: '2026-04-08T15:00:00Z' });
  expect(await (await firm.get('/v1/occasions/pumps-12')).json()).toMatchObject({
    startsAt: '2026-04-08T14:00:00.000Z',
    place: null,
    guests: { invited: 0, registered: 1, attended: 1, no_show: 1 },
  });
  await firm.put('/v1/occasions/hannover', { ...webinar, kind: 'exhibition', timezone: undefined });
  expect(await (await firm.get('/v1/occasions?limit=1')).json()).toMatchObject({ items: [{ key: 'pumps-12' }] });
  expect(await (await firm.get('/v1/occasions?kind=exhibition&endingAfter=2026-03-02T00:00:00Z')).json()).toMatchObject({
    items: [{ key: 'hannover', timezone: 'UTC' }],
    nextCursor: null,
  });
});
