import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { requireCampaign } from '../../db/campaigns.ts';
import { addListed, leadsOfList, type Named } from '../../db/listed.ts';
import { tellingGround } from '../../db/occasions.ts';
import { inTransaction } from '../../db/pool.ts';
import { wokenLoops } from '../../db/woken-loops.ts';
import { TendrilError } from '../../domain/errors.ts';
import { type Fault, MOST_ROWS, readPeople } from '../../domain/lists/people.ts';
import { personOf } from '../../domain/lists/person.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { requireLeadId } from '../leads/find.ts';
import { csvOf, faultsSchema, listBody, personSchema } from '../lists/body.ts';
import { problemResponses } from '../problem.ts';
import { campaignKey } from './schema.ts';

const properties = z.record(z.string(), z.unknown()).default({}).openapi({ description: '`$entry.<name>` in the campaign' });
const listed = personSchema.extend({ properties });
const body = z
  .union([
    z.strictObject({ email: z.email(), properties }),
    z.strictObject({ leadId: z.uuid(), properties }),
    z.strictObject({ people: z.array(listed).min(1).max(MOST_ROWS) }),
  ])
  .openapi('NewEnrolment');
type Body = z.infer<typeof body>;

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/campaigns/{key}/enrolments',
  tags: ['Campaigns'],
  summary: 'Put a lead, or a list of people, into a campaign by hand',
  description:
    "The campaign's re-entry rule, exclusions and exitWhen hold for them as for everybody; what keeps them out is in the lead's journal. One lead must be known; of a list " +
    '(`people`, or a CSV file whose other columns become properties) those who are not are made. Rows that name nobody are answered; all the others are taken, together.',
  request: { params: campaignKey, body: listBody(body) },
  responses: {
    202: {
      description: 'They stand at the door',
      content: {
        'application/json': {
          schema: z.union([z.object({ leadId: z.uuid() }), z.object({ taken: z.int(), faults: faultsSchema })]).openapi('Enrolled'),
        },
      },
    },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

interface Row {
  row: number;
  named: Named;
  properties: Record<string, unknown>;
}

/** POST /v1/campaigns/{key}/enrolments. */
export function enrolEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { key } = c.req.valid('param');
    const csv = await csvOf(c);
    const { answer, loops } = await inTransaction(pool, async (tx) => {
      const campaign = await requireCampaign(tx, key);
      if (campaign.state !== 'live' && campaign.state !== 'paused')
        throw new TendrilError('conflict', `Nobody can enter: the campaign is ${campaign.state}`);
      const given = csv ? null : c.req.valid('json');
      if (given && !('people' in given)) {
        const leadId = await requireLeadId(tx, 'email' in given ? given.email : given.leadId);
        const woken = await addListed(tx, campaign.id, [{ leadId, properties: given.properties }]);
        return { answer: { leadId }, loops: await wokenLoops(tx, woken) };
      }
      const { country } = await tellingGround(tx);
      const { rows, faults } = given ? fromJson(given, country) : fromCsv(csv!, country);
      const leads = await leadsOfList(
        tx,
        rows.map(({ named }) => named),
      );
      const known = rows.flatMap(({ properties: brought }, i) => (leads[i] ? [{ leadId: leads[i], properties: brought }] : []));
      const unknown = rows.flatMap(({ row }, i) => (leads[i] ? [] : [{ row, reason: 'there is no lead of this id' }]));
      const woken = await addListed(tx, campaign.id, known);
      return {
        answer: { taken: known.length, faults: [...faults, ...unknown].toSorted((a, b) => a.row - b.row) },
        loops: await wokenLoops(tx, woken),
      };
    });
    loops.forEach(poke);
    return c.json(answer, 202);
  });
}

function fromJson({ people }: Extract<Body, { people: unknown }>, country: string): { rows: Row[]; faults: Fault[] } {
  const rows: Row[] = [];
  const faults: Fault[] = [];
  for (const [i, { properties: brought, ...written }] of people.entries()) {
    const person = written.leadId ? null : personOf(written, country);
    if (typeof person === 'string') faults.push({ row: i + 1, reason: person });
    else rows.push({ row: i + 1, named: person ? { person } : { leadId: written.leadId! }, properties: brought });
  }
  return { rows, faults };
}

function fromCsv(bytes: Uint8Array, country: string): { rows: Row[]; faults: Fault[] } {
  const { listed: people, faults } = readPeople(bytes, country);
  return { rows: people.map(({ row, person, rest }) => ({ row, named: { person }, properties: rest })), faults };
}
