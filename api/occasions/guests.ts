import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { tellGuests } from '../../db/guests.ts';
import { leadsOfList, type Named } from '../../db/listed.ts';
import { requireOccasion, tellingGround } from '../../db/occasions.ts';
import { inTransaction, type Queryable } from '../../db/pool.ts';
import { type Fault, MOST_ROWS, readPeople } from '../../domain/lists/people.ts';
import { personOf } from '../../domain/lists/person.ts';
import { type GuestState, guestStateOf, isStateHeading } from '../../domain/occasions/guest.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { csvOf, faultsSchema, listBody, personSchema } from '../lists/body.ts';
import { problemResponses } from '../problem.ts';
import { changedCounts, guestState, occasionParam } from './schema.ts';

const guest = personSchema.extend({
  state: guestState.optional().openapi({ description: 'Left out: the `state` of the query' }),
  at: z.iso.datetime({ offset: true }).optional().openapi({ description: 'When it happened; left out: now' }),
});
type Guest = z.infer<typeof guest>;
const body = z.union([z.strictObject({ guests: z.array(guest).min(1).max(MOST_ROWS) }), guest]).openapi('Guests');

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/occasions/{key}/guests',
  tags: ['Occasions'],
  summary: 'Say who is invited, has registered, came or did not',
  description:
    'One guest, a list, or a CSV file of attendees. Leads are made where they are unknown. Each state that somebody reaches is an event of that name ' +
    '(`registered`, `attended`) with the property `occasion`. States only go forward, so the same list again changes nothing. Rows that name nobody are answered; all the others are taken, together.',
  request: {
    params: occasionParam,
    query: z.object({ state: guestState.default('registered').openapi({ description: 'What rows tell that do not say it themselves' }) }),
    body: listBody(body),
  },
  responses: {
    200: {
      description: 'What was taken, and what was not',
      content: {
        'application/json': { schema: z.object({ taken: z.int(), changed: changedCounts, faults: faultsSchema }).openapi('GuestsTaken') },
      },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'unsupported_media_type', 'invalid'),
  },
});

interface Told {
  row: number;
  named: Named;
  state: GuestState;
  at: Date | null;
}

/** POST /v1/occasions/{key}/guests. */
export function guestsEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { key } = c.req.valid('param');
    const { state } = c.req.valid('query');
    const csv = await csvOf(c);
    const { taken, changed, faults, loops } = await inTransaction(pool, async (tx) => {
      const occasion = await requireOccasion(tx, key);
      const { country } = await tellingGround(tx);
      const given = c.req.valid('json');
      const read = csv ? fromCsv(csv, country, state) : fromJson('guests' in given ? given.guests : [given], country, state);
      const known = await withLeads(tx, read.told);
      const answer = await tellGuests(tx, occasion, known.guests);
      return { taken: known.guests.length, ...answer, faults: [...read.faults, ...known.faults] };
    });
    loops.forEach(poke);
    return c.json({ taken, changed, faults: faults.toSorted((a, b) => a.row - b.row) }, 200);
  });
}

function fromJson(guests: readonly Guest[], country: string, state: GuestState): { told: Told[]; faults: Fault[] } {
  const told: Told[] = [];
  const faults: Fault[] = [];
  for (const [i, { state: said, at, ...written }] of guests.entries()) {
    const person = written.leadId ? null : personOf(written, country);
    if (typeof person === 'string') faults.push({ row: i + 1, reason: person });
    else
      told.push({
        row: i + 1,
        named: person ? { person } : { leadId: written.leadId! },
        state: said ?? state,
        at: at ? new Date(at) : null,
      });
  }
  return { told, faults };
}

function fromCsv(bytes: Uint8Array, country: string, state: GuestState): { told: Told[]; faults: Fault[] } {
  const { listed, faults } = readPeople(bytes, country, isStateHeading);
  const told: Told[] = [];
  for (const { row, person, kept } of listed) {
    const cell = kept.find((one) => one !== '');
    const said = cell === undefined ? state : guestStateOf(cell);
    if (said === null)
      faults.push({ row, reason: `'${cell!.slice(0, 40)}' is not a state of a guest: write invited, registered, attended or no_show` });
    else told.push({ row, named: { person }, state: said, at: null });
  }
  return { told, faults };
}

async function withLeads(tx: Queryable, told: readonly Told[]): Promise<{ guests: (Told & { leadId: string })[]; faults: Fault[] }> {
  const leads = await leadsOfList(
    tx,
    told.map(({ named }) => named),
  );
  return {
    guests: told.flatMap((one, i) => (leads[i] ? [{ ...one, leadId: leads[i] }] : [])),
    faults: told.flatMap(({ row }, i) => (leads[i] ? [] : [{ row, reason: 'there is no lead of this id' }])),
  };
}
