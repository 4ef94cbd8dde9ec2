import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { putDocument } from '../db/documents.ts';
import { topics } from './support/campaign.ts';
import { deploy, type Deployment, type Memory, type Services, until } from './support/deployment.ts';
import { answers, form, formCampaign } from './support/forms.ts';
import type { MailSink } from './support/mail-sink.ts';
import { areScored } from './support/people.ts';
import { run } from './support/run.ts';
import { spreadOf, type Spread } from './support/spread.ts';

/** From the form's POST to its mail taken by the mail server. */
export interface LatencyResult {
  rest: Spread;
  load: Spread & { eventsPerSecond: number };
  memory: Memory;
}

/** Milliseconds. */
const LONGEST = 60_000;
const LOAD = { perSecond: 100, campaigns: 100, people: 10_000 };

/** From the form's POST to the person's first mail at the mail server: at rest, then while events keep a hundred campaigns busy. */
export async function benchLatency(services: Services, { forms }: { forms: number }): Promise<LatencyResult> {
  const firm = await deploy(services);
  try {
    await putDocument(firm.pool, 'topics', 'default', topics);
    await putDocument(firm.pool, 'form', form.key, form);
    await launch(firm, formCampaign);
    // Every loop asleep: longer than it lingers after the last thing that happened.
    const rest = await timeForms(firm, services.sink, { prefix: 'rest', count: forms, everyMs: 2_000, atOnce: false });
    const load = await underLoad(firm, services.sink, Math.round(forms * 1.5));
    return { rest, load, memory: await firm.memory() };
  } finally {
    await firm.stop();
  }
}

async function underLoad(firm: Deployment, sink: MailSink, forms: number): Promise<LatencyResult['load']> {
  for (let n = 0; n < LOAD.campaigns; n++) {
    const steps = [
      { id: 'hello', send: 'trial-nudge' },
      { id: 'w1', wait: '30d' },
    ];
    await launch(firm, { key: `use-${n}`, name: `Use ${n}`, topic: 'news', entry: { event: `used-${n}` }, reentry: 'always', steps });
  }
  for (let from = 0; from < LOAD.people; from += 1_000) {
    const batch = Array.from({ length: 1_000 }, (_, i) => {
      const { email, first_name: firstName, company } = answers('user', from + i);
      return { type: 'identify', userId: `u${from + i}`, messageId: `i${from + i}`, traits: { email, firstName, company } };
    });
    await firm.must('/v1/batch', { batch });
  }
  await until(() => areScored(firm.pool), 120_000, 'the scores');
  const load = run(
    'bench/support/load.ts',
    { URL: firm.url, KEY: firm.adminKey, PER_SECOND: `${LOAD.perSecond}`, CAMPAIGNS: `${LOAD.campaigns}`, PEOPLE: `${LOAD.people}` },
    ['ignore', 'pipe', 'inherit'],
  );
  const said = text(load.stdout!);
  let spread: Spread;
  try {
    // Until every campaign's loop is under way.
    await pause(5_000);
    spread = await timeForms(firm, sink, { prefix: 'load', count: forms, everyMs: 500, atOnce: true });
  } finally {
    load.kill('SIGTERM');
    await once(load, 'exit');
  }
  const { sent, refused, seconds } = JSON.parse(await said) as { sent: number; refused: number; seconds: number };
  if (refused > 0) console.error(`  ${refused} of ${sent} events were refused`);
  return { ...spread, eventsPerSecond: sent / seconds };
}

/** Posts forms of new people, one `everyMs` after the other was sent (`atOnce`) or answered by its mail, and takes the time of each. */
async function timeForms(
  firm: Deployment,
  sink: MailSink,
  { prefix, count, everyMs, atOnce }: { prefix: string; count: number; everyMs: number; atOnce: boolean },
): Promise<Spread> {
  const times: Promise<number>[] = [];
  for (let n = 0; n < count; n++) {
    const time = timeForm(firm, sink, answers(prefix, n));
    times.push(time);
    if (!atOnce) await time;
    // Not in step with anything that ticks.
    await pause(everyMs * (0.75 + Math.random() / 2));
  }
  return spreadOf(await Promise.all(times));
}

/** A form that is refused, or has no mail within a minute, counts as a minute: a slow machine is no reason to stop measuring. */
async function timeForm(firm: Deployment, sink: MailSink, person: { email: string }): Promise<number> {
  const arrival = sink.arrival(person.email);
  const begun = Date.now();
  const posted = await firm.must(`/f/${form.key}`, person).catch((error: Error) => error);
  if (posted instanceof Error) {
    console.error(`  a form was refused: ${posted.message}`);
    return LONGEST;
  }
  const arrived = await Promise.race([arrival, pause(LONGEST, null, { ref: false })]);
  return arrived === null ? LONGEST : arrived - begun;
}

async function launch(firm: Deployment, campaign: { key: string; [field: string]: unknown }): Promise<void> {
  await firm.must('/v1/campaigns', campaign);
  await firm.must(`/v1/campaigns/${campaign.key}/launch`, {});
}
