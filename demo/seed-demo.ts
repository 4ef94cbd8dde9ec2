import { launch } from '../db/campaign-life.ts';
import { saveVersion } from '../db/campaigns.ts';
import { putDocument } from '../db/documents.ts';
import { upsertLeads } from '../db/leads.ts';
import type { Queryable } from '../db/pool.ts';
import { putPool } from '../db/pools.ts';
import { type NewRep, putReps } from '../db/reps.ts';
import { saveSequence } from '../db/sequences.ts';
import { wakeLeads } from '../db/wakes.ts';
import { campaign } from '../domain/campaign/document.ts';
import { needsScore } from '../domain/campaign/entry.ts';
import type { DocumentKind } from '../domain/documents.ts';
import { parseForm } from '../domain/forms/form.ts';
import { sequence } from '../domain/sequences/document.ts';
import { readDemo, readDemoFolder } from './documents.ts';
import { storeHistory } from './history.ts';
import { type DemoAccount, peopleOf } from './people.ts';

/** One day of the demo passes in ten seconds. */
const DEMO_RATE = 86_400 / 10;

/** Fills a workspace with Ostara Pumps: their documents, firms, people and what these did in the last two months; then starts the clock and the campaigns. */
export async function seedDemo(tx: Queryable): Promise<void> {
  await tx.query(
    `update workspace set name = 'Ostara Pumps', timezone = 'Europe/Berlin', country = 'DE', demo = true, postal_address = 'Ostara Pumps, Kaistrasse 9, 24103 Kiel',
       clock_anchor_at = now(), clock_anchor_real = now(), clock_rate = $1`,
    [DEMO_RATE],
  );
  await putDocuments(tx);
  await putReps(tx, await readDemo<NewRep[]>('reps'));
  for (const pool of await readDemo<Parameters<typeof putPool>[1][]>('pools')) await putPool(tx, pool);
  for (const body of await readDemoFolder('sequences')) await saveSequence(tx, sequence.parse(body));
  await storeHistory(tx, await putPeople(tx));
  // Last, so that nobody enters for what they did before.
  for (const body of await readDemoFolder('campaigns')) {
    const document = campaign.parse(body);
    const { campaignId } = await saveVersion(tx, document);
    await launch(tx, campaignId, document, document.entry.map(needsScore));
  }
}

async function putDocuments(tx: Queryable): Promise<void> {
  for (const form of (await readDemoFolder('forms')).map(parseForm)) await putDocument(tx, 'form', form.key, form);
  for (const segment of await readDemoFolder<{ key: string }>('segments')) await putDocument(tx, 'segment', segment.key, segment);
  for (const kind of [
    'attributes',
    'events',
    'scoring',
    'standard',
    'sla',
    'pipeline',
    'routing',
    'topics',
    'calendar',
  ] satisfies DocumentKind[])
    await putDocument(tx, kind, 'default', await readDemo(kind));
}

/** The firms and their people. Answers the people's ids, those of one firm together. */
async function putPeople(tx: Queryable): Promise<string[]> {
  const accounts = await readDemo<DemoAccount[]>('accounts');
  const leads = await upsertLeads(tx, accounts.flatMap(peopleOf));
  await tx.query(
    `update account a set name = g.name, country = g.country, attributes = a.attributes || jsonb_build_object('industry', g.industry, 'employees', g.employees)
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[]) as g (domain, name, country, industry, employees) where a.domain = g.domain`,
    [
      accounts.map((a) => a.domain),
      accounts.map((a) => a.name),
      accounts.map((a) => a.country),
      accounts.map((a) => a.industry),
      accounts.map((a) => a.employees),
    ],
  );
  const leadIds = leads.map((lead) => lead!.leadId);
  // Those who have done nothing yet are scored too, by who they are.
  await wakeLeads(tx, leadIds);
  return leadIds;
}
