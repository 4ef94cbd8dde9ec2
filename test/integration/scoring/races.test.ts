import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { scoreBatch } from '../../../activities/score-batch.ts';
import { inTransaction } from '../../../db/pool.ts';
import { noScoring } from '../../../domain/scoring/model.ts';
import { happen, scoringFirm, START } from '../../support/scoring.ts';

test('an event that is being stored while its lead is scored is not lost', async () => {
  const firm = await scoringFirm();
  const lead = await firm.lead();
  await firm.happened({ leadId: lead, name: 'pricing_viewed' });

  const storing = await firm.pool.connect();
  await storing.query('begin');
  await happen(storing, { leadId: lead, name: 'pricing_viewed' });
  // The lead is in other hands: it is left alone, and looked at again soon.
  expect(await firm.rescore()).toEqual({ sleepMs: 250 });
  expect(await firm.count('lead_score')).toBe(0);
  await storing.query('commit');
  storing.release();

  await firm.rescore();
  expect(await firm.score(lead)).toMatchObject({ engagement: 40 });
});

test('an event that comes after the wakes were read keeps its own wake', async () => {
  const firm = await scoringFirm();
  const lead = await firm.lead();
  await firm.happened({ leadId: lead, name: 'pricing_viewed' });
  // Scoring is held up between reading the event and writing the score: whoever writes to lead_score waits for this lock.
  const blocker = await firm.pool.connect();
  await blocker.query('begin');
  await blocker.query('lock table lead_score in exclusive mode');
  const scoring = firm.rescore();
  await blockedOn(firm, 'insert into lead_score%');
  const late = firm.happened({ leadId: lead, name: 'pricing_viewed' });
  await blockedOn(firm, '%from lead where id = any($1::uuid[]) order by id for no key update');
  await blocker.query('commit');
  blocker.release();
  await Promise.all([scoring, late]);
  await firm.rescore();
  expect(await firm.score(lead)).toMatchObject({ engagement: 40, level: 'warm' });
  expect(await firm.count('score_wake')).toBe(0);
});

test('many loops on one range score every lead, hand each over once, and never deadlock', async () => {
  const firm = await scoringFirm();
  const leads = await Promise.all(Array.from({ length: 60 }, () => firm.lead()));
  const looks = leads.flatMap((leadId) => Array.from({ length: 3 }, () => ({ leadId, name: 'pricing_viewed' })));
  await firm.happened(...looks);
  await Promise.all([
    firm.rescore(),
    firm.rescore(),
    firm.rescore(),
    ...leads.map((leadId) => firm.happened({ leadId, name: 'careers_viewed', at: new Date('2025-06-01') })),
  ]);
  while ((await firm.count('score_wake')) > 0) await firm.rescore();
  expect(await firm.count('lead_score where qualified')).toBe(60);
  expect(await firm.count('opportunity')).toBe(60);
  expect(await firm.count(`journal where kind = 'handed_off'`)).toBe(60);
});

test('a lead whose score cannot be written is set aside with its reason; all the others are scored', async () => {
  const firm = await scoringFirm();
  const leads = await Promise.all(Array.from({ length: 20 }, () => firm.lead()));
  await firm.happened(...leads.map((leadId) => ({ leadId, name: 'pricing_viewed' })));
  await firm.pool.query(`
    create function spoil() returns trigger language plpgsql as $$ begin raise exception 'spoiled row' using errcode = '22000'; end $$;
    create trigger spoil before insert on lead_score for each row when (new.lead_id = '${leads[7]}') execute function spoil()`);
  expect(await firm.rescore()).toEqual({ sleepMs: null });
  expect(await firm.count('lead_score')).toBe(19);
  expect(await firm.journal(leads[7]!, 'score_failed')).toMatchObject([{ because: { error: 'spoiled row' } }]);
});

test('a lead whose score cannot even be computed does not keep the loop busy, woken or due', async () => {
  const firm = await scoringFirm();
  const [broken, sound] = [await firm.lead(), await firm.lead()];
  await firm.happened({ leadId: broken, name: 'pricing_viewed', properties: { broken: true } }, { leadId: sound, name: 'pricing_viewed' });
  await firm.rescore();
  await firm.pool.query('update lead_score set due_at = clock()');
  const matches = (properties: Record<string, unknown>): boolean => {
    if (properties['broken']) throw new Error('no such property');
    return true;
  };
  const ground = async () => {
    const rule = { id: 'saw-prices', event: 'pricing_viewed', points: 50, halfLife: 86_400_000, cap: 50, particular: true, matches };
    return { now: new Date(START), model: { ...noScoring, version: 7, engagement: { rules: [rule], levels: [] } }, standard: null };
  };
  const tools = { ground, log: pino({ level: 'silent' }), onLocked: () => {} };
  expect(await inTransaction(firm.pool, (tx) => scoreBatch(tx, { from: 0, to: 255 }, 10, tools))).toMatchObject({ done: 2 });
  expect(await firm.score(sound)).toMatchObject({ engagement: 50, model: 7 });
  expect(await firm.score(broken)).toMatchObject({ engagement: 20, dueAt: new Date('2026-03-02T10:00:00Z') });
  expect(await firm.journal(broken, 'score_failed')).toMatchObject([{ because: { error: 'no such property' } }]);
  expect(await inTransaction(firm.pool, (tx) => scoreBatch(tx, { from: 0, to: 255 }, 10, tools))).toMatchObject({ done: 0 });
});

test('when a score changes, campaigns that waited for it are poked at once, and enrolments look again', async () => {
  const firm = await scoringFirm();
  const lead = await firm.lead();
  const { rows } = await firm.pool.query<{ id: string; version: string }>(
    `with c as (insert into campaign (key, name, state) select k, k, 'live' from unnest(array['waits', 'runs']) k returning id, key),
          v as (insert into campaign_version (campaign_id, number, body) select id, 1, '{}' from c returning id, campaign_id)
     select c.id, v.id as version from c join v on v.campaign_id = c.id order by c.key desc`,
  );
  const [waits, runs] = rows as [(typeof rows)[0], (typeof rows)[0]];
  await firm.pool.query(
    `insert into enrolment (campaign_id, version_id, lead_id, slot, step_id, arrived_at, due_at, entered_at)
     select $1, $2, id, slot, 'w', clock(), clock() + interval '9 days', clock() from lead where id = $3`,
    [runs.id, runs.version, lead],
  );
  await firm.pool.query(`insert into campaign_entry (campaign_id, position, event, needs_score) values ($1, 0, 'pricing_viewed', true)`, [
    waits.id,
  ]);
  await firm.happened({ leadId: lead, name: 'pricing_viewed' });
  await firm.pool.query('delete from wake');

  await firm.rescore();
  expect(new Set(firm.poked.map((loop) => loop.kind === 'nurture' && loop.campaignId))).toEqual(new Set([waits.id, runs.id]));
  expect(await firm.count('wake where campaign_id = $1', runs.id)).toBe(1);
});

/** Waits until a statement of this kind waits for somebody else's lock. */
async function blockedOn(firm: Awaited<ReturnType<typeof scoringFirm>>, like: string): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (
      (await firm.count(
        `pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and ltrim(query) like $1`,
        like,
      )) > 0
    )
      return;
    await pause(10);
  }
  throw new Error(`nothing waits on ${like}`);
}
