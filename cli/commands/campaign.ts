import { isCampaignFile, readCampaignFile } from '../campaign-file.ts';
import { command, group } from '../command.ts';
import { confirmed } from '../confirm.ts';
import { Failure } from '../failure.ts';
import { lintCommand, lintFile, tellFindings } from '../lint.ts';
import { paint, say, sayJson, table } from '../output.ts';
import { type Stored, tellAll, tellFailing, tellState, tellTitle } from '../stored.ts';
import { figures } from './campaign-figures.ts';
import { migrate } from './campaign-migrate.ts';
import { campaignKey as key, campaignPath as path, dryRun, testSend } from './campaign-try.ts';

interface Status extends Stored {
  entered: number;
  active: number;
  completed: number;
  goal: number;
  exited: number;
  waiting: number;
  failing: number;
  steps: {
    id: string;
    kind: string;
    words: string;
    depth: number;
    active: number;
    passed: number;
    opened: number;
    clicked: number;
    paused: boolean;
  }[];
}

const lint = lintCommand('campaign', 'templates, topics, pools and segments', 'launched');

const launch = command({
  name: 'launch',
  description: 'Let a campaign take newcomers: a document, saved as a new version, or by its key the newest one that is stored',
  args: { file: { type: 'positional', description: 'The campaign document, or the key of a stored campaign', required: true } },
  async run({ args, client }) {
    if (!isCampaignFile(args.file)) {
      tellState(await client.post<Stored>(path(args.file, '/launch')), args.json);
      return true;
    }
    const document = await readCampaignFile(args.file);
    const found = await lintFile(client, document, false);
    if (!args.json) tellFindings(args.file, document, found.findings);
    if (found.names && !found.ok) {
      if (args.json) sayJson(found);
      else say(`${paint('red', '✗')} ${args.file} was not launched`);
      return false;
    }
    const saved = await client.postYaml<Stored>('/v1/campaigns', document.text);
    tellState(await client.post<Stored>(path(saved.key, '/launch')), args.json);
    return true;
  },
});

const status = command({
  name: 'status',
  description: 'Where everybody stands in a campaign; without a key, all campaigns',
  args: { key: { ...key, required: false } },
  async run({ args, client }) {
    if (args.key === undefined) {
      const { items } = await client.get<{ items: Stored[] }>('/v1/campaigns');
      if (args.json) return sayJson(items);
      return tellAll(items, 'campaign');
    }
    const found = await client.get<Status>(path(args.key));
    if (args.json) return sayJson(found);
    const { entered, active, goal, completed, exited, waiting, failing } = found;
    tellTitle(found);
    say(`${entered} entered, ${active} on the way, ${goal} reached the goal, ${completed} at the end, ${exited} left`);
    if (waiting > 0) say(`${waiting} may enter and have not been looked at yet`);
    tellFailing(failing);
    say();
    say(
      table(
        ['step', 'what', 'here', 'passed', 'opened', 'clicked'],
        found.steps.map((one) => [
          `${'  '.repeat(one.depth)}${one.id}${one.paused ? ' (paused)' : ''}`,
          one.words,
          one.active,
          one.passed,
          one.opened,
          one.clicked,
        ]),
      ),
    );
  },
});

const step = { type: 'string', description: 'Only this step: who is on it waits, the others go on', valueHint: 'ID' } as const;

interface PausedSteps {
  campaign: string;
  paused: { stepId: string }[];
}

function tellPaused(found: PausedSteps, json: boolean): void {
  if (json) return sayJson(found);
  say(
    found.paused.length === 0
      ? `${found.campaign}: no step is paused`
      : `${found.campaign}: paused at ${found.paused.map(({ stepId }) => stepId).join(', ')}`,
  );
}

const pause = command({
  name: 'pause',
  description: 'Stop its mail and its steps, or one step alone; clocks run on',
  args: { key, step },
  async run({ args, client }) {
    if (args.step)
      return tellPaused(await client.post<PausedSteps>(path(args.key, `/steps/${encodeURIComponent(args.step)}/pause`)), args.json);
    tellState(await client.post<Stored>(path(args.key, '/pause')), args.json);
  },
});

const resume = command({
  name: 'resume',
  description: 'Go on after a pause, of the campaign or of one step',
  args: {
    key,
    step: { ...step, description: 'Only this step: who waited on it goes on' },
    overdue: {
      type: 'string',
      description: 'What to do with what fell due meanwhile: skip, send, or spread:2h',
      default: 'send',
      valueHint: 'HOW',
    },
  },
  async run({ args, client }) {
    if (args.step)
      return tellPaused(await client.post<PausedSteps>(path(args.key, `/steps/${encodeURIComponent(args.step)}/resume`)), args.json);
    const spread = /^spread[:=](.+)$/.exec(args.overdue)?.[1];
    if (!spread && args.overdue !== 'skip' && args.overdue !== 'send')
      throw new Failure(`--overdue is skip, send or spread:2h, not '${args.overdue}'`);
    tellState(await client.post<Stored>(path(args.key, '/resume'), { overdue: spread ? { spread } : args.overdue }), args.json);
  },
});

const archive = command({
  name: 'archive',
  description: 'End it for good: nobody enters, everyone in it leaves, queued mail is cancelled',
  args: { key, yes: { type: 'boolean', description: 'Do not ask', default: false } },
  async run({ args, client }) {
    await confirmed(`Archive ${args.key} for good? Everyone in it leaves.`, args.yes);
    tellState(await client.post<Stored>(path(args.key, '/archive')), args.json);
  },
});

/** Handed over by cli/tendril.mjs, since it starts an engine of its own; here it is only told of. */
const rehearse = command({
  name: 'rehearse',
  description: 'Play it with one invented lead on the real engine, beside the workspace that runs, every mail to you (--help tells how)',
  run: () => Promise.resolve(),
});

/** `tendril campaign …` */
export const campaign = group('campaign', 'Lint, try out, launch, watch, change, pause, resume and archive campaigns', {
  lint,
  test: testSend,
  'dry-run': dryRun,
  rehearse,
  launch,
  status,
  figures,
  migrate,
  pause,
  resume,
  archive,
});
