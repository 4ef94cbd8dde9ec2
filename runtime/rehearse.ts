import { existsSync } from 'node:fs';
import { parseArgs, styleText } from 'node:util';
import { readCampaignFile } from '../cli/campaign-file.ts';
import { tellFailure } from '../cli/command.ts';
import { Failure } from '../cli/failure.ts';
import { paint, say } from '../cli/output.ts';
import { parseRate, rateWords } from '../domain/clock/rate.ts';
import { moment } from '../domain/words/value.ts';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { parseDeeds, parsePairs } from './rehearsal/deeds.ts';
import { rehearse } from './rehearsal/rehearse.ts';

// `tendril campaign rehearse KEY --to ADDRESS`: the real engine beside the one that runs, for one invented lead.

const usage = `tendril campaign rehearse KEY|FILE --to ADDRESS [--speed 1d=10s] [--entry name=value,…] [--lead first_name=Ada,…] [--do "1d click welcome; 3d pricing_viewed"] [--keep]`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      speed: { type: 'string', default: '1d=10s' },
      entry: { type: 'string', default: '' },
      lead: { type: 'string', default: '' },
      do: { type: 'string', default: '' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return say(usage);
  const [campaign, ...more] = positionals;
  if (!campaign || more.length > 0 || !values.to) throw new Failure('Say which campaign, and where its mails go', [usage]);
  if (!/^[^\s@]+@[^\s@]+$/.test(values.to)) throw new Failure(`'${values.to}' is no address`);
  const rate = parseRate(values.speed);
  if (rate === null || rate === 0) throw new Failure(`'${values.speed}' is no speed`, ['write 1d=10s: a day every ten seconds']);

  const config = readConfig();
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
  const isFile = existsSync(campaign) && /\.(ya?ml|json|ts)$/.test(campaign);
  const note = (line: string): void => void process.stderr.write(`${styleText('dim', line, { stream: process.stderr })}\n`);
  note('Setting the stage …');
  await rehearse({
    config,
    log: createLog('silent'),
    campaign: isFile ? { document: (await readCampaignFile(campaign)).document } : { key: campaign },
    to: values.to,
    rate,
    entry: parsePairs(pairsOf(values.entry)),
    person: parsePairs(pairsOf(values.lead)),
    deeds: parseDeeds(values.do),
    tell: (at, words) => say(`${paint('dim', moment(at.toISOString()))}  ${words}`),
    opened: (url) => note(`${rateWords(rate)}; ${url ? `the mails are at ${url}` : `the mails go to ${values.to}`}. Ctrl-C ends it.`),
    interrupted,
    keep: values.keep,
  });
  note('It is over; everything was removed.');
}

const pairsOf = (text: string): string[] =>
  text
    .split(',')
    .map((pair) => pair.trim())
    .filter(Boolean);

try {
  await main();
  process.exit(0);
} catch (error) {
  tellFailure(error as Error);
  process.exit(1);
}
