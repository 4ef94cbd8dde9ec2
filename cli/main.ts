import { type CommandDef, defineCommand, runMain, showUsage } from 'citty';
import { campaign } from './commands/campaign.ts';
import { clock } from './commands/clock.ts';
import { doctor } from './commands/doctor.ts';
import { keys } from './commands/keys.ts';
import { lead } from './commands/lead.ts';
import { outbox } from './commands/outbox.ts';
import { sending } from './commands/sending.ts';

/** Handed over before anything is installed, by cli/tendril.mjs; here it is only told of. */
const up = defineCommand({
  meta: { name: 'up', description: 'Start everything on this machine (the same as npm start; --empty for a workspace without the demo)' },
});

const tendril = defineCommand({
  meta: { name: 'tendril', version: '0.1.0', description: 'Marketing automation and lead nurturing for B2B teams' },
  subCommands: { up, doctor, lead, campaign, clock, sending, keys, outbox },
}) as CommandDef;

const rawArgs = process.argv.slice(2);
if (rawArgs.length === 0 || rawArgs[0] === 'help') await showUsage(tendril);
else await runMain(tendril, { rawArgs });
